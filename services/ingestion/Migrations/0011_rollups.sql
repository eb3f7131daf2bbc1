-- Hours of history that retention has summed up: what remains of instances that are older than their type's raw data are kept.
CREATE TABLE history_rollup (
    tenant text NOT NULL,
    series bigint NOT NULL,
    hour timestamptz NOT NULL,
    count bigint NOT NULL,
    sum double precision NOT NULL,
    sumsq double precision NOT NULL,
    min double precision NOT NULL,
    max double precision NOT NULL,
    PRIMARY KEY (tenant, series, hour)
);
ALTER TABLE history_rollup ENABLE ROW LEVEL SECURITY;
ALTER TABLE history_rollup FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON history_rollup USING (tenant = current_setting('app.tenant', true));
