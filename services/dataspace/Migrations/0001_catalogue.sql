-- Datasets as their services describe them, each with the offer under which it may be used.
CREATE TABLE dataset (
    tenant text NOT NULL,
    id text NOT NULL,
    title jsonb NOT NULL,
    description jsonb NOT NULL,
    keywords text[] NOT NULL,
    theme text NOT NULL,
    access_path text NOT NULL,
    media_type text NOT NULL,
    license text NOT NULL,
    entity_type text,
    synthetic boolean NOT NULL,
    issued_at timestamptz NOT NULL,
    described_at timestamptz NOT NULL,
    offer jsonb NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX dataset_id ON dataset (id);

-- The period a type of context data covers. Apart from the dataset, because observations may arrive before its description.
CREATE TABLE coverage (
    tenant text NOT NULL,
    entity_type text NOT NULL,
    first_observed_at timestamptz NOT NULL,
    last_observed_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, entity_type)
);

-- A catalogue is there to be read by everybody; only its owner writes it.
ALTER TABLE dataset ENABLE ROW LEVEL SECURITY;
ALTER TABLE dataset FORCE ROW LEVEL SECURITY;
CREATE POLICY public_read ON dataset FOR SELECT USING (true);
CREATE POLICY owner ON dataset USING (tenant = current_setting('app.tenant', true));
ALTER TABLE coverage ENABLE ROW LEVEL SECURITY;
ALTER TABLE coverage FORCE ROW LEVEL SECURITY;
CREATE POLICY public_read ON coverage FOR SELECT USING (true);
CREATE POLICY owner ON coverage USING (tenant = current_setting('app.tenant', true));
