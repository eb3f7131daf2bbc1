CREATE TABLE note (tenant text NOT NULL, id uuid NOT NULL, text text NOT NULL, PRIMARY KEY (tenant, id));
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
ALTER TABLE note FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON note USING (tenant = current_setting('app.tenant', true));

-- No key on id: a second effect of one message would show.
CREATE TABLE heard (number bigint GENERATED ALWAYS AS IDENTITY, id uuid NOT NULL, text text NOT NULL);
CREATE TABLE antidote (taken boolean);
