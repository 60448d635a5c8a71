-- People and firms that a business knows, and what is theirs.

-- +goose Up

CREATE TABLE customers (
    id           TEXT PRIMARY KEY,
    business_id  TEXT NOT NULL REFERENCES businesses (id),
    name         TEXT NOT NULL,
    name_folded  TEXT NOT NULL,
    email        TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    phone        TEXT NOT NULL,      -- E.164
    language     TEXT NOT NULL,
    notes        TEXT NOT NULL,
    version      BIGINT NOT NULL DEFAULT 1,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE INDEX customers_list ON customers (business_id, id);
-- Payers are matched by address, so no two customers may share one.
CREATE UNIQUE INDEX customers_email ON customers (business_id, email_folded) WHERE email_folded <> '';

CREATE TABLE customer_tags (
    business_id TEXT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customers (id),
    tag_id      TEXT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    PRIMARY KEY (customer_id, tag_id)
);
CREATE INDEX customer_tags_tag ON customer_tags (tag_id, customer_id);

-- The customer that a link is for; payments of others count all the same.
ALTER TABLE links ADD COLUMN customer_id TEXT;
CREATE INDEX links_customer ON links (customer_id) WHERE customer_id IS NOT NULL;

-- Whose payment it was, as far as known. What the payer typed stays in attempts.
ALTER TABLE payments ADD COLUMN customer_id TEXT;
CREATE INDEX payments_customer ON payments (customer_id, mode, paid_at, id) WHERE customer_id IS NOT NULL;

-- +goose Down
SELECT 1;
