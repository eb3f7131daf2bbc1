-- Answers of every kind, with the version that an edit must name; what was changed by whom; questionnaires of a city's own.
ALTER TABLE answer ALTER COLUMN option TYPE jsonb USING to_jsonb(option);
ALTER TABLE answer RENAME COLUMN option TO value;
ALTER TABLE answer ALTER COLUMN value DROP NOT NULL;
ALTER TABLE answer
    ADD COLUMN not_applicable boolean NOT NULL DEFAULT false,
    ADD COLUMN measured text,
    ADD COLUMN version bigint NOT NULL DEFAULT 1,
    ADD COLUMN answered_name text NOT NULL DEFAULT '';

ALTER TABLE assessment
    ADD COLUMN status text NOT NULL DEFAULT 'answering' CHECK (status IN ('answering', 'inReview', 'approved', 'submitted')),
    ADD COLUMN requires_review boolean NOT NULL DEFAULT false,
    ADD COLUMN started_by text NOT NULL DEFAULT '',
    ADD COLUMN package text;
ALTER TABLE assessment DISABLE ROW LEVEL SECURITY;
UPDATE assessment SET status = 'submitted' WHERE submitted_at IS NOT NULL;
ALTER TABLE assessment ENABLE ROW LEVEL SECURITY;

CREATE TABLE answer_change (
    tenant text NOT NULL,
    assessment_id uuid NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY,
    question text NOT NULL,
    value jsonb,
    not_applicable boolean NOT NULL,
    measured text,
    version bigint NOT NULL,
    changed_by text NOT NULL,
    changed_name text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, assessment_id, position),
    FOREIGN KEY (tenant, assessment_id) REFERENCES assessment
);

CREATE TABLE questionnaire (
    tenant text NOT NULL,
    id text NOT NULL,
    structure jsonb NOT NULL,
    texts jsonb NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    published_at timestamptz,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE department (
    tenant text NOT NULL,
    assessment_id uuid NOT NULL,
    id text NOT NULL,
    name text NOT NULL,
    contact text,
    parts text[] NOT NULL,
    PRIMARY KEY (tenant, assessment_id, id),
    FOREIGN KEY (tenant, assessment_id) REFERENCES assessment
);

CREATE TABLE comment (
    tenant text NOT NULL,
    assessment_id uuid NOT NULL,
    id uuid NOT NULL,
    question text NOT NULL,
    text text NOT NULL,
    written_by text NOT NULL,
    written_name text NOT NULL,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, assessment_id, id),
    FOREIGN KEY (tenant, assessment_id) REFERENCES assessment
);

CREATE TABLE evidence (
    tenant text NOT NULL,
    assessment_id uuid NOT NULL,
    id uuid NOT NULL,
    question text NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    added_by text NOT NULL,
    added_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, assessment_id, id),
    FOREIGN KEY (tenant, assessment_id) REFERENCES assessment
);

-- Files in pieces, so that neither side ever holds a whole one in memory.
CREATE TABLE evidence_piece (
    tenant text NOT NULL,
    evidence_id uuid NOT NULL,
    number int NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (tenant, evidence_id, number)
);

CREATE TABLE review (
    tenant text NOT NULL,
    assessment_id uuid NOT NULL,
    id uuid NOT NULL,
    decision text NOT NULL CHECK (decision IN ('requested', 'returned', 'approved')),
    note text NOT NULL,
    answers_sha256 text NOT NULL,
    decided_by text NOT NULL,
    decided_name text NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, assessment_id, id),
    FOREIGN KEY (tenant, assessment_id) REFERENCES assessment
);

-- The installation's own key, made at first use where the configuration names none. Of no tenant: the packages of all cities are signed with it.
CREATE TABLE signing_key (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    pkcs8 bytea NOT NULL,
    created_at timestamptz NOT NULL
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['answer_change', 'questionnaire', 'department', 'comment', 'evidence', 'evidence_piece', 'review'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant = current_setting(''app.tenant'', true))', name);
    END LOOP;
END $$;
