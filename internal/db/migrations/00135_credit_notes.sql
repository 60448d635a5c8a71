-- payment: credit notes, one for each refund that went through, in a series of their own.

-- +goose Up
CREATE TABLE credit_note_series (
    business_id TEXT NOT NULL REFERENCES businesses (id),
    mode        TEXT NOT NULL,
    year        INTEGER NOT NULL,
    last        BIGINT NOT NULL,
    PRIMARY KEY (business_id, mode, year)
);

ALTER TABLE refunds ADD COLUMN done_at BIGINT;       -- when it went through
ALTER TABLE refunds ADD COLUMN credit_note TEXT;     -- its number, '' where the payment has no receipt; NULL until it is given
ALTER TABLE refunds ADD COLUMN goods_minor BIGINT NOT NULL DEFAULT 0; -- what it gave back of each part, once it went through
ALTER TABLE refunds ADD COLUMN fee_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE refunds ADD COLUMN tip_minor BIGINT NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX refunds_credit_note ON refunds (business_id, credit_note) WHERE credit_note <> '';
CREATE INDEX refunds_without_note ON refunds (business_id) WHERE done_at IS NOT NULL AND credit_note IS NULL;
CREATE INDEX refunds_done ON refunds (business_id, done_at);

-- What went through before this gets its numbers from the program, which knows the
-- businesses' time zones. What came back from the payer's bank stays counted.
UPDATE refunds SET done_at = updated_at WHERE state = 'done';
UPDATE refunds SET credit_note = '' WHERE payment_id IN (SELECT id FROM payments WHERE receipt IS NULL);

-- +goose Down
SELECT 1;
