-- The models that a city's newest assessment by each questionnaire leads to.
CREATE TABLE recommendation (
    tenant text NOT NULL,
    questionnaire text NOT NULL,
    model text NOT NULL,
    because text NOT NULL,
    score double precision NOT NULL,
    assessment_id uuid NOT NULL,
    completed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, questionnaire, model, because)
);

-- Which models the other services were told of, for each city that feeds the twin.
CREATE TABLE told_models (
    tenant text PRIMARY KEY,
    models text[] NOT NULL
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['recommendation', 'told_models'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant = current_setting(''app.tenant'', true))', name);
    END LOOP;
END $$;
