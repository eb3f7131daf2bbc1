-- Who has a seat in a session that leads to another has a seat there too, which ends with it.
ALTER TABLE registration ADD COLUMN joined bool NOT NULL DEFAULT false;
ALTER TABLE seat_plan ADD COLUMN joins text;
-- Desks look at the programme again at their next request: seats from before get their meetings then.
UPDATE desk SET plan_version = 0;
