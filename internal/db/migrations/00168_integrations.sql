-- Programs: tokens, grants, webhooks, imports; the audit log, background jobs, moves.

-- +goose Up

CREATE TABLE api_tokens (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	name TEXT NOT NULL,
	hash TEXT NOT NULL UNIQUE,
	scopes TEXT NOT NULL, -- separated by spaces
	created_at BIGINT NOT NULL,
	last_used_at BIGINT,
	revoked_at BIGINT,
	-- Who made a token: the id of a member; '' is the command line, or nobody knows.
	made_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX api_tokens_business ON api_tokens (business_id, id);
CREATE INDEX api_tokens_maker ON api_tokens (business_id, made_by) WHERE revoked_at IS NULL;

CREATE TABLE idempotency_keys (
	business_id TEXT NOT NULL,
	key TEXT NOT NULL,
	request TEXT NOT NULL, -- hash of method, path and body
	status INTEGER NOT NULL DEFAULT 0, -- 0 while the first request runs
	header TEXT NOT NULL DEFAULT '',
	body BYTEA,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (business_id, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

-- A program that has registered itself (RFC 7591). One that is described by a document at
-- its own address needs no row.
CREATE TABLE oauth_clients (
	id TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	redirect_uris TEXT NOT NULL, -- separated by blanks, which none contains
	created_at BIGINT NOT NULL -- by the wall
);
CREATE INDEX oauth_clients_age ON oauth_clients (created_at);

CREATE TABLE grants (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	user_id TEXT NOT NULL,
	joined_at BIGINT NOT NULL, -- of the membership that it ends with
	client_id TEXT NOT NULL,
	client_name TEXT NOT NULL,
	scopes TEXT NOT NULL,
	drafts BOOLEAN NOT NULL, -- links that it makes stay inactive
	created_at BIGINT NOT NULL,
	last_used_at BIGINT,
	revoked_at BIGINT
);
CREATE INDEX grants_business ON grants (business_id, id);

CREATE TABLE grant_tokens (
	hash TEXT PRIMARY KEY,
	business_id TEXT NOT NULL,
	grant_id TEXT NOT NULL REFERENCES grants (id),
	kind TEXT NOT NULL, -- code, access or refresh
	redirect_uri TEXT NOT NULL DEFAULT '', -- of a code, with
	challenge TEXT NOT NULL DEFAULT '', -- S256 of RFC 7636
	expires_at BIGINT NOT NULL, -- by the wall
	used_at BIGINT -- of a code or refresh token, which is good for once
);
CREATE INDEX grant_tokens_grant ON grant_tokens (grant_id, kind);
CREATE INDEX grant_tokens_expiry ON grant_tokens (expires_at);

-- How often tools were called, by day of UTC.
CREATE TABLE grant_days (
	business_id TEXT NOT NULL,
	grant_id TEXT NOT NULL REFERENCES grants (id),
	day BIGINT NOT NULL,
	calls BIGINT NOT NULL,
	PRIMARY KEY (grant_id, day)
);

-- What happened, written by the transaction in which it did.
CREATE TABLE events (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	type TEXT NOT NULL,
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	object TEXT NOT NULL, -- id of what it is about
	key TEXT NOT NULL, -- at most one event for each; '' never collides
	body TEXT NOT NULL, -- as it is posted
	created_at BIGINT NOT NULL,
	kept_from BIGINT NOT NULL -- by the wall, unlike created_at: it is removed some weeks later
);
CREATE UNIQUE INDEX events_key ON events (business_id, key) WHERE key <> '';
CREATE INDEX events_list ON events (business_id, id);
CREATE INDEX events_old ON events (kept_from);

-- Where a business's systems hear of events.
CREATE TABLE webhook_endpoints (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	url TEXT NOT NULL,
	description TEXT NOT NULL,
	events TEXT NOT NULL, -- types separated by spaces; * for all, also those to come
	active BOOLEAN NOT NULL,
	stopped TEXT NOT NULL DEFAULT '', -- why it is not active; '' by a member
	failing_since BIGINT, -- by the wall: nothing was taken since; NULL: the last was
	secret TEXT NOT NULL, -- sealed
	old_secret TEXT NOT NULL DEFAULT '', -- sealed; signs as well until old_until
	old_until BIGINT, -- by the wall
	version BIGINT NOT NULL DEFAULT 1,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	-- webhook: in which form an endpoint is told.
	format TEXT NOT NULL DEFAULT 'standard' CHECK (format IN ('standard', 'payrequest'))
);
CREATE INDEX webhook_endpoints_business ON webhook_endpoints (business_id, id);

-- An event on its way to an endpoint.
CREATE TABLE webhook_deliveries (
	event_id TEXT NOT NULL REFERENCES events (id),
	endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id),
	business_id TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
	tries BIGINT NOT NULL DEFAULT 0, -- of this series; sending again begins a new one
	status BIGINT NOT NULL DEFAULT 0, -- of the last answer; 0 for none
	due_at BIGINT, -- by the wall; NULL: never again
	updated_at BIGINT NOT NULL, -- by the wall
	PRIMARY KEY (event_id, endpoint_id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX webhook_deliveries_endpoint ON webhook_deliveries (endpoint_id, event_id);
CREATE INDEX webhook_deliveries_turns ON webhook_deliveries (endpoint_id, due_at) WHERE due_at IS NOT NULL;

-- One try: what was sent and what came back. The body sent is the event's.
CREATE TABLE webhook_posts (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL,
	event_id TEXT NOT NULL,
	endpoint_id TEXT NOT NULL,
	at BIGINT NOT NULL, -- by the wall, as signed
	url TEXT NOT NULL,
	signature TEXT NOT NULL,
	took BIGINT NOT NULL, -- microseconds
	status BIGINT NOT NULL, -- 0 without an answer
	answer BYTEA, -- its first 64 KiB
	problem TEXT NOT NULL -- why there is no answer
);
CREATE INDEX webhook_posts_delivery ON webhook_posts (event_id, endpoint_id, id);

-- webhook: what is posted once, when somebody paid, to an address of its own.
CREATE TABLE callbacks (
	key TEXT NOT NULL, -- at most one for each: the payment's id
	business_id TEXT NOT NULL REFERENCES businesses (id),
	url TEXT NOT NULL,
	host TEXT NOT NULL, -- of the url: one that hangs holds up itself alone
	form TEXT NOT NULL, -- the body, urlencoded
	state TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
	tries BIGINT NOT NULL DEFAULT 0,
	status BIGINT NOT NULL DEFAULT 0, -- of the last answer; 0 for none
	problem TEXT NOT NULL DEFAULT '', -- why there was no answer
	due_at BIGINT, -- by the wall; NULL: never again
	updated_at BIGINT NOT NULL, -- by the wall
	PRIMARY KEY (business_id, key)
);
CREATE INDEX callbacks_due ON callbacks (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX callbacks_old ON callbacks (updated_at);
CREATE INDEX callbacks_turns ON callbacks (host, due_at) WHERE due_at IS NOT NULL;

-- importer: files of customers, links or past payments, and what became of each line.
CREATE TABLE imports (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	kind TEXT NOT NULL CHECK (kind IN ('customers', 'links', 'payments')),
	name TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('reading', 'ready', 'running', 'stopped', 'done')),
	header TEXT NOT NULL,
	fields TEXT NOT NULL,
	update_known BOOLEAN NOT NULL,
	repeat BOOLEAN NOT NULL,
	user_id TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	finished_at BIGINT,
	encoding TEXT NOT NULL DEFAULT '',
	original BYTEA,
	due_at BIGINT
);
CREATE INDEX imports_of_business ON imports (business_id, kind, id);
CREATE UNIQUE INDEX imports_running ON imports (business_id, kind) WHERE state = 'running';
CREATE INDEX imports_due ON imports (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX imports_turns ON imports (business_id, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE import_rows (
	business_id TEXT NOT NULL REFERENCES businesses (id),
	import_id TEXT NOT NULL REFERENCES imports (id),
	line BIGINT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('waiting', 'created', 'updated', 'kept', 'repeated', 'failed')),
	cells TEXT NOT NULL,
	problems TEXT NOT NULL,
	fingerprint TEXT NOT NULL,
	object_id TEXT NOT NULL,
	PRIMARY KEY (import_id, line)
);
CREATE INDEX import_rows_by_state ON import_rows (import_id, state, line);
CREATE INDEX import_rows_made ON import_rows (business_id, fingerprint) WHERE state = 'created';

-- Who saved the version of something that others may have open in a form.
CREATE TABLE edits (
	business_id TEXT NOT NULL REFERENCES businesses (id),
	object TEXT NOT NULL, -- its id, or its kind where there is one of each
	version BIGINT NOT NULL,
	user_id TEXT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (business_id, object)
);

-- Who did what in a business. Names are those of then: people leave, tokens are
-- revoked, and what they did stays theirs.
CREATE TABLE audit_log (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	at BIGINT NOT NULL, -- by the wall
	actor TEXT NOT NULL, -- id of the member or of the token
	name TEXT NOT NULL,
	what TEXT NOT NULL, -- in words
	object TEXT NOT NULL, -- id, '' for none
	address TEXT NOT NULL -- from where
);
CREATE INDEX audit_log_list ON audit_log (business_id, at, id);
CREATE INDEX audit_log_old ON audit_log (at);
CREATE INDEX audit_log_actor ON audit_log (business_id, actor, at);

-- What belongs to no row of a feature, and what comes back.
CREATE TABLE jobs (
	id TEXT PRIMARY KEY, -- its name for one that comes back
	business_id TEXT NOT NULL, -- '' for the installation's
	name TEXT NOT NULL,
	payload TEXT NOT NULL, -- JSON, or ''
	tries BIGINT NOT NULL DEFAULT 0,
	period BIGINT NOT NULL DEFAULT 0, -- microseconds; 0 for one that is done once
	due_at BIGINT, -- by the wall
	created_at BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX jobs_turns ON jobs (business_id, due_at) WHERE due_at IS NOT NULL;

-- What was, or is being, moved to another database. Both have a row while it is under way:
-- the one that is left says so for good, the one that is filled until all of it is there.
CREATE TABLE moves (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	move TEXT NOT NULL, -- the same in both databases
	role TEXT NOT NULL CHECK (role IN ('source', 'target')),
	other TEXT NOT NULL, -- where the other database is, for people
	began_at BIGINT NOT NULL,
	ended_at BIGINT, -- of a source whose rows are all in the other
	postponed TEXT NOT NULL DEFAULT '' -- of a target: statements that make its foreign keys, when all is there
);

-- How many rows of each table a target has got, in the order of their keys.
CREATE TABLE moved_tables (
	name TEXT PRIMARY KEY,
	copied BIGINT NOT NULL
);

-- +goose Down
SELECT 1;
