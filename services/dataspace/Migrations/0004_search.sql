-- What a search looks at: all texts of a dataset, in lower case and without accents.
ALTER TABLE dataset ADD COLUMN search text NOT NULL DEFAULT '';
UPDATE dataset SET search = lower(title::text || ' ' || description::text || ' ' || array_to_string(keywords, ' '));

-- The rectangle that observations came from, in degrees.
ALTER TABLE coverage ADD COLUMN west double precision, ADD COLUMN south double precision, ADD COLUMN east double precision, ADD COLUMN north double precision;
