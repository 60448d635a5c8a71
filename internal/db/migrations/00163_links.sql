-- Links: their addresses, limits, codes and who waits for a place.

-- +goose Up

CREATE TABLE links (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	path TEXT NOT NULL,
	path_folded TEXT NOT NULL,
	name TEXT NOT NULL,
	name_folded TEXT NOT NULL,
	type TEXT NOT NULL CHECK (type IN ('amount', 'product')),
	amount_minor BIGINT CHECK (amount_minor > 0),
	currency TEXT NOT NULL,
	product_id TEXT REFERENCES products (id),
	description TEXT NOT NULL DEFAULT '',
	notes TEXT NOT NULL DEFAULT '',
	reference TEXT NOT NULL DEFAULT '',
	active BOOLEAN NOT NULL,
	limit_kind TEXT NOT NULL CHECK (limit_kind IN ('unlimited', 'once', 'multiple')),
	limit_max BIGINT CHECK (limit_max BETWEEN 1 AND 1000),
	show_remaining BOOLEAN NOT NULL DEFAULT TRUE,
	payer_min_minor BIGINT,
	payer_max_minor BIGINT,
	starts_at BIGINT,
	ends_at BIGINT,
	redirect_url TEXT NOT NULL DEFAULT '',
	version BIGINT NOT NULL DEFAULT 1,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	-- The customer that a link is for; payments of others count all the same.
	customer_id TEXT,
	apply_tag_id TEXT,
	remove_tag_id TEXT,
	-- Amounts that payers can choose with a press, in minor units, apart by spaces.
	payer_suggested TEXT NOT NULL DEFAULT '',
	checkout TEXT NOT NULL DEFAULT '', -- what payers are asked beside the price, JSON; '': nothing
	limit_counts TEXT NOT NULL DEFAULT 'payments' CHECK (limit_counts IN ('payments', 'units')),
	due_on TEXT, -- a day in the business's zone, 2026-12-31
	overdue_told TEXT NOT NULL DEFAULT '', -- the due date of which webhooks were told
	when_closed_message TEXT NOT NULL DEFAULT '',
	when_closed_next TEXT, -- a link of the same business, also one that was deleted since
	when_closed_url TEXT NOT NULL DEFAULT '',
	when_closed_redirect BOOLEAN NOT NULL DEFAULT FALSE,
	thanks TEXT NOT NULL DEFAULT '',
	waiting_list BOOLEAN NOT NULL DEFAULT FALSE,
	offer_hours BIGINT NOT NULL DEFAULT 24, -- how long an offer holds its places
	domain TEXT NOT NULL DEFAULT '', -- '' is the one for new links
	CHECK ((limit_kind = 'unlimited') = (limit_max IS NULL)),
	CHECK ((type = 'product') = (product_id IS NOT NULL)),
	CHECK ((type = 'amount') = (amount_minor IS NOT NULL))
);
CREATE UNIQUE INDEX links_path ON links (business_id, path) WHERE deleted_at IS NULL;
CREATE INDEX links_path_folded ON links (business_id, path_folded) WHERE deleted_at IS NULL;
CREATE INDEX links_list ON links (business_id, id) WHERE deleted_at IS NULL;
CREATE INDEX links_product ON links (product_id) WHERE product_id IS NOT NULL;
CREATE INDEX links_customer ON links (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX links_by_name ON links (business_id, name_folded, id) WHERE deleted_at IS NULL;
CREATE INDEX links_due ON links (business_id, due_on) WHERE due_on IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX links_next ON links (business_id, when_closed_next) WHERE when_closed_next IS NOT NULL;

CREATE TABLE old_paths (
	business_id TEXT NOT NULL REFERENCES businesses (id),
	path TEXT NOT NULL,
	link_id TEXT NOT NULL REFERENCES links (id),
	created_at BIGINT NOT NULL,
	PRIMARY KEY (business_id, path)
);

CREATE TABLE link_tags (
	business_id TEXT NOT NULL,
	link_id TEXT NOT NULL REFERENCES links (id),
	tag_id TEXT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
	PRIMARY KEY (link_id, tag_id)
);
CREATE INDEX link_tags_tag ON link_tags (tag_id, link_id);

-- Slots of a link, apart for live and test. capacity repeats the link's limit
-- (NULL: unlimited), so that one conditional update of one row is the rule.
CREATE TABLE link_slots (
	link_id TEXT NOT NULL REFERENCES links (id),
	business_id TEXT NOT NULL,
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	capacity BIGINT,
	held BIGINT NOT NULL DEFAULT 0 CHECK (held >= 0),
	consumed BIGINT NOT NULL DEFAULT 0 CHECK (consumed >= 0),
	wanted_at BIGINT, -- when somebody last found every place held by others
	-- Both are always counted, so that a limit may change what it counts at any time.
	held_units BIGINT NOT NULL DEFAULT 0 CHECK (held_units >= 0),
	consumed_units BIGINT NOT NULL DEFAULT 0 CHECK (consumed_units >= 0),
	by_units BOOLEAN NOT NULL DEFAULT FALSE, -- the capacity is of units
	least BIGINT NOT NULL DEFAULT 1, -- of what the capacity is of, a payment takes at least
	waiting BIGINT NOT NULL DEFAULT 0, -- entries that wait
	offered BIGINT NOT NULL DEFAULT 0, -- of held: offers, without an attempt
	offered_units BIGINT NOT NULL DEFAULT 0, -- of held_units: theirs
	PRIMARY KEY (link_id, mode)
);

-- What a business says when it shares a link, one text for each language.
CREATE TABLE share_texts (
	business_id TEXT NOT NULL REFERENCES businesses (id),
	link_id TEXT NOT NULL REFERENCES links (id),
	language TEXT NOT NULL, -- of the text: en, nl, de, fr, es or ar
	text TEXT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (link_id, language)
);
CREATE INDEX share_texts_business ON share_texts (business_id);

-- coupon: what is taken off a price, and the codes that give it.
CREATE TABLE coupons (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	name TEXT NOT NULL,
	percent BIGINT NOT NULL DEFAULT 0 CHECK (percent BETWEEN 0 AND 10000), -- hundredths of a percent; 0: an amount
	amount_minor BIGINT NOT NULL DEFAULT 0 CHECK (amount_minor >= 0),
	currency TEXT NOT NULL DEFAULT '', -- of the amount
	minimum_minor BIGINT NOT NULL DEFAULT 0 CHECK (minimum_minor >= 0), -- of what is bought; 0: none
	minimum_currency TEXT NOT NULL DEFAULT '',
	max_redemptions BIGINT CHECK (max_redemptions > 0), -- of all its codes; NULL: any number
	everywhere BOOLEAN NOT NULL, -- else for its targets alone, which may all be gone
	version BIGINT NOT NULL DEFAULT 1,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	CHECK ((percent > 0) <> (amount_minor > 0))
);
CREATE INDEX coupons_list ON coupons (business_id, id) WHERE deleted_at IS NULL;

-- What a coupon is for, where it is not for everything: links, products, and links with a tag.
CREATE TABLE coupon_targets (
	coupon_id TEXT NOT NULL REFERENCES coupons (id),
	business_id TEXT NOT NULL REFERENCES businesses (id),
	kind TEXT NOT NULL CHECK (kind IN ('link', 'product', 'tag')),
	target_id TEXT NOT NULL,
	PRIMARY KEY (coupon_id, kind, target_id)
);

CREATE TABLE promotion_codes (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	coupon_id TEXT NOT NULL REFERENCES coupons (id),
	code TEXT NOT NULL, -- in capitals
	max_redemptions BIGINT CHECK (max_redemptions > 0),
	starts_at BIGINT,
	ends_at BIGINT,
	once_per_email BOOLEAN NOT NULL DEFAULT FALSE,
	version BIGINT NOT NULL DEFAULT 1,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT
);
CREATE UNIQUE INDEX promotion_codes_code ON promotion_codes (business_id, code) WHERE deleted_at IS NULL;
CREATE INDEX promotion_codes_list ON promotion_codes (business_id, id) WHERE deleted_at IS NULL;
CREATE INDEX promotion_codes_coupon ON promotion_codes (coupon_id, id);

-- How often a code was used, and a coupon by all its codes. The capacity is here too (NULL:
-- any number), so that one conditional update is the rule.
CREATE TABLE code_counts (
	owner_id TEXT NOT NULL, -- of a code or a coupon
	business_id TEXT NOT NULL REFERENCES businesses (id),
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	capacity BIGINT,
	held BIGINT NOT NULL DEFAULT 0 CHECK (held >= 0),
	used BIGINT NOT NULL DEFAULT 0 CHECK (used >= 0),
	PRIMARY KEY (owner_id, mode)
);

CREATE TABLE waiting_entries (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	link_id TEXT NOT NULL REFERENCES links (id),
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	number BIGINT NOT NULL, -- the order of joining
	email TEXT NOT NULL,
	email_folded TEXT NOT NULL,
	language TEXT NOT NULL,
	quantity BIGINT NOT NULL, -- places wanted
	state TEXT NOT NULL CHECK (state IN ('waiting', 'offered', 'taken', 'declined', 'ended')),
	token TEXT NOT NULL UNIQUE, -- of its mails: who has it may pay or leave
	offered_until BIGINT,
	due_at BIGINT, -- while it is offered
	attempt_id TEXT, -- that took it
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX waiting_entries_one ON waiting_entries (link_id, mode, email_folded) WHERE state IN ('waiting', 'offered');
CREATE INDEX waiting_entries_line ON waiting_entries (link_id, mode, state, number);
CREATE INDEX waiting_entries_due ON waiting_entries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX waiting_entries_group ON waiting_entries (business_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX waiting_entries_old ON waiting_entries (updated_at) WHERE state NOT IN ('waiting', 'offered');

-- payrequest: links that its programs asked for.
CREATE TABLE payrequest_links (
	link_id TEXT PRIMARY KEY REFERENCES links (id),
	business_id TEXT NOT NULL REFERENCES businesses (id),
	call TEXT NOT NULL, -- token, type, title, amount, currency and e-mail, hashed; '' for a payment request
	title TEXT NOT NULL, -- as the program called it
	callback TEXT NOT NULL, -- told when somebody paid; '' for nobody
	due_on TEXT NOT NULL, -- of a payment request: 2026-12-31, or ''
	created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX payrequest_links_call ON payrequest_links (business_id, call) WHERE call <> '';
CREATE INDEX payrequest_links_requests ON payrequest_links (business_id, link_id) WHERE call = '';

-- +goose Down
SELECT 1;
