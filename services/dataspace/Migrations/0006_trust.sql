-- Credentials that issuers gave this connector. The connector's, like peers.
CREATE TABLE held_credential (
    id text PRIMARY KEY,
    type text NOT NULL,
    issuer text NOT NULL,
    jwt text NOT NULL,
    valid_until timestamptz,
    stored_at timestamptz NOT NULL
);

-- Tokens that were shown once, until they would have ended anyway: none counts twice, on no replica.
CREATE TABLE shown_token (
    issuer text NOT NULL,
    jti text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (issuer, jti)
);
CREATE INDEX shown_token_expires_at ON shown_token (expires_at);
