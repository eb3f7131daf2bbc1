-- All decisions on the seats of an event are made one after the other: whoever decides holds the event's row here.
CREATE TABLE desk (
    event_id text PRIMARY KEY REFERENCES event ON DELETE CASCADE,
    plan_version int NOT NULL DEFAULT 0,
    next_number bigint NOT NULL DEFAULT 1
);

-- Seats as the desk knows them: numbers, and no more than that, are for everybody.
CREATE TABLE seat_plan (
    session_id text PRIMARY KEY,
    event_id text NOT NULL REFERENCES desk ON DELETE CASCADE,
    capacity int,
    exclusive_group text,
    cancelled bool NOT NULL DEFAULT false,
    taken int NOT NULL DEFAULT 0,
    waiting int NOT NULL DEFAULT 0,
    next_ticket bigint NOT NULL DEFAULT 1
);
CREATE INDEX seat_plan_event ON seat_plan (event_id);

-- Rows belong to the city that organises (tenant) and to the city whose person it is: either may see them.
CREATE TABLE participant (
    tenant text NOT NULL,
    id uuid NOT NULL,
    event_id text NOT NULL REFERENCES event ON DELETE CASCADE,
    city text NOT NULL,
    person text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    email text,
    language text NOT NULL,
    organisation text,
    diet text,
    access_needs text,
    consent_at timestamptz,
    created_at timestamptz NOT NULL,
    erased_at timestamptz,
    PRIMARY KEY (tenant, id),
    UNIQUE (event_id, person)
);
CREATE TABLE registration (
    tenant text NOT NULL,
    id uuid NOT NULL,
    event_id text NOT NULL,
    session_id text NOT NULL,
    participant uuid NOT NULL,
    city text NOT NULL,
    state text NOT NULL CHECK (state IN ('confirmed', 'waiting', 'cancelled')),
    ticket bigint NOT NULL,
    priority int NOT NULL DEFAULT 0,
    instead_of uuid,
    exclusive_group text,
    registered_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, participant) REFERENCES participant ON DELETE CASCADE
);
-- What the desk sees to anyway; the database has the last word.
CREATE UNIQUE INDEX registration_once ON registration (session_id, participant) WHERE state <> 'cancelled';
CREATE UNIQUE INDEX registration_exclusive ON registration (exclusive_group, participant) WHERE state = 'confirmed' AND exclusive_group IS NOT NULL;
CREATE INDEX registration_participant ON registration (participant);
CREATE INDEX registration_waiting ON registration (event_id, session_id, priority DESC, ticket) WHERE state = 'waiting';

-- Every decision in order, without a name: who replays it gets the same seats.
CREATE TABLE registration_log (
    event_id text NOT NULL REFERENCES event ON DELETE CASCADE,
    number bigint NOT NULL,
    at timestamptz NOT NULL,
    command jsonb NOT NULL,
    PRIMARY KEY (event_id, number)
);

CREATE TABLE preference (
    tenant text NOT NULL,
    event_id text NOT NULL,
    exclusive_group text NOT NULL,
    participant uuid NOT NULL,
    city text NOT NULL,
    ranking text[] NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, event_id, exclusive_group, participant),
    FOREIGN KEY (tenant, participant) REFERENCES participant ON DELETE CASCADE
);
CREATE TABLE preference_priority (
    tenant text NOT NULL,
    event_id text NOT NULL,
    participant uuid NOT NULL,
    priority int NOT NULL,
    reason text NOT NULL CHECK (length(trim(reason)) > 0),
    PRIMARY KEY (tenant, event_id, participant),
    FOREIGN KEY (tenant, participant) REFERENCES participant ON DELETE CASCADE
);

-- A seat on its way to a colleague, and an invitation: who has the code may use it; only its digest is kept.
CREATE TABLE seat_code (
    tenant text NOT NULL,
    code_sha256 bytea NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('substitution', 'invitation', 'feed', 'guest')),
    event_id text NOT NULL REFERENCES event ON DELETE CASCADE,
    registration_id uuid,
    participant uuid,
    city text,
    name text,
    email text,
    expires_at timestamptz,
    used_at timestamptz,
    PRIMARY KEY (code_sha256)
);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['participant', 'registration', 'preference'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY either_city ON %I USING (current_setting(''app.tenant'', true) IN (tenant, city))', name);
    END LOOP;
END $$;
ALTER TABLE preference_priority ENABLE ROW LEVEL SECURITY;
ALTER TABLE preference_priority FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON preference_priority USING (tenant = current_setting('app.tenant', true));
