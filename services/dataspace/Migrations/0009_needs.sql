-- What a city's assessments say it should look for in the catalogue. Each questionnaire's newest assessment counts.
CREATE TABLE need (
    tenant text NOT NULL,
    questionnaire text NOT NULL,
    topic text NOT NULL,
    because text NOT NULL,
    score double precision NOT NULL,
    assessment_id uuid NOT NULL,
    completed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, questionnaire, topic, because)
);
ALTER TABLE need ENABLE ROW LEVEL SECURITY;
ALTER TABLE need FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON need USING (tenant = current_setting('app.tenant', true));
