-- +goose Up

-- Why the gateway refuses the account that a business sends through, since when;
-- '' while it takes messages, or nobody has tried.
ALTER TABLE sms_settings ADD COLUMN problem TEXT NOT NULL DEFAULT '';
ALTER TABLE sms_settings ADD COLUMN problem_at BIGINT;

-- How often a gateway has refused the message for certain. Such a try is over, and
-- the next one is told from it by another idempotency key; those that were refused
-- because of the account use up none of the tries.
ALTER TABLE texts ADD COLUMN refusals BIGINT NOT NULL DEFAULT 0;

-- +goose Down
SELECT 1;
