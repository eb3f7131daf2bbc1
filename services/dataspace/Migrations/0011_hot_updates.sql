-- Nothing asks in this order, and an index over a column that every step changes makes each step rewrite all indexes. Room on a page keeps a row's versions together.
DROP INDEX negotiation_changed;
ALTER TABLE negotiation SET (fillfactor = 60);
ALTER TABLE due_step SET (fillfactor = 60);
