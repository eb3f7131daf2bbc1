-- The transactional outbox. A lane holds the messages of the keys that hash to it; a relay owns a lane while it publishes, which keeps
-- the order per key with any number of replicas.
CREATE TABLE outbox_lane (lane smallint PRIMARY KEY);
INSERT INTO outbox_lane SELECT generate_series(0, 15);

CREATE TABLE outbox_message (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lane smallint NOT NULL,
    key text NOT NULL,
    id uuid NOT NULL,
    type text NOT NULL,
    body jsonb NOT NULL,
    tenant text,
    traceparent text,
    created_at timestamptz NOT NULL
);
CREATE INDEX outbox_message_lane ON outbox_message (lane, position);

-- The inbox: a message that a consumer has handled has no second effect.
CREATE TABLE inbox_message (
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    handled_at timestamptz NOT NULL,
    PRIMARY KEY (consumer, message_id)
);
CREATE INDEX inbox_message_handled_at ON inbox_message USING brin (handled_at);

-- The first answer to each idempotency key, given again to a repeated request.
CREATE TABLE idempotency_key (
    tenant text NOT NULL,
    caller text NOT NULL,
    key text NOT NULL,
    request_sha256 bytea NOT NULL,
    status int,
    headers jsonb,
    body bytea,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, caller, key)
);
CREATE INDEX idempotency_key_created_at ON idempotency_key USING brin (created_at);
