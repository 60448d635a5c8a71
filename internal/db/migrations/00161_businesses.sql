-- Businesses, who works in them, and how they sign in.
--
-- Instants are UTC microseconds in BIGINT, money is integer minor units, ids
-- are made by the application. Every tenant row carries business_id. Text that
-- is compared without case is stored folded beside what was typed.

-- +goose Up

CREATE TABLE installation (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	clock_offset BIGINT NOT NULL DEFAULT 0, -- microseconds that test mode is ahead of the wall
	notices BIGINT NOT NULL DEFAULT 0, -- counts changes made by commands beside a running server
	nodes BIGINT NOT NULL DEFAULT 0, -- numbers the processes, for ids of views
	key_check TEXT NOT NULL DEFAULT '', -- tells whether the secret key is the one that sealed
	-- After a restore, public pages wait until what the backup forgot is repaired.
	restored_at BIGINT
);
INSERT INTO installation (id) VALUES (1);

CREATE TABLE businesses (
	id TEXT PRIMARY KEY,
	handle TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	currency TEXT NOT NULL,
	locale TEXT NOT NULL,
	time_zone TEXT NOT NULL,
	brand_color TEXT NOT NULL,
	contact_email TEXT NOT NULL DEFAULT '',
	page_enabled BOOLEAN NOT NULL DEFAULT TRUE,
	page_title TEXT NOT NULL DEFAULT '',
	page_description TEXT NOT NULL DEFAULT '',
	page_success TEXT NOT NULL DEFAULT '',
	page_default_minor BIGINT,
	page_min_minor BIGINT,
	page_max_minor BIGINT,
	page_payer_amount BOOLEAN NOT NULL DEFAULT TRUE,
	provider TEXT NOT NULL DEFAULT '', -- '' is the installation's own
	signing_secret TEXT NOT NULL, -- sealed; signs the after-payment redirect
	version BIGINT NOT NULL DEFAULT 1,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	legal_name TEXT NOT NULL DEFAULT '',
	legal_address TEXT NOT NULL DEFAULT '',
	registration_number TEXT NOT NULL DEFAULT '',
	vat_number TEXT NOT NULL DEFAULT '',
	vat_rate BIGINT, -- hundredths of a percent
	terms_url TEXT NOT NULL DEFAULT '',
	privacy_url TEXT NOT NULL DEFAULT '',
	-- Of a provider that moves real money: whether the business uses its test
	-- account. '' is live.
	provider_mode TEXT NOT NULL DEFAULT '',
	limited_instant_only BOOLEAN NOT NULL DEFAULT FALSE,
	page_suggested TEXT NOT NULL DEFAULT '',
	cover_id TEXT, -- of images
	frame_origins TEXT NOT NULL DEFAULT '', -- apart by spaces
	-- How long views are kept, in months; 0 is for ever. Totals stay.
	keep_views_months BIGINT NOT NULL DEFAULT 0,
	-- When somebody put the list of what is left to set up away.
	checklist_hidden_at BIGINT,
	-- business: its programs speak to the API as PayRequest's did.
	payrequest BOOLEAN NOT NULL DEFAULT FALSE,
	signing_secret_before TEXT NOT NULL DEFAULT '', -- sealed
	signing_secret_until BIGINT, -- signs beside the new one
	takes_transfers BOOLEAN NOT NULL DEFAULT FALSE -- payers are offered bank transfer
);

CREATE TABLE images (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	content_type TEXT NOT NULL,
	width INTEGER NOT NULL,
	height INTEGER NOT NULL,
	body BYTEA NOT NULL,
	created_at BIGINT NOT NULL
);
ALTER TABLE businesses ADD COLUMN logo_id TEXT REFERENCES images (id);

CREATE TABLE old_handles (
	handle TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	created_at BIGINT NOT NULL
);

CREATE TABLE users (
	id TEXT PRIMARY KEY,
	email TEXT NOT NULL,
	email_folded TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	password_hash TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	epoch BIGINT NOT NULL DEFAULT 0, -- moves on when what signs them in changes
	signed_in_at BIGINT,
	totp_secret TEXT NOT NULL DEFAULT '', -- sealed; '' while the second step is off
	totp_draft TEXT NOT NULL DEFAULT '', -- sealed; shown, not yet proved by a code
	totp_used BIGINT NOT NULL DEFAULT 0, -- time step of the last code that was taken
	language TEXT NOT NULL DEFAULT '' -- '' follows the browser
);

CREATE TABLE members (
	business_id TEXT NOT NULL REFERENCES businesses (id),
	user_id TEXT NOT NULL REFERENCES users (id),
	role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'staff')),
	created_at BIGINT NOT NULL,
	PRIMARY KEY (business_id, user_id)
);
CREATE INDEX members_user ON members (user_id);

CREATE TABLE sessions (
	token TEXT PRIMARY KEY, -- hashed
	data BYTEA NOT NULL,
	expiry BIGINT NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expiry);

CREATE TABLE throttles (
	bucket TEXT PRIMARY KEY, -- what is counted, for whom
	hits BIGINT NOT NULL,
	window_until BIGINT NOT NULL,
	-- Nothing in the bucket is looked at before: waits that grow with wrong tries.
	open_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX throttles_until ON throttles (window_until);

-- Who is signed in where. The table sessions holds what browsers remember; a
-- session whose row here is gone opens nothing.
CREATE TABLE sign_ins (
	id TEXT PRIMARY KEY,
	user_id TEXT NOT NULL REFERENCES users (id),
	agent TEXT NOT NULL, -- browser and system, in words
	address TEXT NOT NULL, -- masked
	created_at BIGINT NOT NULL,
	seen_at BIGINT NOT NULL
);
CREATE INDEX sign_ins_user ON sign_ins (user_id, seen_at);
CREATE INDEX sign_ins_seen ON sign_ins (seen_at);

-- Browsers that somebody has signed in with. Wrong passwords from elsewhere make
-- them wait for nothing.
CREATE TABLE trusted_browsers (
	hash TEXT NOT NULL, -- of the browser's token
	user_id TEXT NOT NULL REFERENCES users (id),
	seen_at BIGINT NOT NULL, -- by the wall
	PRIMARY KEY (hash, user_id)
);
CREATE INDEX trusted_browsers_user ON trusted_browsers (user_id, seen_at);
CREATE INDEX trusted_browsers_seen ON trusted_browsers (seen_at);

CREATE TABLE passkeys (
	id TEXT PRIMARY KEY,
	user_id TEXT NOT NULL REFERENCES users (id),
	credential TEXT NOT NULL UNIQUE, -- its id, as the authenticator gave it, in base64url
	record TEXT NOT NULL, -- JSON: public key, flags, counter
	name TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	used_at BIGINT
);
CREATE INDEX passkeys_user ON passkeys (user_id, id);

CREATE TABLE recovery_codes (
	user_id TEXT NOT NULL REFERENCES users (id),
	hash TEXT NOT NULL,
	PRIMARY KEY (user_id, hash)
);

-- Links in mails that work once.
CREATE TABLE mailed_links (
	hash TEXT PRIMARY KEY,
	kind TEXT NOT NULL CHECK (kind IN ('password', 'email')),
	user_id TEXT NOT NULL, -- '' for an address that nobody has
	email TEXT NOT NULL DEFAULT '', -- the new address
	email_folded TEXT NOT NULL DEFAULT '',
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE INDEX mailed_links_user ON mailed_links (user_id, kind);
CREATE INDEX mailed_links_expiry ON mailed_links (expires_at);

CREATE TABLE invitations (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	email TEXT NOT NULL,
	email_folded TEXT NOT NULL,
	role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'staff')),
	hash TEXT NOT NULL UNIQUE, -- of the link's token
	invited_by TEXT NOT NULL REFERENCES users (id),
	created_at BIGINT NOT NULL,
	expires_at BIGINT NOT NULL,
	UNIQUE (business_id, email_folded)
);

-- saved: what a list of the dashboard is narrowed to, under a name.
CREATE TABLE saved_searches (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	list TEXT NOT NULL, -- links, customers or transactions
	name TEXT NOT NULL,
	name_folded TEXT NOT NULL,
	query TEXT NOT NULL, -- as the address of the list has it
	created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX saved_searches_name ON saved_searches (business_id, list, name_folded);

-- +goose Down
SELECT 1;
