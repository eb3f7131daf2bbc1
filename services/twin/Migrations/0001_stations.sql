-- Live state: the stations a city has heard from, and the readings of the last two days of each.
CREATE TABLE station (
    tenant text NOT NULL,
    id text NOT NULL,
    type text NOT NULL,
    name text,
    longitude double precision,
    latitude double precision,
    synthetic boolean NOT NULL DEFAULT false,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE reading (
    tenant text NOT NULL,
    station_id text NOT NULL,
    property text NOT NULL,
    observed_at timestamptz NOT NULL,
    value double precision NOT NULL,
    unit_code text,
    PRIMARY KEY (tenant, station_id, property, observed_at)
);

ALTER TABLE station ENABLE ROW LEVEL SECURITY;
ALTER TABLE station FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON station USING (tenant = current_setting('app.tenant', true));
ALTER TABLE reading ENABLE ROW LEVEL SECURITY;
ALTER TABLE reading FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reading USING (tenant = current_setting('app.tenant', true));
