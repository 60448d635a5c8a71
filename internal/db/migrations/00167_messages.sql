-- What is sent: mails, SMS, requests, reminders, alerts; and what comes back.

-- +goose Up

-- How a business sends.
CREATE TABLE mail_settings (
	business_id TEXT PRIMARY KEY REFERENCES businesses (id),
	from_name TEXT NOT NULL DEFAULT '', -- '' for the business's name
	from_address TEXT NOT NULL DEFAULT '', -- '' for the installation's; only with a gateway of its own
	reply_to TEXT NOT NULL DEFAULT '', -- '' for the business's contact address
	gateway TEXT NOT NULL DEFAULT '', -- sealed; '' for the installation's
	version BIGINT NOT NULL DEFAULT 1,
	updated_at BIGINT NOT NULL,
	attach_pdf BOOLEAN NOT NULL DEFAULT FALSE,
	-- Whom what comes back is addressed to: '' for the sender's own address. Each mail gets a
	-- signed address below it.
	return_address TEXT NOT NULL DEFAULT ''
);

-- What a business wrote in place of our words.
CREATE TABLE mail_templates (
	business_id TEXT NOT NULL REFERENCES businesses (id),
	kind TEXT NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (business_id, kind)
);

-- E-mails on their way. What they tell is sealed, because some carry links that
-- let people in; it is forgotten once the mail is sent.
CREATE TABLE mails (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL, -- '' from the installation itself
	kind TEXT NOT NULL,
	key TEXT NOT NULL, -- at most one mail for each
	recipient TEXT NOT NULL,
	recipient_name TEXT NOT NULL,
	language TEXT NOT NULL,
	facts TEXT NOT NULL, -- sealed; '' once it is sent
	state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed')),
	reason TEXT NOT NULL DEFAULT '', -- why it waits or failed
	tries BIGINT NOT NULL DEFAULT 0,
	due_at BIGINT, -- by the wall, unlike all other times; NULL: never again
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	UNIQUE (business_id, key)
);
CREATE INDEX mails_due ON mails (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX mails_trouble ON mails (business_id, id) WHERE reason <> '';
-- What is forgotten after a while is found without reading all that is kept.
CREATE INDEX mails_known ON mails (updated_at) WHERE recipient <> '' AND due_at IS NULL;
CREATE INDEX mails_turns ON mails (business_id, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE mailbox (
	id TEXT PRIMARY KEY, -- of the message
	channel TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
	at BIGINT NOT NULL,
	sender TEXT NOT NULL,
	recipient TEXT NOT NULL,
	subject TEXT NOT NULL DEFAULT '',
	plain TEXT NOT NULL,
	html TEXT NOT NULL DEFAULT '',
	source TEXT NOT NULL DEFAULT '',
	-- Letters about somebody's account open it: the mailbox of a public test
	-- installation keeps them to itself.
	account BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX mailbox_at ON mailbox (at, id);

-- How many mails went to an address that nobody has confirmed. The address is hashed,
-- and a line is deleted with its day.
CREATE TABLE unconfirmed_mails (
	business_id TEXT NOT NULL,
	address TEXT NOT NULL,
	day BIGINT NOT NULL, -- since 1970, UTC
	sent BIGINT NOT NULL,
	PRIMARY KEY (business_id, address, day)
);
CREATE INDEX unconfirmed_mails_day ON unconfirmed_mails (day);

-- How a business sends SMS.
CREATE TABLE sms_settings (
	business_id TEXT PRIMARY KEY REFERENCES businesses (id),
	gateway TEXT NOT NULL DEFAULT '', -- sealed; '' for the installation's
	sender TEXT NOT NULL DEFAULT '', -- with the installation's gateway; '' for the business's name
	day_cap BIGINT NOT NULL, -- segments
	version BIGINT NOT NULL DEFAULT 1,
	updated_at BIGINT NOT NULL,
	-- Why the gateway refuses the account that a business sends through, since when;
	-- '' while it takes messages, or nobody has tried.
	problem TEXT NOT NULL DEFAULT '',
	problem_at BIGINT
);

-- SMS on their way. What they say is sealed, because it holds a customer's own
-- link; it is forgotten once the message is sent.
CREATE TABLE texts (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	key TEXT NOT NULL, -- at most one SMS for each
	recipient TEXT NOT NULL, -- E.164
	body TEXT NOT NULL, -- sealed; '' once it is sent
	segments BIGINT NOT NULL,
	counted BOOLEAN NOT NULL DEFAULT FALSE, -- in texts_spent
	report_token TEXT NOT NULL, -- in the address at which the gateway reports
	gateway_id TEXT NOT NULL DEFAULT '',
	state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'failed')),
	reason TEXT NOT NULL DEFAULT '', -- why it waits or failed
	tries BIGINT NOT NULL DEFAULT 0,
	clear_tries BIGINT NOT NULL DEFAULT 0, -- up to this one it is certain that nothing was taken
	due_at BIGINT, -- by the wall, unlike all other times; NULL: never again
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	-- How often a gateway has refused the message for certain. Such a try is over, and
	-- the next one is told from it by another idempotency key; those that were refused
	-- because of the account use up none of the tries.
	refusals BIGINT NOT NULL DEFAULT 0,
	UNIQUE (business_id, key)
);
CREATE INDEX texts_due ON texts (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX texts_trouble ON texts (business_id, id) WHERE reason <> '';
CREATE INDEX texts_known ON texts (updated_at) WHERE recipient <> '' AND due_at IS NULL;
CREATE INDEX texts_turns ON texts (business_id, due_at) WHERE due_at IS NOT NULL;

-- How many segments a business has sent on a day of its own calendar.
CREATE TABLE texts_spent (
	business_id TEXT NOT NULL,
	day TEXT NOT NULL, -- 2026-02-18
	segments BIGINT NOT NULL,
	PRIMARY KEY (business_id, day)
);

-- Whom a link was sent to. Reminders and what a payment does belong to this.
CREATE TABLE recipients (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	link_id TEXT NOT NULL REFERENCES links (id),
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	customer_id TEXT, -- NULL: the customer was deleted
	created_at BIGINT NOT NULL,
	UNIQUE (link_id, mode, customer_id)
);
CREATE INDEX recipients_customer ON recipients (customer_id) WHERE customer_id IS NOT NULL;

-- One row for each occasion: a first send or a reminder, by all its channels.
CREATE TABLE sends (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL,
	link_id TEXT NOT NULL,
	recipient_id TEXT NOT NULL REFERENCES recipients (id),
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	kind TEXT NOT NULL CHECK (kind IN ('send', 'reminder')),
	number BIGINT NOT NULL DEFAULT 0, -- of a reminder, from 1
	key TEXT NOT NULL DEFAULT '', -- at most one send for each but ''
	message TEXT NOT NULL DEFAULT '', -- the merchant's own words
	status TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'delivered', 'failed')),
	at BIGINT NOT NULL,
	-- Why a reminder did not go out on its day, '' when it did. It has no deliveries.
	skipped TEXT NOT NULL DEFAULT '',
	-- The ways by which it would have gone, parted by commas.
	skipped_channels TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX sends_key ON sends (business_id, key) WHERE key <> '';
CREATE INDEX sends_link ON sends (link_id, mode, id);
CREATE INDEX sends_recipient ON sends (recipient_id, id);

CREATE TABLE deliveries (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL,
	send_id TEXT NOT NULL REFERENCES sends (id),
	channel TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
	address TEXT NOT NULL, -- as it was then; '' without one
	token TEXT NOT NULL UNIQUE, -- behind /r/: which message led to a view or a payment
	status TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'delivered', 'failed')),
	reason TEXT NOT NULL DEFAULT '', -- why it waits or failed
	gateway_id TEXT NOT NULL DEFAULT '',
	sent_at BIGINT,
	delivered_at BIGINT,
	updated_at BIGINT NOT NULL,
	-- Behind /s/: opts out of the messages of a business, and in again. It is not the token
	-- of the pay link, which merchants read and payers forward.
	stop_token TEXT NOT NULL DEFAULT '',
	UNIQUE (send_id, channel)
);
CREATE INDEX deliveries_known ON deliveries (updated_at) WHERE address <> '';
CREATE UNIQUE INDEX deliveries_stop ON deliveries (stop_token);

-- Sends to many, done in chunks. next_customer is where the next chunk begins.
CREATE TABLE send_batches (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	link_id TEXT NOT NULL REFERENCES links (id),
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	channels TEXT NOT NULL, -- parted by commas
	message TEXT NOT NULL,
	key TEXT NOT NULL, -- begins the keys of the sends
	total BIGINT NOT NULL,
	done BIGINT NOT NULL DEFAULT 0, -- of total
	failed BIGINT NOT NULL DEFAULT 0, -- of done: nothing could be queued
	next_customer TEXT NOT NULL DEFAULT '',
	created_at BIGINT NOT NULL,
	stopped TEXT NOT NULL DEFAULT '', -- why it ended before everybody had their turn
	finished_at BIGINT,
	due_at BIGINT -- by the wall; NULL: finished
);
CREATE INDEX send_batches_link ON send_batches (link_id, mode, id);
CREATE INDEX send_batches_due ON send_batches (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX send_batches_turns ON send_batches (business_id, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE send_batch_members (
	batch_id TEXT NOT NULL REFERENCES send_batches (id),
	customer_id TEXT NOT NULL,
	PRIMARY KEY (batch_id, customer_id)
);

-- Links that are sent later. A row goes when it has become a send.
CREATE TABLE scheduled_sends (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	link_id TEXT NOT NULL REFERENCES links (id),
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	customer_id TEXT NOT NULL,
	message TEXT NOT NULL DEFAULT '', -- the merchant's own words
	key TEXT NOT NULL DEFAULT '', -- at most one for each but ''
	send_at BIGINT NOT NULL,
	due_at BIGINT NOT NULL, -- send_at, or the end of a lease
	created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX scheduled_sends_key ON scheduled_sends (business_id, key) WHERE key <> '';
CREATE INDEX scheduled_sends_due ON scheduled_sends (due_at);
CREATE INDEX scheduled_sends_group ON scheduled_sends (business_id, due_at);
CREATE INDEX scheduled_sends_link ON scheduled_sends (link_id, mode, send_at);
CREATE INDEX scheduled_sends_customer ON scheduled_sends (customer_id);

-- Its messages, under the ids that they keep when they are sent.
CREATE TABLE scheduled_deliveries (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL,
	scheduled_id TEXT NOT NULL REFERENCES scheduled_sends (id),
	channel TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
	UNIQUE (scheduled_id, channel)
);

-- Personal one-time links for many people, made of a file or by one call of the API.
CREATE TABLE request_batches (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	name TEXT NOT NULL, -- of each link
	state TEXT NOT NULL CHECK (state IN ('draft', 'running', 'stopped', 'done')),
	channels TEXT NOT NULL DEFAULT '', -- parted by commas
	message TEXT NOT NULL DEFAULT '', -- the merchant's own words
	reminders TEXT NOT NULL DEFAULT '', -- JSON, '' for none
	digest TEXT NOT NULL, -- of the rows: the same within a day are one batch
	total BIGINT NOT NULL,
	send_at BIGINT, -- NULL: at once
	due_at BIGINT,
	created_at BIGINT NOT NULL,
	started_at BIGINT,
	finished_at BIGINT,
	file TEXT NOT NULL DEFAULT ''
);
CREATE INDEX request_batches_due ON request_batches (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX request_batches_group ON request_batches (business_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX request_batches_same ON request_batches (business_id, digest, started_at);
CREATE INDEX request_batches_old ON request_batches (created_at);
CREATE INDEX request_batches_recent ON request_batches (business_id, mode, created_at);

-- Whom a row is for stands in it until it is sent; then customer and link have it.
CREATE TABLE request_rows (
	batch_id TEXT NOT NULL REFERENCES request_batches (id),
	number BIGINT NOT NULL, -- from 1
	business_id TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'stopped')),
	reason TEXT NOT NULL DEFAULT '', -- why it failed
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	phone TEXT NOT NULL,
	amount_minor BIGINT NOT NULL,
	currency TEXT NOT NULL,
	reference TEXT NOT NULL,
	variables TEXT NOT NULL, -- JSON, '' for none
	link_id TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (batch_id, number)
);
CREATE INDEX request_rows_state ON request_rows (batch_id, state, number);

-- How a link reminds its recipients. Without a line it does not.
CREATE TABLE reminder_settings (
	link_id TEXT PRIMARY KEY REFERENCES links (id),
	business_id TEXT NOT NULL REFERENCES businesses (id),
	frequency TEXT NOT NULL CHECK (frequency IN ('daily', 'every_2_days', 'every_3_days', 'weekly', 'monthly')),
	most BIGINT NOT NULL CHECK (most BETWEEN 1 AND 50),
	weekdays_only BOOLEAN NOT NULL DEFAULT FALSE,
	quiet_from BIGINT, -- minutes after midnight; NULL with the next: none
	quiet_to BIGINT,
	updated_at BIGINT NOT NULL,
	offsets TEXT NOT NULL DEFAULT '' -- days from the due date, parted by commas; '': by frequency
);

-- One for each recipient of such a link.
CREATE TABLE reminder_plans (
	recipient_id TEXT PRIMARY KEY REFERENCES recipients (id),
	business_id TEXT NOT NULL,
	link_id TEXT NOT NULL,
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	channels TEXT NOT NULL, -- of the first send, parted by commas
	state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'complete', 'stopped')),
	reason TEXT NOT NULL DEFAULT '', -- why it stopped
	anchor_at BIGINT, -- what the grid counts from; NULL until something was sent
	occurrence BIGINT NOT NULL DEFAULT 0, -- of the grid, the last one that is done with
	sent BIGINT NOT NULL DEFAULT 0,
	due_at BIGINT, -- of the next one; NULL: none
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL
);
CREATE INDEX reminder_plans_due ON reminder_plans (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX reminder_plans_link ON reminder_plans (link_id, mode);
CREATE INDEX reminder_plans_turns ON reminder_plans (business_id, due_at) WHERE due_at IS NOT NULL;

-- Where a business hears what became of its mail: a mailbox that is read, or a mail
-- service that tells.
CREATE TABLE bounce_sources (
	business_id TEXT PRIMARY KEY REFERENCES businesses (id),
	kind TEXT NOT NULL CHECK (kind IN ('', 'imap', 'ses', 'postmark', 'brevo')),
	mailbox TEXT NOT NULL DEFAULT '', -- sealed
	secret TEXT NOT NULL DEFAULT '', -- sealed: what the service must know
	topic TEXT NOT NULL DEFAULT '', -- the one topic of Amazon SNS that is believed
	uid_validity BIGINT NOT NULL DEFAULT 0, -- of the mailbox, with the last message that was read
	last_uid BIGINT NOT NULL DEFAULT 0,
	due_at BIGINT, -- by the wall; NULL: no mailbox is read
	heard_at BIGINT, -- when it was read or told last
	problem TEXT NOT NULL DEFAULT '', -- why the mailbox can't be read
	version BIGINT NOT NULL DEFAULT 1,
	updated_at BIGINT NOT NULL
);
CREATE INDEX bounce_sources_due ON bounce_sources (due_at) WHERE due_at IS NOT NULL;

-- What came back, each kind once for each mail.
CREATE TABLE bounces (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	mail_id TEXT NOT NULL,
	address TEXT NOT NULL, -- folded
	kind TEXT NOT NULL CHECK (kind IN ('hard', 'soft', 'complaint')),
	reason TEXT NOT NULL,
	at BIGINT NOT NULL,
	UNIQUE (business_id, mail_id, kind)
);
CREATE INDEX bounces_address ON bounces (business_id, address);
CREATE INDEX bounces_newest ON bounces (business_id, id);
CREATE INDEX bounces_old ON bounces (at);

-- Who complained is told apart from an address that doesn't exist.
CREATE TABLE suppressions (
	business_id TEXT NOT NULL REFERENCES businesses (id),
	channel TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
	address TEXT NOT NULL, -- folded, or E.164
	cause TEXT NOT NULL CHECK (cause IN ('opt_out', 'bounce', 'complaint')),
	reason TEXT NOT NULL DEFAULT '', -- what the server said
	created_at BIGINT NOT NULL,
	PRIMARY KEY (business_id, channel, address)
);

-- Who of a business is told what: members by mail, and channels such as a chat or a device.
CREATE TABLE member_news (
	-- of members who chose; others have the usual
	business_id TEXT NOT NULL,
	user_id TEXT NOT NULL,
	news TEXT NOT NULL, -- kinds that come by mail, apart by blanks
	summary TEXT NOT NULL CHECK (summary IN ('never', 'daily', 'weekly')),
	due_at BIGINT, -- of the next summary
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (business_id, user_id),
	FOREIGN KEY (business_id, user_id) REFERENCES members (business_id, user_id) ON DELETE CASCADE
);
CREATE INDEX member_news_due ON member_news (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX member_news_group ON member_news (business_id, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE alert_channels (
	id TEXT PRIMARY KEY,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	user_id TEXT NOT NULL, -- who made it; whose device it is
	kind TEXT NOT NULL CHECK (kind IN ('slack', 'discord', 'telegram', 'ntfy', 'push')),
	name TEXT NOT NULL,
	address TEXT NOT NULL, -- sealed
	digest TEXT NOT NULL, -- of the address, so that none is there twice
	language TEXT NOT NULL,
	news TEXT NOT NULL,
	active BOOLEAN NOT NULL,
	reason TEXT NOT NULL DEFAULT '', -- why the last alert did not arrive
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	UNIQUE (business_id, digest)
);

CREATE TABLE alert_posts (
	-- on their way
	business_id TEXT NOT NULL REFERENCES businesses (id),
	id TEXT NOT NULL,
	channel_id TEXT NOT NULL REFERENCES alert_channels (id) ON DELETE CASCADE,
	body TEXT NOT NULL, -- sealed
	tries BIGINT NOT NULL DEFAULT 0,
	due_at BIGINT,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (business_id, id)
);
CREATE INDEX alert_posts_due ON alert_posts (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX alert_posts_group ON alert_posts (channel_id, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE push_keys (
	-- one pair for the installation (RFC 8292)
	id BIGINT PRIMARY KEY CHECK (id = 1),
	public TEXT NOT NULL,
	private TEXT NOT NULL -- sealed
);

-- +goose Down
SELECT 1;
