-- Attributes are read and written much more often than they are stored for the first time, and LZ4 takes a fraction of the time for nearly the same size. Not every PostgreSQL is built with it.
DO $$ BEGIN
    ALTER TABLE entity ALTER COLUMN attributes SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    RAISE NOTICE 'This PostgreSQL has no LZ4: attributes stay compressed by pglz.';
END $$;
