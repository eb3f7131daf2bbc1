-- Subscriptions to entities (kind 0) and to registrations of context sources (kind 1). The document is kept with expanded names.
CREATE TABLE subscription (
    tenant text NOT NULL,
    id text NOT NULL,
    kind smallint NOT NULL,
    document jsonb NOT NULL,
    context text NOT NULL,         -- address of the @context that notifications use
    query_context text NOT NULL,   -- address of the @context of q
    lane bigint NOT NULL,          -- of its endpoint
    tenant_named boolean NOT NULL, -- whether the subscriber named its tenant, which notifications then do too
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id)
);

-- What changes with every notification, apart from the document: small rows that are updated in place.
CREATE TABLE subscription_state (
    tenant text NOT NULL,
    id text NOT NULL,
    times_sent bigint NOT NULL DEFAULT 0,
    times_failed bigint NOT NULL DEFAULT 0,
    last_notification timestamptz,
    last_success timestamptz,
    last_failure timestamptz,
    throttled_until timestamptz,
    next_due timestamptz, -- of a periodic one
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, id) REFERENCES subscription ON DELETE CASCADE
) WITH (fillfactor = 60);
CREATE INDEX subscription_state_due ON subscription_state (next_due) WHERE next_due IS NOT NULL;

-- Every change of a tenant's subscriptions counts its revision up. Writers compare it with that of the index they hold in memory: one row read by its key
-- instead of a trust in messages. The revision of a subscription that is gone stays, so that the others notice.
CREATE TABLE subscription_revision (
    tenant text NOT NULL,
    id text NOT NULL, -- '' holds the tenant's current revision
    revision bigint NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX subscription_revision_order ON subscription_revision (tenant, revision);
CREATE INDEX subscription_revision_changed_at ON subscription_revision (tenant, changed_at);

-- One lane per endpoint, so that none waits for another. A dispatcher holds the lease of a lane while it delivers, which keeps the order with any number of replicas.
CREATE TABLE notification_lane (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text NOT NULL,
    endpoint text NOT NULL,
    owner uuid,
    lease_until timestamptz,
    retry_at timestamptz,
    failures int NOT NULL DEFAULT 0,
    UNIQUE (tenant, endpoint)
) WITH (fillfactor = 60);

-- Notifications on their way: written in the transaction of the change, deleted when delivered.
CREATE TABLE notification (
    lane bigint NOT NULL,
    position bigint GENERATED ALWAYS AS IDENTITY,
    tenant text NOT NULL,
    subscription text NOT NULL,
    key text NOT NULL,     -- notifications with the same key are delivered one after the other: the entity's id
    id uuid NOT NULL,
    target text NOT NULL,  -- address, headers and time-out
    body bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (lane, position)
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);

-- The dispatcher delivers for all tenants: it says so in its transactions. Everybody else sees one tenant.
CREATE FUNCTION is_tenant(tenant text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
    $$ SELECT tenant = current_setting('app.tenant', true) OR current_setting('app.dispatcher', true) = 'on' $$;
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['subscription', 'subscription_state', 'subscription_revision', 'notification_lane', 'notification'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I USING (is_tenant(tenant))', name);
    END LOOP;
END $$;
