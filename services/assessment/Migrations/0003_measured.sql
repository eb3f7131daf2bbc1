-- What the platform knows of a city, to answer questions with.
CREATE TABLE described_dataset (
    tenant text NOT NULL,
    dataset_id text NOT NULL,
    described_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, dataset_id)
);

-- One row for each hour in which an entity delivered.
CREATE TABLE sensor_hour (
    tenant text NOT NULL,
    hour timestamptz NOT NULL,
    entity_id text NOT NULL,
    PRIMARY KEY (tenant, hour, entity_id)
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['described_dataset', 'sensor_hour'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant = current_setting(''app.tenant'', true))', name);
    END LOOP;
END $$;
