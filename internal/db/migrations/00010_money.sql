-- What happens to money after it was taken: refunds and disputes.

-- +goose Up

-- payment

-- Refunds, whoever began them. The key is the idempotency key at the provider:
-- the payment's id where money came too late, else the refund's own.
CREATE TABLE refunds (
    id           TEXT PRIMARY KEY,
    business_id  TEXT NOT NULL REFERENCES businesses (id),
    payment_id   TEXT NOT NULL REFERENCES payments (id),
    key          TEXT NOT NULL,
    provider_ref TEXT,                   -- the provider's id, NULL until it is known
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    origin       TEXT NOT NULL CHECK (origin IN ('merchant', 'overflow', 'provider')),
    state        TEXT NOT NULL CHECK (state IN ('asked', 'pending', 'done', 'failed')),
    reason       TEXT NOT NULL DEFAULT '',  -- the merchant's
    problem      TEXT NOT NULL DEFAULT '',  -- why it waits or failed
    return_slot  BOOLEAN NOT NULL DEFAULT FALSE,
    asked_by     TEXT NOT NULL DEFAULT '',  -- who asked, as shown
    looked_at    BIGINT,                 -- when somebody had looked at a failed one
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    UNIQUE (payment_id, key),
    UNIQUE (payment_id, provider_ref)
);
CREATE INDEX refunds_failed ON refunds (business_id, payment_id) WHERE state = 'failed' AND looked_at IS NULL;

-- Payers' banks that ask for money back.
CREATE TABLE disputes (
    id           TEXT PRIMARY KEY,
    business_id  TEXT NOT NULL REFERENCES businesses (id),
    payment_id   TEXT NOT NULL REFERENCES payments (id),
    provider_ref TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    state        TEXT NOT NULL CHECK (state IN ('open', 'won', 'lost')),
    reason       TEXT NOT NULL DEFAULT '',
    opened_at    BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    UNIQUE (payment_id, provider_ref)
);
CREATE INDEX disputes_open ON disputes (business_id, payment_id) WHERE state = 'open';

ALTER TABLE payments ADD COLUMN late BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE payments ADD COLUMN reserved_minor BIGINT NOT NULL DEFAULT 0 CHECK (reserved_minor >= 0);
ALTER TABLE payments ADD COLUMN disputed_minor BIGINT NOT NULL DEFAULT 0 CHECK (disputed_minor >= 0);
ALTER TABLE payments ADD COLUMN lost_minor BIGINT NOT NULL DEFAULT 0 CHECK (lost_minor >= 0);
ALTER TABLE payments ADD COLUMN slot_returned BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE payments SET late = TRUE WHERE status = 'accepted_late' OR receipt IS NULL;
-- What was given back so far was overflow, whole.
INSERT INTO refunds (id, business_id, payment_id, key, amount_minor, origin, state, created_at, updated_at)
SELECT 'rfd' || SUBSTR(id, 4), business_id, id, id, captured_minor, 'overflow', CASE WHEN refunded_minor = captured_minor THEN 'done' ELSE 'asked' END, paid_at, paid_at
FROM payments WHERE receipt IS NULL;
UPDATE payments SET reserved_minor = captured_minor WHERE receipt IS NULL AND refunded_minor < captured_minor;

-- Only ways to pay that confirm at once: asked of the provider, the same each time.
ALTER TABLE attempts ADD COLUMN instant_only BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE businesses ADD COLUMN limited_instant_only BOOLEAN NOT NULL DEFAULT FALSE;

-- After a restore, public pages wait until what the backup forgot is repaired.
ALTER TABLE installation ADD COLUMN restored_at BIGINT;

-- sandbox

ALTER TABLE sandbox_payments ADD COLUMN refunds_fail BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE sandbox_payments ADD COLUMN source TEXT NOT NULL DEFAULT '{}';
ALTER TABLE sandbox_refunds ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE sandbox_refunds ADD COLUMN failed BOOLEAN NOT NULL DEFAULT FALSE;
CREATE TABLE sandbox_disputes (
    id           TEXT PRIMARY KEY,
    payment_id   TEXT NOT NULL REFERENCES sandbox_payments (id),
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    state        TEXT NOT NULL CHECK (state IN ('open', 'won', 'lost')),
    opened_at    BIGINT NOT NULL
);
CREATE INDEX sandbox_disputes_payment ON sandbox_disputes (payment_id);

-- visit: what was taken back by disputes that were lost

ALTER TABLE link_totals ADD COLUMN lost_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE link_rollups ADD COLUMN lost_minor BIGINT NOT NULL DEFAULT 0;

-- +goose Down
SELECT 1;
