-- Personal one-time links for many people, made of a file or by one call of the API.

-- +goose Up
CREATE TABLE request_batches (
    id          TEXT PRIMARY KEY,
    business_id TEXT NOT NULL REFERENCES businesses (id),
    mode        TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    name        TEXT NOT NULL,               -- of each link
    state       TEXT NOT NULL CHECK (state IN ('draft', 'running', 'stopped', 'done')),
    channels    TEXT NOT NULL DEFAULT '',    -- parted by commas
    message     TEXT NOT NULL DEFAULT '',    -- the merchant's own words
    reminders   TEXT NOT NULL DEFAULT '',    -- JSON, '' for none
    digest      TEXT NOT NULL,               -- of the rows: the same within a day are one batch
    total       BIGINT NOT NULL,
    send_at     BIGINT,                      -- NULL: at once
    due_at      BIGINT,
    created_at  BIGINT NOT NULL,
    started_at  BIGINT,
    finished_at BIGINT
);
CREATE INDEX request_batches_due ON request_batches (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX request_batches_group ON request_batches (business_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX request_batches_same ON request_batches (business_id, digest, started_at);
CREATE INDEX request_batches_old ON request_batches (created_at);

-- Whom a row is for stands in it until it is sent; then customer and link have it.
CREATE TABLE request_rows (
    batch_id    TEXT NOT NULL REFERENCES request_batches (id),
    number      BIGINT NOT NULL,             -- from 1
    business_id TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'stopped')),
    reason      TEXT NOT NULL DEFAULT '',    -- why it failed
    name        TEXT NOT NULL,
    email       TEXT NOT NULL,
    phone       TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency    TEXT NOT NULL,
    reference   TEXT NOT NULL,
    variables   TEXT NOT NULL,               -- JSON, '' for none
    link_id     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (batch_id, number)
);
CREATE INDEX request_rows_state ON request_rows (batch_id, state, number);

-- +goose Down
SELECT 1;
