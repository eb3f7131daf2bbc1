-- Ids, names and tenants are compared octet by octet, whatever language the database was made for: in a fraction of the time, and in the order in which the service itself sorts them.
DROP VIEW attribute_instance;
DO $$ DECLARE
    changed text[] := '{entity,entity_type,entity_search,entity_geometry,temporal_entity,series,history,history_rollup}';
    guarded text[];
    name text;
    columns text;
BEGIN
    -- A column that a policy reads cannot be changed; history's months have policies of their own.
    SELECT array_agg(c.relname) INTO guarded FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
    WHERE c.relnamespace = current_schema::regnamespace AND (c.relname = ANY (changed) OR i.inhparent = 'history'::regclass);
    FOREACH name IN ARRAY guarded LOOP
        EXECUTE format('DROP POLICY tenant ON %I', name);
    END LOOP;
    FOREACH name IN ARRAY changed LOOP
        SELECT string_agg(format('ALTER COLUMN %I TYPE text COLLATE "C"', attname), ', ') INTO columns
        FROM pg_attribute WHERE attrelid = name::regclass AND attnum > 0 AND NOT attisdropped AND atttypid = 'text'::regtype;
        EXECUTE format('ALTER TABLE %I %s', name, columns);
    END LOOP;
    FOREACH name IN ARRAY guarded LOOP
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant = current_setting(''app.tenant'', true))', name);
    END LOOP;
END $$;

CREATE VIEW attribute_instance WITH (security_invoker = true) AS
    SELECT h.tenant, s.entity_id, s.attribute, s.dataset_id, h.at AS observed_at, h.number, h.instance, h.modified_at AS recorded_at
    FROM history h JOIN series s ON s.id = h.series AND s.tenant = h.tenant;
