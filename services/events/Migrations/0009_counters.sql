-- Counters change with every registration. Room on their pages lets a new version of a row stay where it was, so that no index is touched.
ALTER TABLE seat_plan SET (fillfactor = 50);
ALTER TABLE desk SET (fillfactor = 50);
