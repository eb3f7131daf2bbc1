-- The programme as documents with versions: an organiser edits the draft, people see what was published.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- The first version held demonstration registrations of a few sessions and nothing else: they are not carried over.
DROP TABLE recommendation;
DROP TABLE registration;
DROP FUNCTION count_seat();
DROP FUNCTION session_taken(text);
DROP TABLE session_seats;
DROP TABLE session;
DROP TABLE event;

CREATE TABLE event (
    id text PRIMARY KEY,
    owner text NOT NULL,
    position int NOT NULL GENERATED ALWAYS AS IDENTITY,
    revision bigint NOT NULL DEFAULT 1,
    draft jsonb NOT NULL,
    version int NOT NULL DEFAULT 0,
    updated_at timestamptz NOT NULL
);
COMMENT ON COLUMN event.owner IS 'The city whose organisers edit the event and see who comes.';

CREATE TABLE programme_version (
    event_id text NOT NULL REFERENCES event ON DELETE CASCADE,
    version int NOT NULL,
    body jsonb NOT NULL,
    changes jsonb NOT NULL,
    note text,
    published_by text NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (event_id, version)
);

-- What is published of each session, as columns: for registering, searching, clashes and exports. A session that was taken out stays as cancelled, because calendars must be told.
CREATE TABLE session (
    id text PRIMARY KEY,
    event_id text NOT NULL REFERENCES event ON DELETE CASCADE,
    number int NOT NULL GENERATED ALWAYS AS IDENTITY,
    position int NOT NULL,
    title text NOT NULL,
    starts_at timestamptz,
    ends_at timestamptz,
    capacity int CHECK (capacity >= 0),
    exclusive_group text,
    joins text,
    open_to_non_members bool NOT NULL,
    topics text[] NOT NULL,
    sequence int NOT NULL DEFAULT 0,
    cancelled bool NOT NULL DEFAULT false,
    body jsonb NOT NULL,
    changed_at timestamptz NOT NULL,
    search text NOT NULL
);
CREATE INDEX session_event ON session (event_id, position);
CREATE INDEX session_topics ON session USING gin (topics);
CREATE INDEX session_search ON session USING gin (search gin_trgm_ops);

CREATE TABLE session_template (
    tenant text NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (tenant, id)
);
ALTER TABLE session_template ENABLE ROW LEVEL SECURITY;
ALTER TABLE session_template FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON session_template USING (tenant = current_setting('app.tenant', true));

-- Speakers and chairs act in public, so the directory is public; people who only attend are not in it.
CREATE TABLE person (
    id text PRIMARY KEY,
    name text NOT NULL,
    variants text[] NOT NULL DEFAULT '{}',
    affiliations jsonb NOT NULL DEFAULT '[]',
    revision bigint NOT NULL DEFAULT 1,
    search text NOT NULL
);
CREATE INDEX person_search ON person USING gin (search gin_trgm_ops);

-- Spellings vary between sources: without accents and case, and later by likeness of letter triples.
CREATE FUNCTION folded(value text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT lower(unaccent(value)) $$;

-- What a city's latest assessment suggests.
CREATE TABLE recommendation (
    tenant text NOT NULL,
    session_id text NOT NULL REFERENCES session ON DELETE CASCADE,
    topic text NOT NULL,
    score double precision NOT NULL,
    assessment_id uuid NOT NULL,
    completed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, session_id, topic)
);
ALTER TABLE recommendation ENABLE ROW LEVEL SECURITY;
ALTER TABLE recommendation FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON recommendation USING (tenant = current_setting('app.tenant', true));
