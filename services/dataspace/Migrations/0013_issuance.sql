-- Credentials that this participant has asked issuers for. Like all of these tables the connector's, like peers.
CREATE TABLE credential_request (
    holder_pid text PRIMARY KEY,
    issuer text NOT NULL,
    types text[] NOT NULL,
    status text NOT NULL CHECK (status IN ('REQUESTED', 'ISSUED', 'REJECTED')),
    issuer_pid text,
    reason text,
    requested_at timestamptz NOT NULL,
    decided_at timestamptz
);

-- What others have asked this participant for, where it issues credentials. A request that is sent again finds the one it has made.
CREATE TABLE issuance (
    issuer_pid text PRIMARY KEY,
    holder text NOT NULL,
    holder_pid text NOT NULL,
    types text[] NOT NULL,
    access text NOT NULL,
    status text NOT NULL CHECK (status IN ('RECEIVED', 'ISSUED', 'REJECTED')),
    reason text,
    message text,
    due_at timestamptz,
    attempts int NOT NULL DEFAULT 0,
    requested_at timestamptz NOT NULL,
    UNIQUE (holder, holder_pid)
);
CREATE INDEX issuance_due ON issuance (due_at) WHERE due_at IS NOT NULL;

-- Issued credentials. Its number is its place on the status list.
CREATE TABLE issued_credential (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    issuer_pid text NOT NULL REFERENCES issuance (issuer_pid),
    holder text NOT NULL,
    type text NOT NULL,
    issued_at timestamptz NOT NULL,
    revoked_at timestamptz
);
