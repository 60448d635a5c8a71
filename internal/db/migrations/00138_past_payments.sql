-- payment: money of before, which an import books in figures and for customers alone.

-- +goose Up
CREATE TABLE past_payments (
    id           TEXT PRIMARY KEY,
    business_id  TEXT NOT NULL REFERENCES businesses (id),
    mode         TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    link_id      TEXT,
    product_id   TEXT,
    customer_id  TEXT,
    title        TEXT NOT NULL,
    reference    TEXT NOT NULL DEFAULT '',
    method       TEXT NOT NULL DEFAULT '',
    currency     TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    paid_at      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE INDEX past_payments_list ON past_payments (business_id, mode, paid_at, id);
CREATE INDEX past_payments_customer ON past_payments (customer_id, mode) WHERE customer_id IS NOT NULL;

-- importer: imports of past payments. A CHECK can't be changed on every engine, so the two
-- tables are made anew.
CREATE TABLE imports_anew (
    id           TEXT PRIMARY KEY,
    business_id  TEXT NOT NULL REFERENCES businesses (id),
    kind         TEXT NOT NULL CHECK (kind IN ('customers', 'links', 'payments')),
    name         TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('reading', 'ready', 'running', 'stopped', 'done')),
    header       TEXT NOT NULL,
    fields       TEXT NOT NULL,
    update_known BOOLEAN NOT NULL,
    repeat       BOOLEAN NOT NULL,
    user_id      TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    finished_at  BIGINT,
    encoding     TEXT NOT NULL DEFAULT '',
    original     BYTEA,
    due_at       BIGINT
);
INSERT INTO imports_anew (id, business_id, kind, name, state, header, fields, update_known, repeat, user_id, created_at, finished_at, encoding, original, due_at)
SELECT id, business_id, kind, name, state, header, fields, update_known, repeat, user_id, created_at, finished_at, encoding, original, due_at FROM imports;
CREATE TABLE import_rows_anew (
    business_id TEXT NOT NULL REFERENCES businesses (id),
    import_id   TEXT NOT NULL REFERENCES imports_anew (id),
    line        BIGINT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'created', 'updated', 'kept', 'repeated', 'failed')),
    cells       TEXT NOT NULL,
    problems    TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    object_id   TEXT NOT NULL,
    PRIMARY KEY (import_id, line)
);
INSERT INTO import_rows_anew (business_id, import_id, line, state, cells, problems, fingerprint, object_id)
SELECT business_id, import_id, line, state, cells, problems, fingerprint, object_id FROM import_rows;
DROP TABLE import_rows;
DROP TABLE imports;
ALTER TABLE imports_anew RENAME TO imports;
ALTER TABLE import_rows_anew RENAME TO import_rows;
CREATE INDEX imports_of_business ON imports (business_id, kind, id);
CREATE UNIQUE INDEX imports_running ON imports (business_id, kind) WHERE state = 'running';
CREATE INDEX imports_due ON imports (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX imports_turns ON imports (business_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX import_rows_by_state ON import_rows (import_id, state, line);
CREATE INDEX import_rows_made ON import_rows (business_id, fingerprint) WHERE state = 'created';

-- +goose Down
SELECT 1;
