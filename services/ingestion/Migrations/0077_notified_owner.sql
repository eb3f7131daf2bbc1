-- Notifications name the tenant and the snapshot that the subscriber named, in its words: the data of a snapshot is under a tenant that nobody outside knows.
ALTER TABLE subscription NO FORCE ROW LEVEL SECURITY;
ALTER TABLE subscription ADD COLUMN named_tenant text, ADD COLUMN named_snapshot text;
UPDATE subscription SET named_tenant = tenant WHERE tenant_named AND tenant NOT LIKE 'snapshot:%';
ALTER TABLE subscription DROP COLUMN tenant_named;
ALTER TABLE subscription FORCE ROW LEVEL SECURITY;
