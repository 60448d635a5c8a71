-- Links that are sent to customers, and what became of each message.

-- +goose Up

-- Whom a link was sent to. Reminders and what a payment does belong to this.
CREATE TABLE recipients (
    id          TEXT PRIMARY KEY,
    business_id TEXT NOT NULL REFERENCES businesses (id),
    link_id     TEXT NOT NULL REFERENCES links (id),
    mode        TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    customer_id TEXT,                        -- NULL: the customer was deleted
    created_at  BIGINT NOT NULL,
    UNIQUE (link_id, mode, customer_id)
);
CREATE INDEX recipients_customer ON recipients (customer_id) WHERE customer_id IS NOT NULL;

-- One row for each occasion: a first send or a reminder, by all its channels.
CREATE TABLE sends (
    id           TEXT PRIMARY KEY,
    business_id  TEXT NOT NULL,
    link_id      TEXT NOT NULL,
    recipient_id TEXT NOT NULL REFERENCES recipients (id),
    mode         TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    kind         TEXT NOT NULL CHECK (kind IN ('send', 'reminder')),
    number       BIGINT NOT NULL DEFAULT 0,  -- of a reminder, from 1
    key          TEXT NOT NULL DEFAULT '',   -- at most one send for each but ''
    message      TEXT NOT NULL DEFAULT '',   -- the merchant's own words
    status       TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'delivered', 'failed')),
    at           BIGINT NOT NULL
);
CREATE UNIQUE INDEX sends_key ON sends (business_id, key) WHERE key <> '';
CREATE INDEX sends_link ON sends (link_id, mode, id);
CREATE INDEX sends_recipient ON sends (recipient_id, id);

CREATE TABLE deliveries (
    id           TEXT PRIMARY KEY,
    business_id  TEXT NOT NULL,
    send_id      TEXT NOT NULL REFERENCES sends (id),
    channel      TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
    address      TEXT NOT NULL,              -- as it was then; '' without one
    token        TEXT NOT NULL UNIQUE,       -- behind /r/: which message led to a view or a payment
    status       TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'delivered', 'failed')),
    reason       TEXT NOT NULL DEFAULT '',   -- why it waits or failed
    gateway_id   TEXT NOT NULL DEFAULT '',
    sent_at      BIGINT,
    delivered_at BIGINT,
    updated_at   BIGINT NOT NULL,
    UNIQUE (send_id, channel)
);

-- Addresses that a business must not or can't write to. They are kept when the
-- customer is changed or deleted: who comes back is still not written to.
CREATE TABLE suppressions (
    business_id TEXT NOT NULL REFERENCES businesses (id),
    channel     TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
    address     TEXT NOT NULL,               -- folded, or E.164
    cause       TEXT NOT NULL CHECK (cause IN ('opt_out', 'bounce')),
    reason      TEXT NOT NULL DEFAULT '',    -- what the server said
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (business_id, channel, address)
);

-- Sends to many, done in chunks. next_customer is where the next chunk begins.
CREATE TABLE send_batches (
    id            TEXT PRIMARY KEY,
    business_id   TEXT NOT NULL REFERENCES businesses (id),
    link_id       TEXT NOT NULL REFERENCES links (id),
    mode          TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    channels      TEXT NOT NULL,             -- parted by commas
    message       TEXT NOT NULL,
    key           TEXT NOT NULL,             -- begins the keys of the sends
    total         BIGINT NOT NULL,
    done          BIGINT NOT NULL DEFAULT 0, -- of total
    failed        BIGINT NOT NULL DEFAULT 0, -- of done: nothing could be queued
    next_customer TEXT NOT NULL DEFAULT '',
    created_at    BIGINT NOT NULL,
    stopped       TEXT NOT NULL DEFAULT '',  -- why it ended before everybody had their turn
    finished_at   BIGINT
);
CREATE INDEX send_batches_link ON send_batches (link_id, mode, id);

CREATE TABLE send_batch_members (
    batch_id    TEXT NOT NULL REFERENCES send_batches (id),
    customer_id TEXT NOT NULL,
    PRIMARY KEY (batch_id, customer_id)
);

-- What recipients did: few views and attempts carry a token.
CREATE INDEX views_recipient ON views (link_id, recipient_token) WHERE recipient_token <> '';
CREATE INDEX attempts_recipient ON attempts (link_id, recipient_token) WHERE recipient_token <> '';

-- +goose Down
SELECT 1;
