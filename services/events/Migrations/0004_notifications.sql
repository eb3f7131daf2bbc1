-- What people are to be told. One row per person and change, so that a change is told once; who sends it marks it in the same transaction.
CREATE TABLE notification (
    tenant text NOT NULL,
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    event_id text NOT NULL REFERENCES event ON DELETE CASCADE,
    participant uuid NOT NULL,
    city text NOT NULL,
    kind text NOT NULL,
    session_id text,
    data jsonb NOT NULL DEFAULT '{}',
    change_key text NOT NULL,
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    attempts int NOT NULL DEFAULT 0,
    try_after timestamptz,
    error text,
    PRIMARY KEY (tenant, id),
    UNIQUE (participant, change_key),
    FOREIGN KEY (tenant, participant) REFERENCES participant ON DELETE CASCADE
);
CREATE INDEX notification_open ON notification (tenant, created_at) WHERE sent_at IS NULL;

-- How a participant wants to be told: at once, once a day, or not at all; kinds that were switched off one by one.
CREATE TABLE notification_setting (
    tenant text NOT NULL,
    participant uuid NOT NULL,
    city text NOT NULL,
    delivery text NOT NULL CHECK (delivery IN ('at-once', 'daily', 'off')),
    without text[] NOT NULL DEFAULT '{}',
    digest_at timestamptz,
    PRIMARY KEY (tenant, participant),
    FOREIGN KEY (tenant, participant) REFERENCES participant ON DELETE CASCADE
);
ALTER TABLE notification ENABLE ROW LEVEL SECURITY;
ALTER TABLE notification FORCE ROW LEVEL SECURITY;
CREATE POLICY either_city ON notification USING (current_setting('app.tenant', true) IN (tenant, city));
ALTER TABLE notification_setting ENABLE ROW LEVEL SECURITY;
ALTER TABLE notification_setting FORCE ROW LEVEL SECURITY;
CREATE POLICY either_city ON notification_setting USING (current_setting('app.tenant', true) IN (tenant, city));

-- Keys with which this installation signs: made at the first use, never leaving the database but for their public part.
CREATE TABLE signing_key (
    purpose text PRIMARY KEY,
    secret bytea NOT NULL,
    created_at timestamptz NOT NULL
);
