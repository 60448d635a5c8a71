-- Products, customers and tags.

-- +goose Up

CREATE TABLE products (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	slug TEXT NOT NULL,
	name TEXT NOT NULL,
	name_folded TEXT NOT NULL,
	description TEXT NOT NULL DEFAULT '',
	price_minor BIGINT NOT NULL CHECK (price_minor > 0),
	currency TEXT NOT NULL,
	image_id TEXT REFERENCES images (id),
	active BOOLEAN NOT NULL,
	version BIGINT NOT NULL DEFAULT 1,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT
);
CREATE UNIQUE INDEX products_slug ON products (business_id, slug) WHERE deleted_at IS NULL;
CREATE INDEX products_list ON products (business_id, id);

CREATE TABLE tags (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	kind TEXT NOT NULL CHECK (kind IN ('link', 'customer')),
	name TEXT NOT NULL,
	name_folded TEXT NOT NULL,
	color TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	-- Counts the changes of a tag, so that a program that read an older one is told.
	version BIGINT NOT NULL DEFAULT 1,
	UNIQUE (business_id, kind, name_folded)
);

-- People and firms that a business knows, and what is theirs.
CREATE TABLE customers (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	name TEXT NOT NULL,
	name_folded TEXT NOT NULL,
	email TEXT NOT NULL,
	email_folded TEXT NOT NULL,
	phone TEXT NOT NULL, -- E.164
	language TEXT NOT NULL,
	notes TEXT NOT NULL,
	version BIGINT NOT NULL DEFAULT 1,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	-- Whether the merchant entered or changed the customer, and so stands for the address;
	-- false for whom payments made.
	entered BOOLEAN NOT NULL DEFAULT TRUE
);
CREATE INDEX customers_list ON customers (business_id, id);
-- Payers are matched by address, so no two customers may share one.
CREATE UNIQUE INDEX customers_email ON customers (business_id, email_folded) WHERE email_folded <> '';
CREATE INDEX customers_name ON customers (business_id, name_folded, id);

CREATE TABLE customer_tags (
	business_id TEXT NOT NULL,
	customer_id TEXT NOT NULL REFERENCES customers (id),
	tag_id TEXT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
	PRIMARY KEY (customer_id, tag_id)
);
CREATE INDEX customer_tags_tag ON customer_tags (tag_id, customer_id);

-- +goose Down
SELECT 1;
