-- Which entities a query may find, fixed when it was first asked, so that its pages fit together (ETSI GS CIM 009, clauses 5.2.39 and 5.14).
-- sources: by entity id, the registrations that hold it, only where it is not held here alone. linked: by registration, the map that its source made.
CREATE TABLE entity_map (
    tenant text NOT NULL,
    id text NOT NULL,
    expires_at timestamptz NOT NULL,
    entities text[] NOT NULL,
    sources jsonb NOT NULL,
    linked jsonb NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX entity_map_expiry ON entity_map (tenant, expires_at);
ALTER TABLE entity_map ENABLE ROW LEVEL SECURITY;
ALTER TABLE entity_map FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON entity_map USING (tenant = current_setting('app.tenant', true));
