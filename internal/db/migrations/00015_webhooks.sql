-- What the merchants' own systems are told.

-- +goose Up

-- Where a business's systems hear of events.
CREATE TABLE webhook_endpoints (
    id            TEXT PRIMARY KEY,
    business_id   TEXT NOT NULL REFERENCES businesses (id),
    url           TEXT NOT NULL,
    description   TEXT NOT NULL,
    events        TEXT NOT NULL,             -- types separated by spaces; * for all, also those to come
    active        BOOLEAN NOT NULL,
    stopped       TEXT NOT NULL DEFAULT '',  -- why it is not active; '' by a member
    failing_since BIGINT,                    -- by the wall: nothing was taken since; NULL: the last was
    secret        TEXT NOT NULL,             -- sealed
    old_secret    TEXT NOT NULL DEFAULT '',  -- sealed; signs as well until old_until
    old_until     BIGINT,                    -- by the wall
    version       BIGINT NOT NULL DEFAULT 1,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
);
CREATE INDEX webhook_endpoints_business ON webhook_endpoints (business_id, id);

-- What happened, written by the transaction in which it did.
CREATE TABLE events (
    id          TEXT PRIMARY KEY,
    business_id TEXT NOT NULL REFERENCES businesses (id),
    type        TEXT NOT NULL,
    mode        TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    object      TEXT NOT NULL,   -- id of what it is about
    key         TEXT NOT NULL,   -- at most one event for each; '' never collides
    body        TEXT NOT NULL,   -- as it is posted
    created_at  BIGINT NOT NULL,
    kept_from   BIGINT NOT NULL  -- by the wall, unlike created_at: it is removed some weeks later
);
CREATE UNIQUE INDEX events_key ON events (business_id, key) WHERE key <> '';
CREATE INDEX events_list ON events (business_id, id);
CREATE INDEX events_old ON events (kept_from);

-- An event on its way to an endpoint.
CREATE TABLE webhook_deliveries (
    event_id    TEXT NOT NULL REFERENCES events (id),
    endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id),
    business_id TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
    tries       BIGINT NOT NULL DEFAULT 0, -- of this series; sending again begins a new one
    status      BIGINT NOT NULL DEFAULT 0, -- of the last answer; 0 for none
    due_at      BIGINT,                    -- by the wall; NULL: never again
    updated_at  BIGINT NOT NULL,           -- by the wall
    PRIMARY KEY (event_id, endpoint_id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX webhook_deliveries_endpoint ON webhook_deliveries (endpoint_id, event_id);

-- One try: what was sent and what came back. The body sent is the event's.
CREATE TABLE webhook_posts (
    id          TEXT PRIMARY KEY,
    business_id TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    endpoint_id TEXT NOT NULL,
    at          BIGINT NOT NULL,  -- by the wall, as signed
    url         TEXT NOT NULL,
    signature   TEXT NOT NULL,
    took        BIGINT NOT NULL,  -- microseconds
    status      BIGINT NOT NULL,  -- 0 without an answer
    answer      BYTEA,            -- its first 64 KiB
    problem     TEXT NOT NULL     -- why there is no answer
);
CREATE INDEX webhook_posts_delivery ON webhook_posts (event_id, endpoint_id, id);
