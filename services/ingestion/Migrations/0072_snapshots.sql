-- Frozen copies of what queries found (ETSI GS CIM 009, clauses 4.3.7, 5.2.41 and 5.16). What a snapshot holds lies in the same tables as everything, under a tenant of its own.
CREATE TABLE snapshot (
    tenant text NOT NULL,
    id text NOT NULL,
    data_tenant text NOT NULL UNIQUE,
    document jsonb NOT NULL,   -- what its user said of it
    context text NOT NULL,     -- address of the @context of its queries
    status text NOT NULL,
    details jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id)
);
ALTER TABLE snapshot ENABLE ROW LEVEL SECURITY;
ALTER TABLE snapshot FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON snapshot USING (tenant = current_setting('app.tenant', true));

-- What is to be done with snapshots, for whichever replica comes first: names only, no data. A snapshot is filled once, and removed when its time is over.
CREATE TABLE snapshot_task (
    data_tenant text NOT NULL,
    removes boolean NOT NULL,
    tenant text NOT NULL,
    snapshot text NOT NULL,
    source text,               -- of a clone: the data tenant to copy
    due_at timestamptz NOT NULL,
    claimed_until timestamptz,
    PRIMARY KEY (data_tenant, removes)
);
CREATE INDEX snapshot_task_due ON snapshot_task (due_at);
