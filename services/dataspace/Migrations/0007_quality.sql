-- What speaks for the quality of a dataset, each point true or false: see DatasetQuality for their names, in this order.
CREATE FUNCTION dataset_quality(title jsonb, description jsonb, keywords text[], synthetic boolean, first_observed_at timestamptz, last_observed_at timestamptz, west double precision, at timestamptz)
RETURNS boolean[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY[
        (SELECT count(*) FROM jsonb_object_keys(title)) > 1,
        (SELECT count(*) FROM jsonb_object_keys(description)) > 1,
        cardinality(keywords) >= 3,
        NOT synthetic,
        first_observed_at IS NOT NULL,
        west IS NOT NULL,
        coalesce(last_observed_at > at - interval '7 days', false)]
$$;

-- Where a type of data comes from may be known before its first reading.
ALTER TABLE coverage ALTER COLUMN first_observed_at DROP NOT NULL, ALTER COLUMN last_observed_at DROP NOT NULL;
