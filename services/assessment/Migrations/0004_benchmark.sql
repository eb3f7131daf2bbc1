-- A city as far as peers are formed by it. What the benchmark reads across cities it reads with app.statistics set, for the length of one transaction.
CREATE TABLE city_profile (
    tenant text PRIMARY KEY,
    name text NOT NULL,
    country text,
    region text,
    population int CHECK (population >= 0),
    member_since date,
    synthetic boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 1
);

CREATE TABLE benchmark_entry (
    number bigint GENERATED ALWAYS AS IDENTITY,
    tenant text NOT NULL,
    assessment_id uuid NOT NULL,
    questionnaire text NOT NULL,
    submitted_at timestamptz NOT NULL,
    year int NOT NULL,
    overall double precision NOT NULL,
    level int NOT NULL,
    dimensions double precision[] NOT NULL,
    synthetic boolean NOT NULL DEFAULT false,
    -- The release in which it counted first; null while it is held back.
    admitted bigint,
    PRIMARY KEY (tenant, assessment_id)
);
CREATE INDEX benchmark_entry_questionnaire ON benchmark_entry (questionnaire, tenant, submitted_at);

-- What is published: tables of figures, nothing of one city.
CREATE TABLE benchmark_release (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    questionnaire text NOT NULL,
    as_of timestamptz NOT NULL,
    cities int NOT NULL,
    body jsonb NOT NULL
);
CREATE INDEX benchmark_release_newest ON benchmark_release (questionnaire, id DESC);

-- What stands behind the newest release and is not published: the scores of each shown cell, ascending, to place one city among them.
CREATE TABLE benchmark_cell (
    release_id bigint NOT NULL REFERENCES benchmark_release ON DELETE CASCADE,
    grouping text NOT NULL,
    cell text NOT NULL,
    scores double precision[] NOT NULL,
    sample double precision[] NOT NULL,
    PRIMARY KEY (release_id, grouping, cell)
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['city_profile', 'benchmark_entry'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant = current_setting(''app.tenant'', true) OR current_setting(''app.statistics'', true) = ''on'')', name);
    END LOOP;
END $$;
