-- Reminders until a link is paid.

-- +goose Up

-- How a link reminds its recipients. Without a line it does not.
CREATE TABLE reminder_settings (
    link_id       TEXT PRIMARY KEY REFERENCES links (id),
    business_id   TEXT NOT NULL REFERENCES businesses (id),
    frequency     TEXT NOT NULL CHECK (frequency IN ('daily', 'every_2_days', 'every_3_days', 'weekly', 'monthly')),
    most          BIGINT NOT NULL CHECK (most BETWEEN 1 AND 50),
    weekdays_only BOOLEAN NOT NULL DEFAULT FALSE,
    quiet_from    BIGINT,                    -- minutes after midnight; NULL with the next: none
    quiet_to      BIGINT,
    updated_at    BIGINT NOT NULL
);

-- One for each recipient of such a link.
CREATE TABLE reminder_plans (
    recipient_id TEXT PRIMARY KEY REFERENCES recipients (id),
    business_id  TEXT NOT NULL,
    link_id      TEXT NOT NULL,
    mode         TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    channels     TEXT NOT NULL,              -- of the first send, parted by commas
    state        TEXT NOT NULL CHECK (state IN ('active', 'paused', 'complete', 'stopped')),
    reason       TEXT NOT NULL DEFAULT '',   -- why it stopped
    anchor_at    BIGINT,                     -- what the grid counts from; NULL until something was sent
    occurrence   BIGINT NOT NULL DEFAULT 0,  -- of the grid, the last one that is done with
    sent         BIGINT NOT NULL DEFAULT 0,
    due_at       BIGINT,                     -- of the next one; NULL: none
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE INDEX reminder_plans_due ON reminder_plans (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX reminder_plans_link ON reminder_plans (link_id, mode);

-- +goose Down
SELECT 1;
