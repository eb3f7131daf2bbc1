-- Entities that came from the first schema have no facts to be searched by (0010 could not make them: facts are hashes that the service computes). The service makes them from this list.
ALTER TABLE entity NO FORCE ROW LEVEL SECURITY;
CREATE TABLE entity_unindexed AS
    SELECT e.tenant, e.id FROM entity e WHERE NOT EXISTS (SELECT FROM entity_search s WHERE s.tenant = e.tenant AND s.id = e.id);
ALTER TABLE entity FORCE ROW LEVEL SECURITY;
