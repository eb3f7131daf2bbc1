-- The credentials that a participant showed last, as their issuers signed them: policies hold each use of data against them. The connector's, like peers.
CREATE TABLE shown_credentials (
    peer text PRIMARY KEY,
    jwts text[] NOT NULL,
    shown_at timestamptz NOT NULL
);
