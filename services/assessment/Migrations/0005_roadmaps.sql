CREATE TABLE roadmap (
    tenant text NOT NULL,
    id uuid NOT NULL,
    assessment_id uuid NOT NULL,
    request jsonb NOT NULL,
    body jsonb NOT NULL,
    issued_by text NOT NULL,
    issued_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, assessment_id) REFERENCES assessment
);

CREATE TABLE roadmap_progress (
    tenant text NOT NULL,
    roadmap_id uuid NOT NULL,
    action text NOT NULL,
    progress text NOT NULL CHECK (progress IN ('Planned', 'Started', 'Done', 'Dropped')),
    note text NOT NULL,
    noted_by text NOT NULL,
    noted_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, roadmap_id, action),
    FOREIGN KEY (tenant, roadmap_id) REFERENCES roadmap
);

-- The phases in which cities may ask for the helpdesk's service. Of no tenant: they are the installation's.
CREATE TABLE expression_phase (
    id text PRIMARY KEY,
    opens date NOT NULL,
    deadline date NOT NULL,
    ends date NOT NULL,
    zone text NOT NULL,
    encouraged_above int NOT NULL,
    demonstration boolean NOT NULL DEFAULT false,
    CHECK (opens <= deadline AND deadline <= ends)
);

CREATE TABLE expression (
    tenant text NOT NULL,
    id uuid NOT NULL,
    phase text NOT NULL REFERENCES expression_phase,
    population int NOT NULL,
    encouraged boolean NOT NULL,
    contact text NOT NULL,
    motivation text NOT NULL,
    submitted_by text NOT NULL,
    submitted_at timestamptz NOT NULL,
    invited_at timestamptz,
    invited_by text,
    report text,
    completed_at timestamptz,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, phase)
);

CREATE TABLE expression_milestone (
    tenant text NOT NULL,
    expression_id uuid NOT NULL,
    name text NOT NULL,
    due date NOT NULL,
    done_at timestamptz,
    done_by text,
    link text,
    PRIMARY KEY (tenant, expression_id, name),
    FOREIGN KEY (tenant, expression_id) REFERENCES expression
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['roadmap', 'roadmap_progress', 'expression', 'expression_milestone'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant = current_setting(''app.tenant'', true)%s)', name,
            CASE WHEN name LIKE 'expression%' THEN ' OR current_setting(''app.helpdesk'', true) = ''on''' ELSE '' END);
    END LOOP;
END $$;

INSERT INTO expression_phase (id, opens, deadline, ends, zone, encouraged_above) VALUES
    ('phase-1', '2024-04-01', '2024-06-17', '2024-08-31', 'Europe/Brussels', 20000),
    ('phase-2', '2024-08-01', '2025-03-24', '2025-05-31', 'Europe/Brussels', 20000);
