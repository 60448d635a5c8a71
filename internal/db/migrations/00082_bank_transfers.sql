-- payment/banktransfer: money that payers send from their bank, by a reference.

-- +goose Up
ALTER TABLE businesses ADD COLUMN takes_transfers BOOLEAN NOT NULL DEFAULT FALSE; -- payers are offered bank transfer

CREATE TABLE bank_accounts (
    business_id TEXT PRIMARY KEY REFERENCES businesses (id),
    name        TEXT NOT NULL,            -- of its owner, as banks know it
    iban        TEXT NOT NULL,
    bic         TEXT NOT NULL DEFAULT '',
    hold_days   BIGINT NOT NULL CHECK (hold_days BETWEEN 1 AND 30),
    changed_at  BIGINT NOT NULL,          -- of the IBAN
    changed_by  TEXT NOT NULL             -- who did, as shown
);

-- What payers were told to send. Each keeps the account that its payer was shown.
CREATE TABLE bank_transfers (
    id           TEXT PRIMARY KEY,
    business_id  TEXT NOT NULL REFERENCES businesses (id),
    attempt_id   TEXT NOT NULL UNIQUE,
    mode         TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    currency     TEXT NOT NULL,
    reference    TEXT NOT NULL,           -- ISO 11649
    name         TEXT NOT NULL,
    iban         TEXT NOT NULL,
    bic          TEXT NOT NULL,
    status       TEXT NOT NULL CHECK (status IN ('waiting', 'canceled', 'paid')),
    expires_at   BIGINT NOT NULL,
    booked_on    TEXT NOT NULL DEFAULT '', -- the bank's day
    booked_minor BIGINT NOT NULL DEFAULT 0,
    returned_at  BIGINT,                   -- when somebody said that money which was too much went back
    created_at   BIGINT NOT NULL,
    UNIQUE (business_id, reference)
);

-- +goose Down
SELECT 1;
