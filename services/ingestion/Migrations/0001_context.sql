CREATE EXTENSION IF NOT EXISTS postgis;

-- Current state: one row per entity, its attributes expanded: {attribute IRI: {dataset id or "": {...}}}.
CREATE TABLE entity (
    tenant text NOT NULL,
    id text NOT NULL,
    types text[] NOT NULL,
    attributes jsonb NOT NULL,
    location geometry(Geometry, 4326),
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX entity_types ON entity USING gin (types);
CREATE INDEX entity_location ON entity USING gist (location);

-- History: one row per attribute instance. The key makes a repeated observation the same observation.
CREATE TABLE attribute_instance (
    tenant text NOT NULL,
    entity_id text NOT NULL,
    attribute text NOT NULL,
    dataset_id text NOT NULL DEFAULT '',
    observed_at timestamptz NOT NULL,
    number double precision,
    instance jsonb NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, entity_id, attribute, dataset_id, observed_at)
);

-- The types seen so far: each is a dataset of the city, described once.
CREATE TABLE dataset (
    tenant text NOT NULL,
    type text NOT NULL,
    described_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, type)
);

ALTER TABLE entity ENABLE ROW LEVEL SECURITY;
ALTER TABLE entity FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON entity USING (tenant = current_setting('app.tenant', true));
ALTER TABLE attribute_instance ENABLE ROW LEVEL SECURITY;
ALTER TABLE attribute_instance FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON attribute_instance USING (tenant = current_setting('app.tenant', true));
ALTER TABLE dataset ENABLE ROW LEVEL SECURITY;
ALTER TABLE dataset FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON dataset USING (tenant = current_setting('app.tenant', true));

-- Adds or replaces attribute instances: an attribute given with one dataset id leaves its other instances alone.
CREATE FUNCTION jsonb_merge_instances(current jsonb, given jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT current || coalesce(jsonb_object_agg(key, coalesce(current -> key, '{}') || value), '{}') FROM jsonb_each(given)
$$;
