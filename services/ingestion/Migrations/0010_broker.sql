-- The tenants that hold something (ETSI GS CIM 009, clause 4.14). Not itself a tenant's row: who may name which tenant is decided by the caller's token.
CREATE TABLE tenant (id text PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now());

-- Current state. The old table kept instances by dataset id, and names inside an attribute as they came; now instances are an array and every name is an IRI.
CREATE FUNCTION expand_instance(body jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(
        CASE WHEN key = ANY ('{type,value,datasetId,observedAt,unitCode,objectType,valueType,createdAt,modifiedAt}') THEN key
             WHEN key = ANY ('{object,languageMap,vocab,json,valueList,objectList}') THEN 'value'
             WHEN strpos(key, ':') > 0 THEN key ELSE 'https://uri.etsi.org/ngsi-ld/default-context/' || key END,
        CASE WHEN jsonb_typeof(value) = 'object' AND value ? 'type' AND key <> ALL ('{value,object,languageMap,vocab,json}') THEN jsonb_build_array(expand_instance(value)) ELSE value END), '{}')
    FROM jsonb_each(body)
$$;

ALTER TABLE entity RENAME TO old_entity;
ALTER TABLE old_entity RENAME CONSTRAINT entity_pkey TO old_entity_pkey;
ALTER TABLE attribute_instance RENAME TO old_instance;
ALTER TABLE old_entity DISABLE ROW LEVEL SECURITY;
ALTER TABLE old_instance DISABLE ROW LEVEL SECURITY;
DROP FUNCTION jsonb_merge_instances;

-- {attribute IRI: [{type, value, datasetId, observedAt, ..., IRI: [...]}]}. No index but its key: an update that changes neither types, texts nor places stays within its page (HOT).
CREATE TABLE entity (
    tenant text NOT NULL,
    id text NOT NULL,
    types text[] NOT NULL,
    scopes text[],
    attributes jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (tenant, id)
) WITH (fillfactor = 80);
CREATE INDEX entity_expiry ON entity (expires_at) WHERE expires_at IS NOT NULL;

-- The entities of a type in the order of their ids: pages of it need no sort.
CREATE TABLE entity_type (tenant text NOT NULL, type text NOT NULL, id text NOT NULL, PRIMARY KEY (tenant, type, id));

-- What entities are searched by. PostgreSQL uses an index under row-level security only through operators that are leak-proof, and those of arrays and geometries are not.
-- So the searchable part has no policy of its own and gives nothing but ids; what is answered always comes from entity, under its policy.
-- facts: 64-bit hashes of "has this type", "has this attribute", "this attribute is this text", "has a scope at or below this".
CREATE TABLE entity_search (tenant text NOT NULL, id text NOT NULL, facts bigint[] NOT NULL, PRIMARY KEY (tenant, id));
CREATE INDEX entity_search_facts ON entity_search USING gin (facts);

CREATE TABLE entity_geometry (tenant text NOT NULL, id text NOT NULL, attribute text NOT NULL, geometry geometry(Geometry, 4326) NOT NULL);
CREATE INDEX entity_geometry_id ON entity_geometry (tenant, id);
CREATE INDEX entity_geometry_plane ON entity_geometry USING gist (geometry);
CREATE INDEX entity_geometry_globe ON entity_geometry USING gist ((geometry::geography));

-- History. An entity has a history when something of it was ever stored, also after it was deleted.
CREATE TABLE temporal_entity (
    tenant text NOT NULL,
    id text NOT NULL,
    types text[] NOT NULL,
    scopes text[],
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (tenant, id)
);

-- One attribute of one entity with one dataset id. Its number keeps the rows of history short; it is never given to another.
CREATE TABLE series (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text NOT NULL,
    entity_id text NOT NULL,
    attribute text NOT NULL,
    dataset_id text NOT NULL DEFAULT '',
    UNIQUE (tenant, entity_id, attribute, dataset_id)
);

-- at: when it was observed, else when it was stored. The key makes a repeated observation the same observation.
CREATE TABLE history (
    tenant text NOT NULL,
    series bigint NOT NULL,
    at timestamptz NOT NULL,
    number double precision,
    observed boolean NOT NULL,
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    deleted_at timestamptz,
    instance jsonb NOT NULL,
    PRIMARY KEY (tenant, series, at) INCLUDE (number, observed)
) PARTITION BY RANGE (at);
CREATE TABLE history_early PARTITION OF history FOR VALUES FROM (MINVALUE) TO ('1990-01-01 00:00:00+00');
CREATE TABLE history_late PARTITION OF history FOR VALUES FROM ('2090-01-01 00:00:00+00') TO (MAXVALUE);

DO $$ DECLARE name text; BEGIN
    FOREACH name IN ARRAY '{entity,entity_type,temporal_entity,series,history,history_early,history_late}'::text[] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant = current_setting(''app.tenant'', true))', name);
    END LOOP;
END $$;

-- Partitions are made as their months come up. They belong to whoever owns the table, which a service's session need not be.
CREATE FUNCTION ensure_history(months date[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    month date;
    name text;
BEGIN
    PERFORM pg_advisory_xact_lock(7021946116);
    FOREACH month IN ARRAY months LOOP
        name := 'history_' || to_char(month, 'YYYY_MM');
        IF month >= '1990-01-01' AND month < '2090-01-01' AND to_regclass('public.' || name) IS NULL THEN
            EXECUTE format('CREATE TABLE public.%I (LIKE public.history INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
            EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
            EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
            EXECUTE format('CREATE POLICY tenant ON public.%I USING (tenant = current_setting(''app.tenant'', true))', name);
            EXECUTE format('ALTER TABLE public.history ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                name, to_char(month, 'YYYY-MM-01 00:00:00+00'), to_char(month + interval '1 month', 'YYYY-MM-01 00:00:00+00'));
        END IF;
    END LOOP;
END $$;

-- Months that ended before this instant go as whole partitions: instantly, whatever they hold.
CREATE FUNCTION drop_history(before timestamptz) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    name text;
    dropped int := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(7021946116);
    FOR name IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'public.history'::regclass AND c.relname ~ '^history_\d{4}_\d\d$'
          AND (to_date(substr(c.relname, 9), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC' <= before
    LOOP
        EXECUTE format('DROP TABLE public.%I', name);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;

-- A text as an instant, or null when it is none: for conditions on what users store.
CREATE FUNCTION try_instant(value text) RETURNS timestamptz LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
    IF value !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.,]\d{1,9})?(Z|[+-]\d\d:\d\d)$' THEN RETURN NULL; END IF;
    RETURN date_trunc('microseconds', replace(value, ',', '.')::timestamptz);
EXCEPTION WHEN OTHERS THEN RETURN NULL;
END $$;

CREATE VIEW attribute_instance WITH (security_invoker = true) AS
    SELECT h.tenant, s.entity_id, s.attribute, s.dataset_id, h.at AS observed_at, h.number, h.instance, h.modified_at AS recorded_at
    FROM history h JOIN series s ON s.id = h.series AND s.tenant = h.tenant;

-- What the old tables held.
ALTER TABLE entity NO FORCE ROW LEVEL SECURITY;
ALTER TABLE entity_type NO FORCE ROW LEVEL SECURITY;
ALTER TABLE temporal_entity NO FORCE ROW LEVEL SECURITY;
ALTER TABLE series NO FORCE ROW LEVEL SECURITY;
ALTER TABLE history NO FORCE ROW LEVEL SECURITY;
INSERT INTO tenant (id) SELECT DISTINCT tenant FROM old_entity;
INSERT INTO entity (tenant, id, types, attributes, created_at, modified_at)
    SELECT tenant, id, types,
        coalesce((SELECT jsonb_object_agg(a.key, (SELECT jsonb_agg(expand_instance(i.value) || jsonb_build_object('createdAt', to_jsonb(created_at), 'modifiedAt', to_jsonb(modified_at))) FROM jsonb_each(a.value) i))
                  FROM jsonb_each(attributes) a), '{}'),
        created_at, modified_at
    FROM old_entity;
INSERT INTO entity_type (tenant, type, id) SELECT DISTINCT tenant, unnest(types), id FROM entity;
INSERT INTO temporal_entity (tenant, id, types, created_at, modified_at) SELECT tenant, id, types, created_at, modified_at FROM entity;
INSERT INTO entity_geometry (tenant, id, attribute, geometry)
    SELECT tenant, id, 'https://uri.etsi.org/ngsi-ld/location', location FROM old_entity WHERE location IS NOT NULL;
INSERT INTO series (tenant, entity_id, attribute, dataset_id) SELECT DISTINCT tenant, entity_id, attribute, dataset_id FROM old_instance;
SELECT ensure_history(ARRAY(SELECT DISTINCT date_trunc('month', observed_at AT TIME ZONE 'UTC')::date FROM old_instance));
INSERT INTO history (tenant, series, at, number, observed, created_at, modified_at, instance)
    SELECT o.tenant, s.id, o.observed_at, o.number, o.instance ? 'observedAt', o.recorded_at, o.recorded_at, expand_instance(o.instance)
    FROM old_instance o JOIN series s USING (tenant, entity_id, attribute, dataset_id);
ALTER TABLE entity FORCE ROW LEVEL SECURITY;
ALTER TABLE entity_type FORCE ROW LEVEL SECURITY;
ALTER TABLE temporal_entity FORCE ROW LEVEL SECURITY;
ALTER TABLE series FORCE ROW LEVEL SECURITY;
ALTER TABLE history FORCE ROW LEVEL SECURITY;
DROP TABLE old_entity, old_instance;
DROP FUNCTION expand_instance;

-- Contexts: hosted for users, made for inline ones that an answer has to name, and copies of fetched ones (clause 5.13).
CREATE TABLE jsonld_context (
    tenant text NOT NULL,
    id text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('Hosted', 'Cached', 'ImplicitlyCreated')),
    url text NOT NULL,
    body jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz,
    hits bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX jsonld_context_url ON jsonld_context (tenant, url);
ALTER TABLE jsonld_context ENABLE ROW LEVEL SECURITY;
ALTER TABLE jsonld_context FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON jsonld_context USING (tenant = current_setting('app.tenant', true));
