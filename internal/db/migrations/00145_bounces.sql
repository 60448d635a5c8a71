-- Mail that comes back, and how a business hears of it.

-- +goose Up

-- Whom what comes back is addressed to: '' for the sender's own address. Each mail gets a
-- signed address below it.
ALTER TABLE mail_settings ADD COLUMN return_address TEXT NOT NULL DEFAULT '';

-- Where a business hears what became of its mail: a mailbox that is read, or a mail
-- service that tells.
CREATE TABLE bounce_sources (
    business_id  TEXT PRIMARY KEY REFERENCES businesses (id),
    kind         TEXT NOT NULL CHECK (kind IN ('', 'imap', 'ses', 'postmark', 'brevo')),
    mailbox      TEXT NOT NULL DEFAULT '',   -- sealed
    secret       TEXT NOT NULL DEFAULT '',   -- sealed: what the service must know
    topic        TEXT NOT NULL DEFAULT '',   -- the one topic of Amazon SNS that is believed
    uid_validity BIGINT NOT NULL DEFAULT 0,  -- of the mailbox, with the last message that was read
    last_uid     BIGINT NOT NULL DEFAULT 0,
    due_at       BIGINT,                     -- by the wall; NULL: no mailbox is read
    heard_at     BIGINT,                     -- when it was read or told last
    problem      TEXT NOT NULL DEFAULT '',   -- why the mailbox can't be read
    version      BIGINT NOT NULL DEFAULT 1,
    updated_at   BIGINT NOT NULL
);
CREATE INDEX bounce_sources_due ON bounce_sources (due_at) WHERE due_at IS NOT NULL;

-- What came back, each kind once for each mail.
CREATE TABLE bounces (
    id          TEXT PRIMARY KEY,
    business_id TEXT NOT NULL REFERENCES businesses (id),
    mail_id     TEXT NOT NULL,
    address     TEXT NOT NULL,               -- folded
    kind        TEXT NOT NULL CHECK (kind IN ('hard', 'soft', 'complaint')),
    reason      TEXT NOT NULL,
    at          BIGINT NOT NULL,
    UNIQUE (business_id, mail_id, kind)
);
CREATE INDEX bounces_address ON bounces (business_id, address);
CREATE INDEX bounces_newest ON bounces (business_id, id);
CREATE INDEX bounces_old ON bounces (at);

-- Who complained is told apart from an address that doesn't exist.
CREATE TABLE suppressions_by_cause (
    business_id TEXT NOT NULL REFERENCES businesses (id),
    channel     TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
    address     TEXT NOT NULL,               -- folded, or E.164
    cause       TEXT NOT NULL CHECK (cause IN ('opt_out', 'bounce', 'complaint')),
    reason      TEXT NOT NULL DEFAULT '',    -- what the server said
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (business_id, channel, address)
);
INSERT INTO suppressions_by_cause (business_id, channel, address, cause, reason, created_at)
    SELECT business_id, channel, address, cause, reason, created_at FROM suppressions;
DROP TABLE suppressions;
ALTER TABLE suppressions_by_cause RENAME TO suppressions;

-- +goose Down
SELECT 1;
