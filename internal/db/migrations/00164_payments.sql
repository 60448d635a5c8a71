-- Money: attempts, payments, refunds, disputes, receipts; providers, bank transfers, statements.

-- +goose Up

-- A business's accounts at providers, apart for live and test. Keys are sealed;
-- of each only its last characters are ever shown.
CREATE TABLE provider_accounts (
	business_id TEXT NOT NULL REFERENCES businesses (id),
	provider TEXT NOT NULL,
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	account TEXT NOT NULL, -- the provider's id of the account
	label TEXT NOT NULL, -- its name there
	last4 TEXT NOT NULL,
	sealed_key TEXT NOT NULL,
	sealed_webhook TEXT NOT NULL DEFAULT '', -- sealed secret of the webhooks; '' without one
	webhook_id TEXT NOT NULL DEFAULT '', -- the endpoint that we made there; '' for none
	status TEXT NOT NULL CHECK (status IN ('working', 'refused')),
	problem TEXT NOT NULL DEFAULT '', -- what the provider said
	checked_at BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (business_id, provider, mode)
);

CREATE TABLE attempts (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	source TEXT NOT NULL CHECK (source IN ('link', 'page', 'product')),
	link_id TEXT REFERENCES links (id),
	product_id TEXT REFERENCES products (id),
	version BIGINT NOT NULL, -- of what was sold, as the payer saw it
	title TEXT NOT NULL,
	description TEXT NOT NULL DEFAULT '',
	reference TEXT NOT NULL DEFAULT '',
	amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0), -- 0: a code took off everything
	currency TEXT NOT NULL,
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	provider TEXT NOT NULL,
	provider_ref TEXT,
	checkout_url TEXT NOT NULL DEFAULT '',
	state TEXT NOT NULL CHECK (state IN ('creating', 'open', 'pending', 'closing', 'paid', 'failed', 'canceled', 'expired', 'released', 'review')),
	reason TEXT NOT NULL DEFAULT '',
	holds_slot BOOLEAN NOT NULL,
	hold_until BIGINT NOT NULL,
	sync_at BIGINT, -- when the poller looks next; NULL: never again
	sync_tries BIGINT NOT NULL DEFAULT 0,
	payer_name TEXT NOT NULL,
	payer_email TEXT NOT NULL,
	payer_email_folded TEXT NOT NULL,
	payer_notes TEXT NOT NULL DEFAULT '',
	payer_language TEXT NOT NULL DEFAULT '',
	payer_source TEXT NOT NULL DEFAULT '', -- masked address: caps on live holds
	channel TEXT NOT NULL,
	channel_detail TEXT NOT NULL DEFAULT '',
	campaign TEXT NOT NULL DEFAULT '',
	recipient_token TEXT NOT NULL DEFAULT '',
	visit_id TEXT NOT NULL DEFAULT '',
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	-- When somebody of the business had looked at a review, and it left the queue.
	looked_at BIGINT,
	-- Only ways to pay that confirm at once: asked of the provider, the same each time.
	instant_only BOOLEAN NOT NULL DEFAULT FALSE,
	-- payment: what is known of the visit, beside its channel.
	referrer TEXT NOT NULL DEFAULT '', -- a site's name
	browser TEXT NOT NULL DEFAULT '',
	os TEXT NOT NULL DEFAULT '',
	language TEXT NOT NULL DEFAULT '', -- of the browser
	-- payment: what was paid for, folded, to be found by a part of it.
	said_folded TEXT NOT NULL DEFAULT '',
	browser_key TEXT NOT NULL DEFAULT '', -- hash of the browser's cookie
	receipt_token TEXT NOT NULL DEFAULT '', -- opens the receipt
	payer_key TEXT NOT NULL DEFAULT '', -- keyed hash of the payer's address, for a day at most
	quantity BIGINT NOT NULL DEFAULT 1 CHECK (quantity > 0),
	unit_minor BIGINT, -- what one unit costs; NULL: the amount
	tip_minor BIGINT NOT NULL DEFAULT 0 CHECK (tip_minor >= 0),
	fee_minor BIGINT NOT NULL DEFAULT 0 CHECK (fee_minor >= 0), -- of the provider, covered by the payer
	answers TEXT NOT NULL DEFAULT '', -- JSON, with the labels as they were; '': nothing
	-- The payment that was recorded by hand instead: money that still comes is overflow.
	superseded_by TEXT NOT NULL DEFAULT '',
	host TEXT NOT NULL DEFAULT '', -- '' is the installation's
	country TEXT NOT NULL DEFAULT '',
	device TEXT NOT NULL DEFAULT '',
	code_id TEXT NOT NULL DEFAULT '', -- of the promotion code; '': none
	discount_code TEXT NOT NULL DEFAULT '', -- as it was
	discount_minor BIGINT NOT NULL DEFAULT 0 CHECK (discount_minor >= 0),
	holds_code BOOLEAN NOT NULL DEFAULT FALSE,
	methods TEXT NOT NULL DEFAULT '',
	UNIQUE (business_id, provider, provider_ref)
);
CREATE INDEX attempts_list ON attempts (business_id, mode, id);
CREATE INDEX attempts_link ON attempts (link_id, mode, id) WHERE link_id IS NOT NULL;
CREATE INDEX attempts_due ON attempts (sync_at) WHERE sync_at IS NOT NULL;
-- One live attempt for a visit and what it looks at: two tabs share it.
CREATE UNIQUE INDEX attempts_visit ON attempts (business_id, visit_id) WHERE visit_id <> '' AND state IN ('creating', 'open');
CREATE INDEX attempts_email ON attempts (business_id, mode, payer_email_folded);
CREATE INDEX attempts_reference ON attempts (business_id, mode, reference) WHERE reference <> '';
CREATE INDEX attempts_review ON attempts (business_id, mode, id) WHERE state = 'review' AND looked_at IS NULL;
CREATE INDEX attempts_recipient ON attempts (link_id, recipient_token) WHERE recipient_token <> '';
CREATE UNIQUE INDEX attempts_code ON attempts (business_id, SUBSTR(id, 23)) WHERE LENGTH(id) = 30;
CREATE INDEX attempts_browser ON attempts (business_id, browser_key, id) WHERE browser_key <> '';
CREATE INDEX attempts_amount ON attempts (business_id, mode, amount_minor, id);
CREATE INDEX attempts_sources ON attempts (business_id, payer_key, id) WHERE payer_key <> '' AND (holds_slot OR state IN ('failed', 'expired', 'released'));
CREATE INDEX attempts_held ON attempts (link_id, mode) WHERE holds_slot;
CREATE INDEX attempts_turns ON attempts (business_id, sync_at) WHERE sync_at IS NOT NULL;
-- Which questions there were, for the columns of lists.
CREATE INDEX attempts_answered ON attempts (business_id, mode, id) WHERE answers <> '';
CREATE INDEX attempts_promotion ON attempts (business_id, code_id, mode, payer_email_folded) WHERE code_id <> '';
-- Payments of nothing: caps count them for a day.
CREATE INDEX attempts_free ON attempts (link_id, mode, id) WHERE provider = 'none';
CREATE INDEX attempts_free_sources ON attempts (id) WHERE provider = 'none' AND payer_key <> '';
-- Attempts that came to nothing, the newest first.
CREATE INDEX attempts_unfinished ON attempts (business_id, mode, id) WHERE state IN ('failed', 'canceled', 'expired', 'released') AND payer_email_folded <> '';

CREATE TABLE attempt_events (
	attempt_id TEXT NOT NULL REFERENCES attempts (id),
	seq BIGINT NOT NULL,
	business_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	state TEXT NOT NULL,
	cause TEXT NOT NULL, -- payer, webhook, return, poller, merchant
	detail TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (attempt_id, seq)
);

CREATE TABLE webhook_inbox (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	provider TEXT NOT NULL,
	event TEXT NOT NULL, -- the provider's id of the event
	object TEXT NOT NULL, -- the provider's id of the payment
	body BYTEA NOT NULL,
	received_at BIGINT NOT NULL,
	processed_at BIGINT,
	outcome TEXT NOT NULL DEFAULT '',
	tries BIGINT NOT NULL DEFAULT 0,
	due_at BIGINT,
	-- Reports that nobody signed may be anybody's: there is one row for each payment that
	-- they are about, however many come.
	signed BOOLEAN NOT NULL DEFAULT TRUE,
	UNIQUE (business_id, provider, event)
);
CREATE INDEX webhook_inbox_due ON webhook_inbox (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX webhook_inbox_list ON webhook_inbox (business_id, id);
CREATE INDEX webhook_inbox_waiting ON webhook_inbox (business_id, id) WHERE processed_at IS NULL;
CREATE INDEX webhook_inbox_given_up ON webhook_inbox (business_id, id) WHERE outcome IN ('given up', 'unknown object');
CREATE INDEX webhook_inbox_told ON webhook_inbox (processed_at) WHERE LENGTH(body) > 0;
CREATE UNIQUE INDEX webhook_inbox_unsigned ON webhook_inbox (business_id, provider, object) WHERE NOT signed;
CREATE INDEX webhook_inbox_unsigned_age ON webhook_inbox (processed_at) WHERE NOT signed;
CREATE INDEX webhook_inbox_turns ON webhook_inbox (business_id, due_at) WHERE due_at IS NOT NULL;

-- Money that a provider confirmed. It shares the id of its attempt.
CREATE TABLE payments (
	id TEXT PRIMARY KEY REFERENCES attempts (id),
	business_id TEXT NOT NULL REFERENCES businesses (id),
	link_id TEXT,
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	provider TEXT NOT NULL,
	provider_ref TEXT NOT NULL,
	status TEXT NOT NULL CHECK (status IN ('accepted', 'accepted_late', 'overflow', 'refund_pending', 'refunded', 'partially_refunded', 'refund_failed')),
	currency TEXT NOT NULL,
	captured_minor BIGINT NOT NULL CHECK (captured_minor >= 0), -- 0: a code took off everything
	refunded_minor BIGINT NOT NULL DEFAULT 0 CHECK (refunded_minor BETWEEN 0 AND captured_minor),
	method TEXT NOT NULL DEFAULT '',
	receipt TEXT,
	paid_at BIGINT NOT NULL,
	-- Whose payment it was, as far as known. What the payer typed stays in attempts.
	customer_id TEXT,
	late BOOLEAN NOT NULL DEFAULT FALSE,
	reserved_minor BIGINT NOT NULL DEFAULT 0 CHECK (reserved_minor >= 0),
	disputed_minor BIGINT NOT NULL DEFAULT 0 CHECK (disputed_minor >= 0),
	lost_minor BIGINT NOT NULL DEFAULT 0 CHECK (lost_minor >= 0),
	slot_returned BOOLEAN NOT NULL DEFAULT FALSE,
	units_returned BIGINT NOT NULL DEFAULT 0, -- places that refunds gave back
	UNIQUE (business_id, provider, provider_ref),
	UNIQUE (business_id, mode, receipt)
);
CREATE INDEX payments_link ON payments (link_id, mode, paid_at, id) WHERE link_id IS NOT NULL;
CREATE INDEX payments_list ON payments (business_id, mode, paid_at, id);
CREATE INDEX payments_refund_failed ON payments (business_id, mode, id) WHERE status = 'refund_failed';
CREATE INDEX payments_of_customer ON payments (business_id, customer_id, mode, paid_at, id) WHERE customer_id IS NOT NULL;

CREATE TABLE payment_effects (
	payment_id TEXT NOT NULL REFERENCES payments (id),
	effect TEXT NOT NULL,
	business_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (payment_id, effect)
);

CREATE TABLE receipt_series (
	business_id TEXT NOT NULL REFERENCES businesses (id),
	mode TEXT NOT NULL,
	year INTEGER NOT NULL,
	last BIGINT NOT NULL,
	PRIMARY KEY (business_id, mode, year)
);

-- Who a business was before the law when it gave a receipt: that must not change
-- with its settings.
CREATE TABLE receipt_issuers (
	payment_id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL,
	name TEXT NOT NULL,
	address TEXT NOT NULL,
	registration_number TEXT NOT NULL,
	vat_number TEXT NOT NULL,
	vat_rate BIGINT -- hundredths of a percent; NULL prints no VAT
);

-- Refunds, whoever began them. The key is the idempotency key at the provider:
-- the payment's id where money came too late, else the refund's own.
CREATE TABLE refunds (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	payment_id TEXT NOT NULL REFERENCES payments (id),
	key TEXT NOT NULL,
	provider_ref TEXT, -- the provider's id, NULL until it is known
	amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
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
CREATE INDEX refunds_failed ON refunds (business_id, payment_id) WHERE state = 'failed' AND looked_at IS NULL;
CREATE UNIQUE INDEX refunds_credit_note ON refunds (business_id, credit_note) WHERE credit_note <> '';
CREATE INDEX refunds_without_note ON refunds (business_id) WHERE done_at IS NOT NULL AND credit_note IS NULL;
CREATE INDEX refunds_done ON refunds (business_id, done_at);

-- payment: credit notes, one for each refund that went through, in a series of their own.
CREATE TABLE credit_note_series (
	business_id TEXT NOT NULL REFERENCES businesses (id),
	mode TEXT NOT NULL,
	year INTEGER NOT NULL,
	last BIGINT NOT NULL,
	PRIMARY KEY (business_id, mode, year)
);

-- Payers' banks that ask for money back.
CREATE TABLE disputes (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	payment_id TEXT NOT NULL REFERENCES payments (id),
	provider_ref TEXT NOT NULL,
	amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
	state TEXT NOT NULL CHECK (state IN ('open', 'won', 'lost')),
	reason TEXT NOT NULL DEFAULT '',
	opened_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	lost_at BIGINT,
	reversed_at BIGINT,
	UNIQUE (payment_id, provider_ref)
);
CREATE INDEX disputes_open ON disputes (business_id, payment_id) WHERE state = 'open';
CREATE INDEX disputes_lost ON disputes (business_id, lost_at) WHERE lost_at IS NOT NULL;
CREATE INDEX disputes_reversed ON disputes (business_id, reversed_at) WHERE reversed_at IS NOT NULL;

-- payment: money that came outside any provider and that a member records.
CREATE TABLE recorded_payments (
	payment_id TEXT PRIMARY KEY REFERENCES payments (id),
	business_id TEXT NOT NULL REFERENCES businesses (id),
	paid_on TEXT NOT NULL, -- the day as it was typed, 2026-12-31
	note TEXT NOT NULL DEFAULT '', -- for the business alone
	recorded_by TEXT NOT NULL DEFAULT '', -- who did, as shown
	created_at BIGINT NOT NULL
);

-- payment: money from before this installation, which an import books in figures and for
-- customers alone.
CREATE TABLE past_payments (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	link_id TEXT,
	product_id TEXT,
	customer_id TEXT,
	title TEXT NOT NULL,
	reference TEXT NOT NULL DEFAULT '',
	method TEXT NOT NULL DEFAULT '',
	currency TEXT NOT NULL,
	amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
	paid_at BIGINT NOT NULL,
	created_at BIGINT NOT NULL
);
CREATE INDEX past_payments_list ON past_payments (business_id, mode, paid_at, id);
CREATE INDEX past_payments_customer ON past_payments (customer_id, mode) WHERE customer_id IS NOT NULL;

-- Payments that were not finished, and the one mail that asks their payers again.
CREATE TABLE recovery_settings (
	business_id TEXT PRIMARY KEY REFERENCES businesses (id),
	after_hours BIGINT NOT NULL CHECK (after_hours BETWEEN 1 AND 24),
	updated_at BIGINT NOT NULL
);

-- Who is asked again, and how to find back: the payer stands in the attempt alone.
CREATE TABLE recoveries (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	attempt_id TEXT NOT NULL UNIQUE,
	state TEXT NOT NULL CHECK (state IN ('planned', 'sent', 'left_out')),
	reason TEXT NOT NULL DEFAULT '', -- why it was left out
	by_hand BOOLEAN NOT NULL,
	token TEXT NOT NULL UNIQUE, -- brings the form back
	stop_token TEXT NOT NULL UNIQUE, -- opts out
	send_at BIGINT NOT NULL,
	due_at BIGINT, -- while it is planned: send_at, or the end of a lease
	sent_at BIGINT,
	ends_at BIGINT, -- of the token
	created_at BIGINT NOT NULL
);
CREATE INDEX recoveries_due ON recoveries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX recoveries_group ON recoveries (business_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX recoveries_sent ON recoveries (business_id, mode, sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX recoveries_old ON recoveries (created_at);

CREATE TABLE bank_accounts (
	business_id TEXT PRIMARY KEY REFERENCES businesses (id),
	name TEXT NOT NULL, -- of its owner, as banks know it
	iban TEXT NOT NULL,
	bic TEXT NOT NULL DEFAULT '',
	hold_days BIGINT NOT NULL CHECK (hold_days BETWEEN 1 AND 30),
	changed_at BIGINT NOT NULL, -- of the IBAN
	changed_by TEXT NOT NULL -- who did, as shown
);

-- What payers were told to send. Each keeps the account that its payer was shown.
CREATE TABLE bank_transfers (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	attempt_id TEXT NOT NULL UNIQUE,
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
	currency TEXT NOT NULL,
	reference TEXT NOT NULL, -- ISO 11649
	name TEXT NOT NULL,
	iban TEXT NOT NULL,
	bic TEXT NOT NULL,
	status TEXT NOT NULL CHECK (status IN ('waiting', 'canceled', 'paid')),
	expires_at BIGINT NOT NULL,
	booked_on TEXT NOT NULL DEFAULT '', -- the bank's day
	booked_minor BIGINT NOT NULL DEFAULT 0,
	returned_at BIGINT, -- when somebody said that money which was too much went back
	created_at BIGINT NOT NULL,
	kept_at BIGINT, -- when somebody said so
	UNIQUE (business_id, reference)
);
CREATE INDEX bank_transfers_amount ON bank_transfers (business_id, mode, amount_minor, status);

-- statement: files of banks that say which transfers came.
CREATE TABLE statements (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	status TEXT NOT NULL CHECK (status IN ('preview', 'booked')),
	format TEXT NOT NULL, -- camt.053, mt940 or csv
	name TEXT NOT NULL, -- of the file, which is not kept
	account TEXT NOT NULL, -- the business's IBAN that it is of
	first_day TEXT NOT NULL,
	last_day TEXT NOT NULL,
	entries BIGINT NOT NULL,
	came_minor BIGINT NOT NULL, -- all credits of the file together
	created_at BIGINT NOT NULL,
	created_by TEXT NOT NULL,
	booked_at BIGINT,
	booked_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX statements_recent ON statements (business_id, mode, created_at);
CREATE INDEX statements_unbooked ON statements (created_at) WHERE status = 'preview';

-- Entries of a statement. Of one that is left out its hash alone is here.
CREATE TABLE statement_entries (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	statement_id TEXT NOT NULL REFERENCES statements (id),
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	number BIGINT NOT NULL, -- its place in the file
	hash TEXT NOT NULL, -- what tells it from other entries of the account
	state TEXT NOT NULL CHECK (state IN ('matched', 'doubtful', 'left_out')),
	reason TEXT NOT NULL,
	kind TEXT NOT NULL, -- credit or reversal, '' where it is left out
	amount_minor BIGINT NOT NULL DEFAULT 0,
	currency TEXT NOT NULL DEFAULT '',
	booked_on TEXT NOT NULL DEFAULT '', -- the bank's day
	said TEXT NOT NULL DEFAULT '', -- what the payer wrote
	payer TEXT NOT NULL DEFAULT '',
	reference TEXT NOT NULL DEFAULT '', -- the creditor reference in it
	sealed_iban TEXT NOT NULL DEFAULT '', -- the payer's, while somebody may have to send money back
	iban_hint TEXT NOT NULL DEFAULT '', -- its country and last digits
	payment_id TEXT NOT NULL DEFAULT '', -- whose money it is, or may be
	act TEXT NOT NULL DEFAULT '', -- what somebody decided
	acted_by TEXT NOT NULL DEFAULT '',
	acted_at BIGINT,
	returned_on TEXT NOT NULL DEFAULT '',
	waits BOOLEAN NOT NULL DEFAULT FALSE, -- for somebody to decide
	taken_at BIGINT, -- when it became the money of payment_id
	due_at BIGINT -- when the payment is to be settled by it
);
CREATE INDEX statement_entries_of ON statement_entries (statement_id, number);
CREATE UNIQUE INDEX statement_entries_one ON statement_entries (business_id, payment_id) WHERE taken_at IS NOT NULL;
CREATE INDEX statement_entries_waiting ON statement_entries (business_id, mode, booked_on) WHERE waits;
CREATE INDEX statement_entries_like ON statement_entries (business_id, booked_on, amount_minor);
CREATE INDEX statement_entries_due ON statement_entries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX statement_entries_group ON statement_entries (business_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX statement_entries_sealed ON statement_entries (id) WHERE sealed_iban <> '';

-- Entries that were booked, or wait, or were decided on: none is taken in twice.
CREATE TABLE statement_hashes (
	business_id TEXT NOT NULL REFERENCES businesses (id),
	mode TEXT NOT NULL,
	hash TEXT NOT NULL,
	statement_id TEXT NOT NULL,
	PRIMARY KEY (business_id, mode, hash)
);

-- What the columns of a bank's CSV files are, by the names in their first line.
CREATE TABLE statement_columns (
	business_id TEXT NOT NULL REFERENCES businesses (id),
	header TEXT NOT NULL, -- a hash of the names
	columns TEXT NOT NULL, -- JSON
	PRIMARY KEY (business_id, header)
);

CREATE TABLE sandbox_payments (
	id TEXT PRIMARY KEY,
	account TEXT NOT NULL,
	key TEXT NOT NULL, -- idempotency key
	amount_minor BIGINT NOT NULL,
	currency TEXT NOT NULL,
	description TEXT NOT NULL,
	metadata TEXT NOT NULL,
	status TEXT NOT NULL CHECK (status IN ('open', 'pending', 'paid', 'failed', 'canceled', 'expired')),
	refunded_minor BIGINT NOT NULL DEFAULT 0 CHECK (refunded_minor BETWEEN 0 AND amount_minor),
	return_url TEXT NOT NULL,
	webhook_url TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	paid_at BIGINT,
	refunds_fail BOOLEAN NOT NULL DEFAULT FALSE,
	source TEXT NOT NULL DEFAULT '{}',
	UNIQUE (account, key)
);

CREATE TABLE sandbox_refunds (
	payment_id TEXT NOT NULL REFERENCES sandbox_payments (id),
	key TEXT NOT NULL, -- idempotency key
	amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
	id TEXT NOT NULL DEFAULT '',
	failed BOOLEAN NOT NULL DEFAULT FALSE,
	PRIMARY KEY (payment_id, key)
);

CREATE TABLE sandbox_disputes (
	id TEXT PRIMARY KEY,
	payment_id TEXT NOT NULL REFERENCES sandbox_payments (id),
	amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
	state TEXT NOT NULL CHECK (state IN ('open', 'won', 'lost')),
	opened_at BIGINT NOT NULL
);
CREATE INDEX sandbox_disputes_payment ON sandbox_disputes (payment_id);

CREATE TABLE sandbox_webhooks (
	id TEXT PRIMARY KEY,
	payment_id TEXT NOT NULL REFERENCES sandbox_payments (id),
	event TEXT NOT NULL,
	forged BOOLEAN NOT NULL DEFAULT FALSE,
	tries BIGINT NOT NULL DEFAULT 0,
	due_at BIGINT,
	delivered_at BIGINT
);
CREATE INDEX sandbox_webhooks_due ON sandbox_webhooks (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX sandbox_webhooks_turns ON sandbox_webhooks (payment_id, due_at) WHERE due_at IS NOT NULL;

-- +goose Down
SELECT 1;
