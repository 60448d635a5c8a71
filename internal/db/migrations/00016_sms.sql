-- Text messages.

-- +goose Up

-- SMS on their way. What they say is sealed, because it holds a customer's own
-- link; it is forgotten once the message is sent.
CREATE TABLE texts (
    id           TEXT PRIMARY KEY,
    business_id  TEXT NOT NULL REFERENCES businesses (id),
    key          TEXT NOT NULL,            -- at most one SMS for each
    recipient    TEXT NOT NULL,            -- E.164
    body         TEXT NOT NULL,            -- sealed; '' once it is sent
    segments     BIGINT NOT NULL,
    counted      BOOLEAN NOT NULL DEFAULT FALSE, -- in texts_spent
    report_token TEXT NOT NULL,            -- in the address at which the gateway reports
    gateway_id   TEXT NOT NULL DEFAULT '',
    state        TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'failed')),
    reason       TEXT NOT NULL DEFAULT '', -- why it waits or failed
    tries        BIGINT NOT NULL DEFAULT 0,
    clear_tries  BIGINT NOT NULL DEFAULT 0, -- up to this one it is certain that nothing was taken
    due_at       BIGINT,                   -- by the wall, unlike all other times; NULL: never again
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    UNIQUE (business_id, key)
);
CREATE INDEX texts_due ON texts (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX texts_trouble ON texts (business_id, id) WHERE reason <> '';

-- How many segments a business has sent on a day of its own calendar.
CREATE TABLE texts_spent (
    business_id TEXT NOT NULL,
    day         TEXT NOT NULL,             -- 2026-02-18
    segments    BIGINT NOT NULL,
    PRIMARY KEY (business_id, day)
);

-- How a business sends SMS.
CREATE TABLE sms_settings (
    business_id TEXT PRIMARY KEY REFERENCES businesses (id),
    gateway     TEXT NOT NULL DEFAULT '',  -- sealed; '' for the installation's
    sender      TEXT NOT NULL DEFAULT '',  -- with the installation's gateway; '' for the business's name
    day_cap     BIGINT NOT NULL,           -- segments
    version     BIGINT NOT NULL DEFAULT 1,
    updated_at  BIGINT NOT NULL
);

-- +goose Down
SELECT 1;
