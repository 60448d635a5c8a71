-- +goose Up

-- message

-- E-mails on their way. What they tell is sealed, because some carry links that
-- let people in; it is forgotten once the mail is sent.
CREATE TABLE mails (
    id             TEXT PRIMARY KEY,
    business_id    TEXT NOT NULL,            -- '' from the installation itself
    kind           TEXT NOT NULL,
    key            TEXT NOT NULL,            -- at most one mail for each
    recipient      TEXT NOT NULL,
    recipient_name TEXT NOT NULL,
    language       TEXT NOT NULL,
    facts          TEXT NOT NULL,            -- sealed; '' once it is sent
    state          TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed')),
    reason         TEXT NOT NULL DEFAULT '', -- why it waits or failed
    tries          BIGINT NOT NULL DEFAULT 0,
    due_at         BIGINT,                   -- by the wall, unlike all other times; NULL: never again
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    UNIQUE (business_id, key)
);
CREATE INDEX mails_due ON mails (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX mails_trouble ON mails (business_id, id) WHERE reason <> '';

-- How a business sends.
CREATE TABLE mail_settings (
    business_id  TEXT PRIMARY KEY REFERENCES businesses (id),
    from_name    TEXT NOT NULL DEFAULT '',      -- '' for the business's name
    from_address TEXT NOT NULL DEFAULT '',      -- '' for the installation's; only with a gateway of its own
    reply_to     TEXT NOT NULL DEFAULT '',      -- '' for the business's contact address
    gateway      TEXT NOT NULL DEFAULT '',      -- sealed; '' for the installation's
    tell_paid    BOOLEAN NOT NULL DEFAULT TRUE, -- owners hear of payments
    tell_limit   BOOLEAN NOT NULL DEFAULT TRUE, -- and of links that reached their limit
    version      BIGINT NOT NULL DEFAULT 1,
    updated_at   BIGINT NOT NULL
);

-- What a business wrote in place of our words.
CREATE TABLE mail_templates (
    business_id TEXT NOT NULL REFERENCES businesses (id),
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    body        TEXT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (business_id, kind)
);

-- Who a business was before the law when it gave a receipt: that must not change
-- with its settings.
CREATE TABLE receipt_issuers (
    payment_id          TEXT PRIMARY KEY,
    business_id         TEXT NOT NULL,
    name                TEXT NOT NULL,
    address             TEXT NOT NULL,
    registration_number TEXT NOT NULL,
    vat_number          TEXT NOT NULL,
    vat_rate            BIGINT              -- hundredths of a percent; NULL prints no VAT
);

-- mailbox: where messages go in test mode when no gateway is set

CREATE TABLE mailbox (
    id        TEXT PRIMARY KEY,              -- of the message
    channel   TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
    at        BIGINT NOT NULL,
    sender    TEXT NOT NULL,
    recipient TEXT NOT NULL,
    subject   TEXT NOT NULL DEFAULT '',
    plain     TEXT NOT NULL,
    html      TEXT NOT NULL DEFAULT '',
    source    TEXT NOT NULL DEFAULT ''
);
CREATE INDEX mailbox_at ON mailbox (at, id);

-- +goose Down
SELECT 1;
