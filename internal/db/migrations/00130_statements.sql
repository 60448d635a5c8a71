-- statement: files of banks that say which transfers came.

-- +goose Up
CREATE TABLE statements (
    id          TEXT PRIMARY KEY,
    business_id TEXT NOT NULL REFERENCES businesses (id),
    mode        TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    status      TEXT NOT NULL CHECK (status IN ('preview', 'booked')),
    format      TEXT NOT NULL,             -- camt.053, mt940 or csv
    name        TEXT NOT NULL,             -- of the file, which is not kept
    account     TEXT NOT NULL,             -- the business's IBAN that it is of
    first_day   TEXT NOT NULL,
    last_day    TEXT NOT NULL,
    entries     BIGINT NOT NULL,
    came_minor  BIGINT NOT NULL,           -- all credits of the file together
    created_at  BIGINT NOT NULL,
    created_by  TEXT NOT NULL,
    booked_at   BIGINT,
    booked_by   TEXT NOT NULL DEFAULT ''
);
CREATE INDEX statements_recent ON statements (business_id, mode, created_at);
CREATE INDEX statements_unbooked ON statements (created_at) WHERE status = 'preview';

-- Entries of a statement. Of one that is left out its hash alone is here.
CREATE TABLE statement_entries (
    id           TEXT PRIMARY KEY,
    business_id  TEXT NOT NULL REFERENCES businesses (id),
    statement_id TEXT NOT NULL REFERENCES statements (id),
    mode         TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    number       BIGINT NOT NULL,            -- its place in the file
    hash         TEXT NOT NULL,              -- what tells it from other entries of the account
    state        TEXT NOT NULL CHECK (state IN ('matched', 'doubtful', 'left_out')),
    reason       TEXT NOT NULL,
    kind         TEXT NOT NULL,              -- credit or reversal, '' where it is left out
    amount_minor BIGINT NOT NULL DEFAULT 0,
    currency     TEXT NOT NULL DEFAULT '',
    booked_on    TEXT NOT NULL DEFAULT '',   -- the bank's day
    said         TEXT NOT NULL DEFAULT '',   -- what the payer wrote
    payer        TEXT NOT NULL DEFAULT '',
    reference    TEXT NOT NULL DEFAULT '',   -- the creditor reference in it
    sealed_iban  TEXT NOT NULL DEFAULT '',   -- the payer's, while somebody may have to send money back
    iban_hint    TEXT NOT NULL DEFAULT '',   -- its country and last digits
    payment_id   TEXT NOT NULL DEFAULT '',   -- whose money it is, or may be
    act          TEXT NOT NULL DEFAULT '',   -- what somebody decided
    acted_by     TEXT NOT NULL DEFAULT '',
    acted_at     BIGINT,
    returned_on  TEXT NOT NULL DEFAULT '',
    waits        BOOLEAN NOT NULL DEFAULT FALSE, -- for somebody to decide
    taken_at     BIGINT,                     -- when it became the money of payment_id
    due_at       BIGINT                      -- when the payment is to be settled by it
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
    business_id  TEXT NOT NULL REFERENCES businesses (id),
    mode         TEXT NOT NULL,
    hash         TEXT NOT NULL,
    statement_id TEXT NOT NULL,
    PRIMARY KEY (business_id, mode, hash)
);

-- What the columns of a bank's CSV files are, by the names in their first line.
CREATE TABLE statement_columns (
    business_id TEXT NOT NULL REFERENCES businesses (id),
    header      TEXT NOT NULL,               -- a hash of the names
    columns     TEXT NOT NULL,               -- JSON
    PRIMARY KEY (business_id, header)
);

CREATE INDEX bank_transfers_amount ON bank_transfers (business_id, mode, amount_minor, status);

-- +goose Down
SELECT 1;
