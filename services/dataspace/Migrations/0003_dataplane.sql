-- Areas that policies may name, with their borders as GeoJSON. The connector's, like peers.
CREATE TABLE area (
    code text PRIMARY KEY,
    name text NOT NULL,
    geometry jsonb NOT NULL
);

-- What happened under an agreement. Each entry's hash covers the one before, so none can be changed, taken out or put in unseen.
CREATE TABLE ledger_entry (
    tenant text NOT NULL,
    agreement_id text NOT NULL,
    number bigint NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    body text NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (tenant, agreement_id, number)
);
CREATE INDEX ledger_entry_at ON ledger_entry (tenant, at DESC);

-- Where each ledger stands, and what policies count. Its row is the lock under which entries are appended.
CREATE TABLE ledger_head (
    tenant text NOT NULL,
    agreement_id text NOT NULL,
    peer text NOT NULL,
    number bigint NOT NULL DEFAULT 0,
    hash bytea NOT NULL DEFAULT '\x0000000000000000000000000000000000000000000000000000000000000000',
    granted bigint NOT NULL DEFAULT 0,
    refused bigint NOT NULL DEFAULT 0,
    minute timestamptz NOT NULL DEFAULT '-infinity',
    minute_granted bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant, agreement_id)
);

CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only.';
END $$;
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry EXECUTE FUNCTION ledger_is_append_only();

-- Privacy loss spent by a consumer on a dataset in a period (a day).
CREATE TABLE privacy_budget (
    tenant text NOT NULL,
    dataset_id text NOT NULL,
    consumer text NOT NULL,
    period date NOT NULL,
    spent double precision NOT NULL,
    PRIMARY KEY (tenant, dataset_id, consumer, period)
);

-- What was sent to this side by push or as a stream, until it is fetched.
CREATE TABLE received (
    tenant text NOT NULL,
    transfer_id text NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    body jsonb NOT NULL,
    PRIMARY KEY (tenant, transfer_id, number)
);

ALTER TABLE ledger_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_entry FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON ledger_entry USING (tenant = current_setting('app.tenant', true));
ALTER TABLE ledger_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_head FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON ledger_head USING (tenant = current_setting('app.tenant', true));
CREATE POLICY peer_read ON ledger_head FOR SELECT USING (peer = current_setting('app.peer', true));
ALTER TABLE privacy_budget ENABLE ROW LEVEL SECURITY;
ALTER TABLE privacy_budget FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON privacy_budget USING (tenant = current_setting('app.tenant', true));
ALTER TABLE received ENABLE ROW LEVEL SECURITY;
ALTER TABLE received FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON received USING (tenant = current_setting('app.tenant', true));
