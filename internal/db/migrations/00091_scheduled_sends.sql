-- Links that are sent later. A row goes when it has become a send.

-- +goose Up
CREATE TABLE scheduled_sends (
    id          TEXT PRIMARY KEY,
    business_id TEXT NOT NULL REFERENCES businesses (id),
    link_id     TEXT NOT NULL REFERENCES links (id),
    mode        TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    customer_id TEXT NOT NULL,
    message     TEXT NOT NULL DEFAULT '',   -- the merchant's own words
    key         TEXT NOT NULL DEFAULT '',   -- at most one for each but ''
    send_at     BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,            -- send_at, or the end of a lease
    created_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX scheduled_sends_key ON scheduled_sends (business_id, key) WHERE key <> '';
CREATE INDEX scheduled_sends_due ON scheduled_sends (due_at);
CREATE INDEX scheduled_sends_group ON scheduled_sends (business_id, due_at);
CREATE INDEX scheduled_sends_link ON scheduled_sends (link_id, mode, send_at);
CREATE INDEX scheduled_sends_customer ON scheduled_sends (customer_id);

-- Its messages, under the ids that they keep when they are sent.
CREATE TABLE scheduled_deliveries (
    id           TEXT PRIMARY KEY,
    business_id  TEXT NOT NULL,
    scheduled_id TEXT NOT NULL REFERENCES scheduled_sends (id),
    channel      TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
    UNIQUE (scheduled_id, channel)
);

-- +goose Down
SELECT 1;
