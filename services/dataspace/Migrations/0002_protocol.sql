-- Participants that this connector knows. They are the connector's, not a tenant's.
CREATE TABLE peer (
    id text PRIMARY KEY,
    name text NOT NULL,
    address text,
    client text,
    active boolean NOT NULL DEFAULT true
);
CREATE UNIQUE INDEX peer_client ON peer (client);

-- What a dataset may be used for, and how requests for it are answered.
CREATE TABLE offer (
    tenant text NOT NULL,
    id text NOT NULL,
    dataset_id text NOT NULL,
    policy jsonb NOT NULL,
    approval text NOT NULL CHECK (approval IN ('automatic', 'manual')),
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX offer_id ON offer (id);
CREATE INDEX offer_dataset ON offer (dataset_id);

INSERT INTO offer (tenant, id, dataset_id, policy, approval, created_at)
SELECT tenant, id || ':offer', id, '{"permission": [{"action": "use"}], "obligation": [{"action": "http://www.w3.org/ns/odrl/2/attribute"}]}', 'automatic', issued_at FROM dataset;
ALTER TABLE dataset DROP COLUMN offer;
ALTER TABLE dataset ADD COLUMN external_url text;

-- Our side of a negotiation. What has to be said to the other side waits in "pending" until it was.
CREATE TABLE negotiation (
    tenant text NOT NULL,
    id text NOT NULL,
    role text NOT NULL CHECK (role IN ('provider', 'consumer')),
    peer text NOT NULL,
    peer_pid text,
    peer_address text NOT NULL,
    dataset_id text NOT NULL,
    offer_id text NOT NULL,
    state text NOT NULL,
    terms jsonb NOT NULL,
    terms_by text NOT NULL,
    asked jsonb NOT NULL,
    agreement jsonb,
    approval text NOT NULL,
    held boolean NOT NULL DEFAULT false,
    reason text,
    steps int NOT NULL DEFAULT 0,
    pending jsonb,
    claimed_until timestamptz,
    attempts int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX negotiation_id ON negotiation (id);
-- A request that is sent again finds the negotiation it has begun.
CREATE UNIQUE INDEX negotiation_peer_pid ON negotiation (peer, role, peer_pid) WHERE peer_pid IS NOT NULL;
CREATE INDEX negotiation_changed ON negotiation (tenant, changed_at DESC);

CREATE TABLE agreement (
    tenant text NOT NULL,
    id text NOT NULL,
    role text NOT NULL CHECK (role IN ('provider', 'consumer')),
    peer text NOT NULL,
    dataset_id text NOT NULL,
    negotiation_id text NOT NULL,
    policy jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('active', 'suspended', 'terminated')),
    finalized_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX agreement_negotiation ON agreement (tenant, negotiation_id);
CREATE INDEX agreement_peer ON agreement (peer, id);

CREATE TABLE transfer (
    tenant text NOT NULL,
    id text NOT NULL,
    role text NOT NULL CHECK (role IN ('provider', 'consumer')),
    peer text NOT NULL,
    peer_pid text,
    peer_address text NOT NULL,
    agreement_id text NOT NULL,
    dataset_id text NOT NULL,
    format text NOT NULL,
    state text NOT NULL,
    data_address jsonb,
    token_sha256 bytea,
    purpose text,
    expires_at timestamptz,
    stopped_by_officer boolean NOT NULL DEFAULT false,
    reason text,
    steps int NOT NULL DEFAULT 0,
    pending jsonb,
    claimed_until timestamptz,
    attempts int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX transfer_id ON transfer (id);
CREATE UNIQUE INDEX transfer_peer_pid ON transfer (peer, role, peer_pid) WHERE peer_pid IS NOT NULL;
CREATE UNIQUE INDEX transfer_token ON transfer (token_sha256) WHERE token_sha256 IS NOT NULL;
CREATE INDEX transfer_agreement ON transfer (tenant, agreement_id);

-- Steps to try again later. Not a tenant's data: only which process, and when.
CREATE TABLE due_step (
    kind text NOT NULL,
    tenant text NOT NULL,
    process_id text NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (kind, tenant, process_id)
);
CREATE INDEX due_step_due ON due_step (due_at);

-- The owner sees its rows; a peer sees those of the processes it takes part in, and nobody else's.
ALTER TABLE offer ENABLE ROW LEVEL SECURITY;
ALTER TABLE offer FORCE ROW LEVEL SECURITY;
CREATE POLICY public_read ON offer FOR SELECT USING (true);
CREATE POLICY owner ON offer USING (tenant = current_setting('app.tenant', true));
ALTER TABLE negotiation ENABLE ROW LEVEL SECURITY;
ALTER TABLE negotiation FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON negotiation USING (tenant = current_setting('app.tenant', true));
CREATE POLICY peer_read ON negotiation FOR SELECT USING (peer = current_setting('app.peer', true));
ALTER TABLE agreement ENABLE ROW LEVEL SECURITY;
ALTER TABLE agreement FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON agreement USING (tenant = current_setting('app.tenant', true));
CREATE POLICY peer_read ON agreement FOR SELECT USING (peer = current_setting('app.peer', true));
ALTER TABLE transfer ENABLE ROW LEVEL SECURITY;
ALTER TABLE transfer FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON transfer USING (tenant = current_setting('app.tenant', true));
CREATE POLICY peer_read ON transfer FOR SELECT USING (peer = current_setting('app.peer', true));
