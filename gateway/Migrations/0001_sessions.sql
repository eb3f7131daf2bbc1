-- People's sessions. The browser holds a random key and nothing else: the row is found by the key's hash, and what it means is gone with the row.
CREATE TABLE portal_session (
    key_hash bytea PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    subject text NOT NULL,
    browser text NOT NULL,
    started_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ticket bytea NOT NULL -- principal and tokens, encrypted with the keys below
);
CREATE INDEX portal_session_subject ON portal_session (subject);
CREATE INDEX portal_session_expires_at ON portal_session (expires_at);

-- The keys with which cookies and tickets are protected, shared by all replicas.
CREATE TABLE data_protection_key (
    name text PRIMARY KEY,
    xml text NOT NULL,
    created_at timestamptz NOT NULL
);
