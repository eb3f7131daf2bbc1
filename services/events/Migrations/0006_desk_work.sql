-- What a scanner at a door saw. Scans may come hours later, from several doors, and more than once.
CREATE TABLE scan (
    tenant text NOT NULL,
    id uuid NOT NULL,
    event_id text NOT NULL REFERENCES event ON DELETE CASCADE,
    session_id text NOT NULL,
    participant uuid NOT NULL,
    at timestamptz NOT NULL,
    device text NOT NULL,
    outcome text NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE TABLE admission (
    tenant text NOT NULL,
    event_id text NOT NULL REFERENCES event ON DELETE CASCADE,
    session_id text NOT NULL,
    participant uuid NOT NULL,
    at timestamptz NOT NULL,
    with_seat bool NOT NULL,
    PRIMARY KEY (tenant, session_id, participant)
);

-- What an event led to: what was said, and what was promised.
CREATE TABLE report (
    event_id text PRIMARY KEY REFERENCES event ON DELETE CASCADE,
    owner text NOT NULL,
    body jsonb NOT NULL,
    revision bigint NOT NULL DEFAULT 1,
    published_at timestamptz
);
CREATE TABLE next_step (
    id uuid PRIMARY KEY,
    event_id text NOT NULL REFERENCES event ON DELETE CASCADE,
    owner text NOT NULL,
    promise text NOT NULL,
    responsible text NOT NULL,
    due_on date,
    status text NOT NULL CHECK (status IN ('open', 'under-way', 'done', 'dropped')),
    progress text,
    changed_at timestamptz NOT NULL
);
CREATE TABLE survey_answer (
    tenant text NOT NULL,
    event_id text NOT NULL REFERENCES event ON DELETE CASCADE,
    participant uuid NOT NULL,
    city text NOT NULL,
    overall int NOT NULL CHECK (overall BETWEEN 1 AND 5),
    content int NOT NULL CHECK (content BETWEEN 1 AND 5),
    organisation int NOT NULL CHECK (organisation BETWEEN 1 AND 5),
    remark text,
    PRIMARY KEY (tenant, event_id, participant)
);

-- Who may host the next one.
CREATE TABLE host_call (
    id uuid PRIMARY KEY,
    owner text NOT NULL,
    title text NOT NULL,
    year int NOT NULL,
    description text NOT NULL,
    criteria jsonb NOT NULL,
    opens_at timestamptz NOT NULL,
    deadline timestamptz NOT NULL,
    time_zone text NOT NULL,
    decided_at timestamptz,
    winner text,
    reasons text
);
CREATE TABLE host_application (
    tenant text NOT NULL,
    id uuid NOT NULL,
    call_id uuid NOT NULL REFERENCES host_call ON DELETE CASCADE,
    organiser text NOT NULL,
    community text NOT NULL,
    contact text NOT NULL,
    answers jsonb NOT NULL,
    submitted_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (call_id, tenant)
);
CREATE TABLE host_score (
    tenant text NOT NULL,
    application uuid NOT NULL,
    member text NOT NULL,
    criterion text NOT NULL,
    points int NOT NULL,
    remark text,
    PRIMARY KEY (tenant, application, member, criterion)
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['scan', 'admission', 'host_score'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant = current_setting(''app.tenant'', true))', name);
    END LOOP;
END $$;
ALTER TABLE survey_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE survey_answer FORCE ROW LEVEL SECURITY;
CREATE POLICY either_city ON survey_answer USING (current_setting('app.tenant', true) IN (tenant, city));
ALTER TABLE host_application ENABLE ROW LEVEL SECURITY;
ALTER TABLE host_application FORCE ROW LEVEL SECURITY;
CREATE POLICY either_side ON host_application USING (current_setting('app.tenant', true) IN (tenant, organiser));
