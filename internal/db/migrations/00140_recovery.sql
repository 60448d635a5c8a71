-- Payments that were not finished, and the one mail that asks their payers again.

-- +goose Up
CREATE TABLE recovery_settings (
    business_id TEXT PRIMARY KEY REFERENCES businesses (id),
    after_hours BIGINT NOT NULL CHECK (after_hours BETWEEN 1 AND 24),
    updated_at  BIGINT NOT NULL
);

-- Who is asked again, and how to find back: the payer stands in the attempt alone.
CREATE TABLE recoveries (
    id          TEXT PRIMARY KEY,
    business_id TEXT NOT NULL REFERENCES businesses (id),
    mode        TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    attempt_id  TEXT NOT NULL UNIQUE,
    state       TEXT NOT NULL CHECK (state IN ('planned', 'sent', 'left_out')),
    reason      TEXT NOT NULL DEFAULT '',    -- why it was left out
    by_hand     BOOLEAN NOT NULL,
    token       TEXT NOT NULL UNIQUE,        -- brings the form back
    stop_token  TEXT NOT NULL UNIQUE,        -- opts out
    send_at     BIGINT NOT NULL,
    due_at      BIGINT,                      -- while it is planned: send_at, or the end of a lease
    sent_at     BIGINT,
    ends_at     BIGINT,                      -- of the token
    created_at  BIGINT NOT NULL
);
CREATE INDEX recoveries_due ON recoveries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX recoveries_group ON recoveries (business_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX recoveries_sent ON recoveries (business_id, mode, sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX recoveries_old ON recoveries (created_at);

-- Attempts that came to nothing, the newest first.
CREATE INDEX attempts_unfinished ON attempts (business_id, mode, id) WHERE state IN ('failed', 'canceled', 'expired', 'released') AND payer_email_folded <> '';

-- +goose Down
SELECT 1;
