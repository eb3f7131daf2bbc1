-- Results in the order of values of any kind (ETSI GS CIM 009, clause 4.23.2): numbers, strings, objects, arrays, booleans, times, dates, instants. Null, and what is not there, has no kind.
CREATE FUNCTION order_item(value jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT coalesce(CASE WHEN jsonb_typeof(value) = 'object' THEN value -> '@value' END, value) $$;
CREATE FUNCTION order_kind(value jsonb) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(CASE WHEN jsonb_typeof(value) = 'object' THEN CASE value ->> '@type' WHEN 'Time' THEN 6 WHEN 'Date' THEN 7 WHEN 'DateTime' THEN 8 END END,
        CASE jsonb_typeof(order_item(value)) WHEN 'number' THEN 1 WHEN 'string' THEN 2 WHEN 'object' THEN 3 WHEN 'array' THEN 4 WHEN 'boolean' THEN 5 END)
$$;
CREATE FUNCTION order_number(value jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT CASE jsonb_typeof(order_item(value)) WHEN 'number' THEN order_item(value)::numeric WHEN 'boolean' THEN (order_item(value)::boolean)::int END $$;
CREATE FUNCTION order_text(value jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT CASE WHEN jsonb_typeof(order_item(value)) NOT IN ('number', 'boolean') THEN order_item(value) #>> '{}' END $$;

-- A collation for a language, made when first asked for. What it holds equal is equal, so that the next criterion decides.
CREATE FUNCTION ensure_collation(tag text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7021946117);
    IF NOT EXISTS (SELECT FROM pg_collation WHERE collname = 'icu_' || tag AND collnamespace = 'public'::regnamespace) THEN
        IF (SELECT count(*) FROM pg_collation WHERE collname LIKE 'icu\_%' AND collnamespace = 'public'::regnamespace) >= 500 THEN
            RAISE EXCEPTION 'There are 500 collations already.' USING ERRCODE = 'program_limit_exceeded';
        END IF;
        EXECUTE format('CREATE COLLATION public.%I (provider = icu, locale = %L, deterministic = false)', 'icu_' || tag, tag);
    END IF;
END $$;
