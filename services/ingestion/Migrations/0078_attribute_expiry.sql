-- When the first of an entity's transient attributes ends (ETSI GS CIM 009, clause 4.22): only entities that have one are here.
CREATE TABLE attribute_expiry (
    tenant text NOT NULL,
    id text COLLATE "C" NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX attribute_expiry_time ON attribute_expiry (tenant, expires_at);
ALTER TABLE attribute_expiry ENABLE ROW LEVEL SECURITY;
ALTER TABLE attribute_expiry FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON attribute_expiry USING (tenant = current_setting('app.tenant', true));
