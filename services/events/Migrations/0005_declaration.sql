-- The declaration "Join, Boost, Sustain" and who signed it: public by its nature.
CREATE TABLE signatory (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('city', 'region', 'hub')),
    country text NOT NULL,
    latitude double precision,
    longitude double precision,
    event_id text REFERENCES event ON DELETE SET NULL,
    signed_on date,
    year int,
    note text,
    added_at timestamptz NOT NULL,
    UNIQUE (name, kind)
);

-- A signature on its way: applied for by a city, signed by who is authorised, countersigned by the network.
CREATE TABLE signing (
    tenant text NOT NULL,
    id uuid NOT NULL,
    network text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('city', 'region', 'hub')),
    country text NOT NULL,
    latitude double precision,
    longitude double precision,
    event_id text REFERENCES event ON DELETE SET NULL,
    signer_name text NOT NULL,
    signer_title text NOT NULL,
    authority text NOT NULL,
    text_sha256 bytea NOT NULL,
    signed_by text,
    signed_at timestamptz,
    countersigned_by text,
    countersigned_at timestamptz,
    refused_because text,
    signatory_id uuid REFERENCES signatory,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id)
);
ALTER TABLE signing ENABLE ROW LEVEL SECURITY;
ALTER TABLE signing FORCE ROW LEVEL SECURITY;
CREATE POLICY either_side ON signing USING (current_setting('app.tenant', true) IN (tenant, network));

-- Chairs: elected among eligible signatories, for two years.
CREATE TABLE mandate (
    id uuid PRIMARY KEY,
    person text NOT NULL REFERENCES person,
    office text NOT NULL CHECK (office IN ('chair', 'co-chair')),
    signatory_id uuid REFERENCES signatory,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    CHECK (ends_on = (starts_on + interval '2 years')::date)
);
CREATE TABLE election (
    id uuid PRIMARY KEY,
    owner text NOT NULL,
    office text NOT NULL CHECK (office IN ('chair', 'co-chair')),
    opens_at timestamptz NOT NULL,
    closes_at timestamptz NOT NULL,
    time_zone text NOT NULL,
    decided_at timestamptz,
    CHECK (opens_at < closes_at)
);
CREATE TABLE candidacy (
    election_id uuid NOT NULL REFERENCES election ON DELETE CASCADE,
    signatory_id uuid NOT NULL REFERENCES signatory,
    person text NOT NULL REFERENCES person,
    statement text NOT NULL,
    PRIMARY KEY (election_id, signatory_id)
);
-- One vote for each signatory; who voted is kept apart from how.
CREATE TABLE ballot_paper (
    election_id uuid NOT NULL REFERENCES election ON DELETE CASCADE,
    signatory_id uuid NOT NULL REFERENCES signatory,
    PRIMARY KEY (election_id, signatory_id)
);
CREATE TABLE vote (
    election_id uuid NOT NULL REFERENCES election ON DELETE CASCADE,
    candidate uuid NOT NULL,
    votes int NOT NULL DEFAULT 0,
    PRIMARY KEY (election_id, candidate)
);
