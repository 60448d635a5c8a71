-- A payment of nothing is given back too: its refund is over 0.00, as its receipt is. SQLite
-- changes no constraint, so the table is made anew.
CREATE TABLE refunds_new (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	payment_id TEXT NOT NULL REFERENCES payments (id),
	key TEXT NOT NULL,
	provider_ref TEXT, -- the provider's id, NULL until it is known
	amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
	origin TEXT NOT NULL CHECK (origin IN ('merchant', 'overflow', 'provider')),
	state TEXT NOT NULL CHECK (state IN ('asked', 'pending', 'done', 'failed')),
	reason TEXT NOT NULL DEFAULT '', -- the merchant's
	problem TEXT NOT NULL DEFAULT '', -- why it waits or failed
	return_slot BOOLEAN NOT NULL DEFAULT FALSE,
	asked_by TEXT NOT NULL DEFAULT '', -- who asked, as shown
	looked_at BIGINT, -- when somebody had looked at a failed one
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	return_units BIGINT NOT NULL DEFAULT 0, -- of return_slot: all that are left
	part TEXT NOT NULL DEFAULT '' CHECK (part IN ('', 'goods', 'tip', 'fee_covered')), -- '': goods first, then fee, then tip
	done_at BIGINT, -- when it went through
	credit_note TEXT, -- its number, '' where the payment has no receipt; NULL until it is given
	goods_minor BIGINT NOT NULL DEFAULT 0, -- what it gave back of each part, once it went through
	fee_minor BIGINT NOT NULL DEFAULT 0,
	tip_minor BIGINT NOT NULL DEFAULT 0,
	UNIQUE (payment_id, key),
	UNIQUE (payment_id, provider_ref)
);
INSERT INTO refunds_new (id, business_id, payment_id, key, provider_ref, amount_minor, origin, state, reason, problem, return_slot, asked_by, looked_at,
	created_at, updated_at, return_units, part, done_at, credit_note, goods_minor, fee_minor, tip_minor)
SELECT id, business_id, payment_id, key, provider_ref, amount_minor, origin, state, reason, problem, return_slot, asked_by, looked_at,
	created_at, updated_at, return_units, part, done_at, credit_note, goods_minor, fee_minor, tip_minor FROM refunds;
DROP TABLE refunds;
ALTER TABLE refunds_new RENAME TO refunds;
CREATE INDEX refunds_failed ON refunds (business_id, payment_id) WHERE state = 'failed' AND looked_at IS NULL;
CREATE UNIQUE INDEX refunds_credit_note ON refunds (business_id, credit_note) WHERE credit_note <> '';
CREATE INDEX refunds_without_note ON refunds (business_id) WHERE done_at IS NOT NULL AND credit_note IS NULL;
CREATE INDEX refunds_done ON refunds (business_id, done_at);
