-- coupon: what is taken off a price, and the codes that give it.

-- +goose Up
CREATE TABLE coupons (
    id               TEXT PRIMARY KEY,
    business_id      TEXT NOT NULL REFERENCES businesses (id),
    name             TEXT NOT NULL,
    percent          BIGINT NOT NULL DEFAULT 0 CHECK (percent BETWEEN 0 AND 10000), -- hundredths of a percent; 0: an amount
    amount_minor     BIGINT NOT NULL DEFAULT 0 CHECK (amount_minor >= 0),
    currency         TEXT NOT NULL DEFAULT '',      -- of the amount
    minimum_minor    BIGINT NOT NULL DEFAULT 0 CHECK (minimum_minor >= 0), -- of what is bought; 0: none
    minimum_currency TEXT NOT NULL DEFAULT '',
    max_redemptions  BIGINT CHECK (max_redemptions > 0), -- of all its codes; NULL: any number
    everywhere       BOOLEAN NOT NULL,              -- else for its targets alone, which may all be gone
    version          BIGINT NOT NULL DEFAULT 1,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    deleted_at       BIGINT,
    CHECK ((percent > 0) <> (amount_minor > 0))
);
CREATE INDEX coupons_list ON coupons (business_id, id) WHERE deleted_at IS NULL;

-- What a coupon is for, where it is not for everything: links, products, and links with a tag.
CREATE TABLE coupon_targets (
    coupon_id   TEXT NOT NULL REFERENCES coupons (id),
    business_id TEXT NOT NULL REFERENCES businesses (id),
    kind        TEXT NOT NULL CHECK (kind IN ('link', 'product', 'tag')),
    target_id   TEXT NOT NULL,
    PRIMARY KEY (coupon_id, kind, target_id)
);

CREATE TABLE promotion_codes (
    id              TEXT PRIMARY KEY,
    business_id     TEXT NOT NULL REFERENCES businesses (id),
    coupon_id       TEXT NOT NULL REFERENCES coupons (id),
    code            TEXT NOT NULL,                  -- in capitals
    max_redemptions BIGINT CHECK (max_redemptions > 0),
    starts_at       BIGINT,
    ends_at         BIGINT,
    once_per_email  BOOLEAN NOT NULL DEFAULT FALSE,
    version         BIGINT NOT NULL DEFAULT 1,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    deleted_at      BIGINT
);
CREATE UNIQUE INDEX promotion_codes_code ON promotion_codes (business_id, code) WHERE deleted_at IS NULL;
CREATE INDEX promotion_codes_list ON promotion_codes (business_id, id) WHERE deleted_at IS NULL;
CREATE INDEX promotion_codes_coupon ON promotion_codes (coupon_id, id);

-- How often a code was used, and a coupon by all its codes. The capacity is here too (NULL:
-- any number), so that one conditional update is the rule.
CREATE TABLE code_counts (
    owner_id    TEXT NOT NULL,                      -- of a code or a coupon
    business_id TEXT NOT NULL REFERENCES businesses (id),
    mode        TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    capacity    BIGINT,
    held        BIGINT NOT NULL DEFAULT 0 CHECK (held >= 0),
    used        BIGINT NOT NULL DEFAULT 0 CHECK (used >= 0),
    PRIMARY KEY (owner_id, mode)
);

-- +goose Down
SELECT 1;
