-- The models in the public register that stand behind a city's twin.
CREATE TABLE registered_models (
    tenant text PRIMARY KEY,
    models text[] NOT NULL,
    registered_at timestamptz NOT NULL
);

-- What every table of a tenant's rows has, for this migration and those after it.
CREATE FUNCTION keep_tenants_apart(name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY tenant ON %s USING (tenant = current_setting(''app.tenant'', true))', name);
END $$;

SELECT keep_tenants_apart('registered_models');
