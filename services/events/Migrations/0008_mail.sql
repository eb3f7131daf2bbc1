-- A notice is claimed before it is handed to the mail server, and marked after. What stays claimed was interrupted in between: it may have gone out, so nobody but an organiser sends it again.
ALTER TABLE notification ADD COLUMN claimed_at timestamptz;
DROP INDEX notification_open;
CREATE INDEX notification_open ON notification (tenant, created_at) WHERE sent_at IS NULL AND claimed_at IS NULL;
CREATE INDEX notification_interrupted ON notification (tenant, claimed_at) WHERE claimed_at IS NOT NULL;
-- The links of guests and invitations are sealed now and no longer kept.
DELETE FROM seat_code WHERE purpose IN ('guest', 'invitation');
