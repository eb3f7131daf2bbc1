-- Registrations of context sources. The document is kept with expanded names.
CREATE TABLE source_registration (
    tenant text NOT NULL,
    id text NOT NULL,
    document jsonb NOT NULL,
    context text NOT NULL, -- address of the @context it was made under
    created_at timestamptz NOT NULL,
    modified_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id)
);

-- What forwarding has counted.
CREATE TABLE source_registration_state (
    tenant text NOT NULL,
    id text NOT NULL,
    times_sent bigint NOT NULL DEFAULT 0,
    times_failed bigint NOT NULL DEFAULT 0,
    last_success timestamptz,
    last_failure timestamptz,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, id) REFERENCES source_registration ON DELETE CASCADE
) WITH (fillfactor = 60);

ALTER TABLE source_registration ENABLE ROW LEVEL SECURITY;
ALTER TABLE source_registration FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON source_registration USING (tenant = current_setting('app.tenant', true));
ALTER TABLE source_registration_state ENABLE ROW LEVEL SECURITY;
ALTER TABLE source_registration_state FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON source_registration_state USING (tenant = current_setting('app.tenant', true));

-- Who this broker is to others: a forwarded request that comes back is recognised by it, on every replica.
CREATE TABLE source_identity (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    alias text NOT NULL
);
INSERT INTO source_identity (alias) VALUES ('living-city-' || gen_random_uuid());
