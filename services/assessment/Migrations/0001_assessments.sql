CREATE TABLE assessment (
    tenant text NOT NULL,
    id uuid NOT NULL,
    questionnaire text NOT NULL,
    started_at timestamptz NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    submitted_at timestamptz,
    result jsonb,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE answer (
    tenant text NOT NULL,
    assessment_id uuid NOT NULL,
    question text NOT NULL,
    option text NOT NULL,
    answered_by text NOT NULL,
    answered_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, assessment_id, question),
    FOREIGN KEY (tenant, assessment_id) REFERENCES assessment
);

ALTER TABLE assessment ENABLE ROW LEVEL SECURITY;
ALTER TABLE assessment FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON assessment USING (tenant = current_setting('app.tenant', true));
ALTER TABLE answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE answer FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON answer USING (tenant = current_setting('app.tenant', true));
