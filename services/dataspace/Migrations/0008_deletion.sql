-- Agreements under which data was handed out that must be deleted. Not a tenant's data: only which agreement, and when.
CREATE TABLE deletion_duty (
    tenant text NOT NULL,
    agreement_id text NOT NULL,
    role text NOT NULL,
    due_at timestamptz NOT NULL,
    late_since timestamptz,
    PRIMARY KEY (tenant, agreement_id)
);
CREATE INDEX deletion_duty_due ON deletion_duty (due_at) WHERE late_since IS NULL;
