-- The programme belongs to the network: everybody reads it.
CREATE TABLE event (
    id text PRIMARY KEY,
    position int NOT NULL,
    body jsonb NOT NULL
);

CREATE TABLE session (
    id text PRIMARY KEY,
    event_id text NOT NULL REFERENCES event,
    position int NOT NULL,
    topics text[] NOT NULL,
    capacity int CHECK (capacity > 0),
    exclusive_group text,
    body jsonb NOT NULL
);
CREATE INDEX session_event ON session (event_id, position);
CREATE INDEX session_topics ON session USING gin (topics);

-- A person registers once for a session, and for one session at most of those that exclude each other.
CREATE TABLE registration (
    tenant text NOT NULL,
    id uuid NOT NULL,
    session_id text NOT NULL REFERENCES session,
    exclusive_group text,
    person text NOT NULL,
    name text NOT NULL,
    registered_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX registration_once ON registration (session_id, person);
CREATE UNIQUE INDEX registration_exclusive ON registration (exclusive_group, person) WHERE exclusive_group IS NOT NULL;

-- What a city's latest assessment suggests.
CREATE TABLE recommendation (
    tenant text NOT NULL,
    session_id text NOT NULL REFERENCES session,
    topic text NOT NULL,
    score double precision NOT NULL,
    assessment_id uuid NOT NULL,
    completed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, session_id, topic)
);

ALTER TABLE registration ENABLE ROW LEVEL SECURITY;
ALTER TABLE registration FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON registration USING (tenant = current_setting('app.tenant', true));
ALTER TABLE recommendation ENABLE ROW LEVEL SECURITY;
ALTER TABLE recommendation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON recommendation USING (tenant = current_setting('app.tenant', true));

-- Seats taken in a session by the people of all cities: a number, and no more than that, passes the tenants' wall.
CREATE TABLE session_seats (session_id text PRIMARY KEY REFERENCES session, taken int NOT NULL);
CREATE FUNCTION count_seat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO session_seats AS s VALUES (coalesce(NEW.session_id, OLD.session_id), CASE TG_OP WHEN 'INSERT' THEN 1 ELSE 0 END)
    ON CONFLICT (session_id) DO UPDATE SET taken = s.taken + CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
    RETURN NULL;
END $$;
CREATE TRIGGER count_seat AFTER INSERT OR DELETE ON registration FOR EACH ROW EXECUTE FUNCTION count_seat();
CREATE FUNCTION session_taken(id text) RETURNS int LANGUAGE sql STABLE AS $$ SELECT coalesce((SELECT taken FROM session_seats WHERE session_id = id), 0) $$;
