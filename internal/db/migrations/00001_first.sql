-- Instants are UTC microseconds in BIGINT, money is integer minor units, ids
-- are made by the application. Every tenant row carries business_id. Text that
-- is compared without case is stored folded beside what was typed.

-- +goose Up

CREATE TABLE installation (
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    clock_offset BIGINT NOT NULL DEFAULT 0,  -- microseconds that test mode is ahead of the wall
    notices      BIGINT NOT NULL DEFAULT 0,  -- counts changes made by commands beside a running server
    nodes        BIGINT NOT NULL DEFAULT 0,  -- numbers the processes, for ids of views
    key_check    TEXT NOT NULL DEFAULT ''    -- tells whether the secret key is the one that sealed
);
INSERT INTO installation (id) VALUES (1);

-- business

CREATE TABLE businesses (
    id              TEXT PRIMARY KEY,
    handle          TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    currency        TEXT NOT NULL,
    locale          TEXT NOT NULL,
    time_zone       TEXT NOT NULL,
    brand_color     TEXT NOT NULL,
    contact_email   TEXT NOT NULL DEFAULT '',
    page_enabled    BOOLEAN NOT NULL DEFAULT TRUE,
    page_title      TEXT NOT NULL DEFAULT '',
    page_description TEXT NOT NULL DEFAULT '',
    page_success    TEXT NOT NULL DEFAULT '',
    page_default_minor BIGINT,
    page_min_minor  BIGINT,
    page_max_minor  BIGINT,
    page_payer_amount BOOLEAN NOT NULL DEFAULT TRUE,
    provider        TEXT NOT NULL DEFAULT '',  -- '' is the installation's own
    signing_secret  TEXT NOT NULL,             -- sealed; signs the after-payment redirect
    version         BIGINT NOT NULL DEFAULT 1,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);

CREATE TABLE old_handles (
    handle      TEXT PRIMARY KEY,
    business_id TEXT NOT NULL REFERENCES businesses (id),
    created_at  BIGINT NOT NULL
);

-- account

CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    email         TEXT NOT NULL,
    email_folded  TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    BIGINT NOT NULL
);

CREATE TABLE members (
    business_id TEXT NOT NULL REFERENCES businesses (id),
    user_id     TEXT NOT NULL REFERENCES users (id),
    role        TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'staff')),
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (business_id, user_id)
);
CREATE INDEX members_user ON members (user_id);

CREATE TABLE sessions (
    token   TEXT PRIMARY KEY,  -- hashed
    data    BYTEA NOT NULL,
    expiry  BIGINT NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expiry);

CREATE TABLE throttles (
    bucket       TEXT PRIMARY KEY,  -- what is counted, for whom
    hits         BIGINT NOT NULL,
    window_until BIGINT NOT NULL
);
CREATE INDEX throttles_until ON throttles (window_until);

CREATE TABLE api_tokens (
    id           TEXT PRIMARY KEY,
    business_id  TEXT NOT NULL REFERENCES businesses (id),
    name         TEXT NOT NULL,
    hash         TEXT NOT NULL UNIQUE,
    scopes       TEXT NOT NULL,  -- separated by spaces
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at   BIGINT
);
CREATE INDEX api_tokens_business ON api_tokens (business_id, id);

CREATE TABLE idempotency_keys (
    business_id TEXT NOT NULL,
    key         TEXT NOT NULL,
    request     TEXT NOT NULL,  -- hash of method, path and body
    status      INTEGER NOT NULL DEFAULT 0,  -- 0 while the first request runs
    header      TEXT NOT NULL DEFAULT '',
    body        BYTEA,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (business_id, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

-- product

CREATE TABLE images (
    id           TEXT PRIMARY KEY,
    business_id  TEXT NOT NULL REFERENCES businesses (id),
    content_type TEXT NOT NULL,
    width        INTEGER NOT NULL,
    height       INTEGER NOT NULL,
    body         BYTEA NOT NULL,
    created_at   BIGINT NOT NULL
);

CREATE TABLE products (
    id          TEXT PRIMARY KEY,
    business_id TEXT NOT NULL REFERENCES businesses (id),
    slug        TEXT NOT NULL,
    name        TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    price_minor BIGINT NOT NULL CHECK (price_minor > 0),
    currency    TEXT NOT NULL,
    image_id    TEXT REFERENCES images (id),
    active      BOOLEAN NOT NULL,
    version     BIGINT NOT NULL DEFAULT 1,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    deleted_at  BIGINT
);
CREATE UNIQUE INDEX products_slug ON products (business_id, slug) WHERE deleted_at IS NULL;
CREATE INDEX products_list ON products (business_id, id);

-- tag

CREATE TABLE tags (
    id          TEXT PRIMARY KEY,
    business_id TEXT NOT NULL REFERENCES businesses (id),
    kind        TEXT NOT NULL CHECK (kind IN ('link', 'customer')),
    name        TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    color       TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    UNIQUE (business_id, kind, name_folded)
);

-- link

CREATE TABLE links (
    id             TEXT PRIMARY KEY,
    business_id    TEXT NOT NULL REFERENCES businesses (id),
    path           TEXT NOT NULL,
    path_folded    TEXT NOT NULL,
    name           TEXT NOT NULL,
    name_folded    TEXT NOT NULL,
    type           TEXT NOT NULL CHECK (type IN ('amount', 'product')),
    amount_minor   BIGINT CHECK (amount_minor > 0),
    currency       TEXT NOT NULL,
    product_id     TEXT REFERENCES products (id),
    description    TEXT NOT NULL DEFAULT '',
    notes          TEXT NOT NULL DEFAULT '',
    reference      TEXT NOT NULL DEFAULT '',
    active         BOOLEAN NOT NULL,
    limit_kind     TEXT NOT NULL CHECK (limit_kind IN ('unlimited', 'once', 'multiple')),
    limit_max      BIGINT CHECK (limit_max BETWEEN 1 AND 1000),
    show_remaining BOOLEAN NOT NULL DEFAULT TRUE,
    payer_min_minor BIGINT,
    payer_max_minor BIGINT,
    starts_at      BIGINT,
    ends_at        BIGINT,
    redirect_url   TEXT NOT NULL DEFAULT '',
    version        BIGINT NOT NULL DEFAULT 1,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    deleted_at     BIGINT,
    CHECK ((limit_kind = 'unlimited') = (limit_max IS NULL)),
    CHECK ((type = 'product') = (product_id IS NOT NULL)),
    CHECK ((type = 'amount') = (amount_minor IS NOT NULL))
);
CREATE UNIQUE INDEX links_path ON links (business_id, path) WHERE deleted_at IS NULL;
CREATE INDEX links_path_folded ON links (business_id, path_folded) WHERE deleted_at IS NULL;
CREATE INDEX links_list ON links (business_id, id) WHERE deleted_at IS NULL;
CREATE INDEX links_product ON links (product_id) WHERE product_id IS NOT NULL;

CREATE TABLE old_paths (
    business_id TEXT NOT NULL REFERENCES businesses (id),
    path        TEXT NOT NULL,
    link_id     TEXT NOT NULL REFERENCES links (id),
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (business_id, path)
);

CREATE TABLE link_tags (
    business_id TEXT NOT NULL,
    link_id     TEXT NOT NULL REFERENCES links (id),
    tag_id      TEXT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (link_id, tag_id)
);
CREATE INDEX link_tags_tag ON link_tags (tag_id, link_id);

-- Slots of a link, apart for live and test. capacity repeats the link's limit
-- (NULL: unlimited), so that one conditional update of one row is the rule.
CREATE TABLE link_slots (
    link_id     TEXT NOT NULL REFERENCES links (id),
    business_id TEXT NOT NULL,
    mode        TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    capacity    BIGINT,
    held        BIGINT NOT NULL DEFAULT 0 CHECK (held >= 0),
    consumed    BIGINT NOT NULL DEFAULT 0 CHECK (consumed >= 0),
    PRIMARY KEY (link_id, mode)
);

-- payment

CREATE TABLE attempts (
    id              TEXT PRIMARY KEY,
    business_id     TEXT NOT NULL REFERENCES businesses (id),
    source          TEXT NOT NULL CHECK (source IN ('link', 'page', 'product')),
    link_id         TEXT REFERENCES links (id),
    product_id      TEXT REFERENCES products (id),
    version         BIGINT NOT NULL,  -- of what was sold, as the payer saw it
    title           TEXT NOT NULL,
    description     TEXT NOT NULL DEFAULT '',
    reference       TEXT NOT NULL DEFAULT '',
    amount_minor    BIGINT NOT NULL CHECK (amount_minor > 0),
    currency        TEXT NOT NULL,
    mode            TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    provider        TEXT NOT NULL,
    provider_ref    TEXT,
    checkout_url    TEXT NOT NULL DEFAULT '',
    state           TEXT NOT NULL CHECK (state IN ('creating', 'open', 'pending', 'closing', 'paid', 'failed', 'canceled', 'expired', 'released', 'review')),
    reason          TEXT NOT NULL DEFAULT '',
    holds_slot      BOOLEAN NOT NULL,
    hold_until      BIGINT NOT NULL,
    sync_at         BIGINT,             -- when the poller looks next; NULL: never again
    sync_tries      BIGINT NOT NULL DEFAULT 0,
    payer_name      TEXT NOT NULL,
    payer_email     TEXT NOT NULL,
    payer_email_folded TEXT NOT NULL,
    payer_notes     TEXT NOT NULL DEFAULT '',
    payer_language  TEXT NOT NULL DEFAULT '',
    payer_source    TEXT NOT NULL DEFAULT '',  -- masked address: caps on live holds
    channel         TEXT NOT NULL,
    channel_detail  TEXT NOT NULL DEFAULT '',
    campaign        TEXT NOT NULL DEFAULT '',
    recipient_token TEXT NOT NULL DEFAULT '',
    visit_id        TEXT NOT NULL DEFAULT '',
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    UNIQUE (business_id, provider, provider_ref)
);
CREATE INDEX attempts_list ON attempts (business_id, mode, id);
CREATE INDEX attempts_link ON attempts (link_id, mode, id) WHERE link_id IS NOT NULL;
CREATE INDEX attempts_due ON attempts (sync_at) WHERE sync_at IS NOT NULL;
-- One live attempt for a visit and what it looks at: two tabs share it.
CREATE UNIQUE INDEX attempts_visit ON attempts (business_id, visit_id)
    WHERE visit_id <> '' AND state IN ('creating', 'open');

CREATE TABLE attempt_events (
    attempt_id  TEXT NOT NULL REFERENCES attempts (id),
    seq         BIGINT NOT NULL,
    business_id TEXT NOT NULL,
    at          BIGINT NOT NULL,
    state       TEXT NOT NULL,
    cause       TEXT NOT NULL,  -- payer, webhook, return, poller, merchant
    detail      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (attempt_id, seq)
);

-- Money that a provider confirmed. It shares the id of its attempt.
CREATE TABLE payments (
    id             TEXT PRIMARY KEY REFERENCES attempts (id),
    business_id    TEXT NOT NULL REFERENCES businesses (id),
    link_id        TEXT,
    mode           TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    provider       TEXT NOT NULL,
    provider_ref   TEXT NOT NULL,
    status         TEXT NOT NULL CHECK (status IN ('accepted', 'accepted_late', 'overflow', 'refund_pending', 'refunded', 'partially_refunded', 'refund_failed')),
    currency       TEXT NOT NULL,
    captured_minor BIGINT NOT NULL CHECK (captured_minor > 0),
    refunded_minor BIGINT NOT NULL DEFAULT 0 CHECK (refunded_minor BETWEEN 0 AND captured_minor),
    method         TEXT NOT NULL DEFAULT '',
    receipt        TEXT,
    paid_at        BIGINT NOT NULL,
    UNIQUE (business_id, provider, provider_ref),
    UNIQUE (business_id, mode, receipt)
);
CREATE INDEX payments_link ON payments (link_id, mode, paid_at, id) WHERE link_id IS NOT NULL;
CREATE INDEX payments_list ON payments (business_id, mode, paid_at, id);

CREATE TABLE payment_effects (
    payment_id  TEXT NOT NULL REFERENCES payments (id),
    effect      TEXT NOT NULL,
    business_id TEXT NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (payment_id, effect)
);

CREATE TABLE receipt_series (
    business_id TEXT NOT NULL REFERENCES businesses (id),
    mode        TEXT NOT NULL,
    year        INTEGER NOT NULL,
    last        BIGINT NOT NULL,
    PRIMARY KEY (business_id, mode, year)
);

CREATE TABLE webhook_inbox (
    id           TEXT PRIMARY KEY,
    business_id  TEXT NOT NULL REFERENCES businesses (id),
    provider     TEXT NOT NULL,
    event        TEXT NOT NULL,       -- the provider's id of the event
    object       TEXT NOT NULL,       -- the provider's id of the payment
    body         BYTEA NOT NULL,
    received_at  BIGINT NOT NULL,
    processed_at BIGINT,
    outcome      TEXT NOT NULL DEFAULT '',
    tries        BIGINT NOT NULL DEFAULT 0,
    due_at       BIGINT,
    UNIQUE (business_id, provider, event)
);
CREATE INDEX webhook_inbox_due ON webhook_inbox (due_at) WHERE due_at IS NOT NULL;

-- sandbox: a third party that happens to live here; it shares no row with us

CREATE TABLE sandbox_payments (
    id          TEXT PRIMARY KEY,
    account     TEXT NOT NULL,
    key         TEXT NOT NULL,        -- idempotency key
    amount_minor BIGINT NOT NULL,
    currency    TEXT NOT NULL,
    description TEXT NOT NULL,
    metadata    TEXT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('open', 'pending', 'paid', 'failed', 'canceled', 'expired')),
    refunded_minor BIGINT NOT NULL DEFAULT 0 CHECK (refunded_minor BETWEEN 0 AND amount_minor),
    return_url  TEXT NOT NULL,
    webhook_url TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    paid_at     BIGINT,
    UNIQUE (account, key)
);

CREATE TABLE sandbox_refunds (
    payment_id   TEXT NOT NULL REFERENCES sandbox_payments (id),
    key          TEXT NOT NULL,       -- idempotency key
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    PRIMARY KEY (payment_id, key)
);

CREATE TABLE sandbox_webhooks (
    id           TEXT PRIMARY KEY,
    payment_id   TEXT NOT NULL REFERENCES sandbox_payments (id),
    event        TEXT NOT NULL,
    forged       BOOLEAN NOT NULL DEFAULT FALSE,
    tries        BIGINT NOT NULL DEFAULT 0,
    due_at       BIGINT,
    delivered_at BIGINT
);
CREATE INDEX sandbox_webhooks_due ON sandbox_webhooks (due_at) WHERE due_at IS NOT NULL;

-- visit

-- The id is a time-ordered integer made by the process, so that a replay of a
-- spooled batch changes nothing and keyset pages need no second column.
CREATE TABLE views (
    id              BIGINT PRIMARY KEY,
    business_id     TEXT NOT NULL,
    link_id         TEXT NOT NULL,    -- or the business for its payment page, the product for its page
    mode            TEXT NOT NULL,
    at              BIGINT NOT NULL,
    class           TEXT NOT NULL,    -- human, bot, preview
    reason          TEXT NOT NULL,    -- why it is not human
    ip              TEXT NOT NULL,    -- masked before it came here
    browser         TEXT NOT NULL,
    os              TEXT NOT NULL,
    language        TEXT NOT NULL,
    referrer        TEXT NOT NULL,
    channel         TEXT NOT NULL,
    channel_detail  TEXT NOT NULL,
    campaign        TEXT NOT NULL,
    recipient_token TEXT NOT NULL,
    visit_id        TEXT NOT NULL
);
CREATE INDEX views_link ON views (link_id, id);

CREATE TABLE link_totals (
    link_id        TEXT NOT NULL,
    mode           TEXT NOT NULL,
    business_id    TEXT NOT NULL,
    views          BIGINT NOT NULL DEFAULT 0,
    bots           BIGINT NOT NULL DEFAULT 0,
    previews       BIGINT NOT NULL DEFAULT 0,
    payments       BIGINT NOT NULL DEFAULT 0,
    revenue_minor  BIGINT NOT NULL DEFAULT 0,
    refunded_minor BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (link_id, mode)
);
CREATE INDEX link_totals_business ON link_totals (business_id, mode);

-- 15-minute buckets, because time zones have offsets of 30 and 45 minutes.
CREATE TABLE link_rollups (
    link_id        TEXT NOT NULL,
    mode           TEXT NOT NULL,
    bucket         BIGINT NOT NULL,   -- start, microseconds
    channel        TEXT NOT NULL,
    business_id    TEXT NOT NULL,
    views          BIGINT NOT NULL DEFAULT 0,
    bots           BIGINT NOT NULL DEFAULT 0,
    previews       BIGINT NOT NULL DEFAULT 0,
    payments       BIGINT NOT NULL DEFAULT 0,
    revenue_minor  BIGINT NOT NULL DEFAULT 0,
    refunded_minor BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (link_id, mode, bucket, channel)
);
CREATE INDEX link_rollups_business ON link_rollups (business_id, mode, bucket);

-- +goose Down
SELECT 1;
