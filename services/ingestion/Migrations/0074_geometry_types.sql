-- A place is mostly searched for entities of one type among those of many: whoever looks at a geometry sees its entity's types without fetching the entity.
ALTER TABLE entity NO FORCE ROW LEVEL SECURITY;
ALTER TABLE entity_geometry ADD COLUMN types text[];
UPDATE entity_geometry g SET types = e.types FROM entity e WHERE e.tenant = g.tenant AND e.id = g.id;
DELETE FROM entity_geometry WHERE types IS NULL;
ALTER TABLE entity_geometry ALTER COLUMN types SET NOT NULL;
ALTER TABLE entity FORCE ROW LEVEL SECURITY;
