-- Where the crawl of each peer's catalogue stands.
CREATE TABLE peer_catalogue (
    peer text PRIMARY KEY REFERENCES peer (id) ON DELETE CASCADE,
    etag text,
    fetched_at timestamptz,
    next_at timestamptz NOT NULL,
    failures int NOT NULL DEFAULT 0,
    trouble text
);
CREATE INDEX peer_catalogue_next ON peer_catalogue (next_at);

-- What peers offer, as they said it when they were last asked.
CREATE TABLE federated_dataset (
    peer text NOT NULL REFERENCES peer (id) ON DELETE CASCADE,
    id text NOT NULL,
    document jsonb NOT NULL,
    search text NOT NULL,
    PRIMARY KEY (peer, id)
);
