-- +goose Up

-- importer

-- A file of customers or links, read and on its way to become them.
CREATE TABLE imports (
    id           TEXT PRIMARY KEY,
    business_id  TEXT NOT NULL REFERENCES businesses (id),
    kind         TEXT NOT NULL CHECK (kind IN ('customers', 'links')),
    name         TEXT NOT NULL,                  -- of the file
    state        TEXT NOT NULL CHECK (state IN ('reading', 'ready', 'running', 'stopped', 'done')),
    header       TEXT NOT NULL,                  -- JSON: the first line
    fields       TEXT NOT NULL,                  -- JSON: what each column becomes, '' for nothing
    update_known BOOLEAN NOT NULL,               -- change customers who are there already
    repeat       BOOLEAN NOT NULL,               -- make again what an earlier import made
    user_id      TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    finished_at  BIGINT
);

CREATE INDEX imports_of_business ON imports (business_id, kind, id);

-- Two at a time could make the same thing twice.
CREATE UNIQUE INDEX imports_running ON imports (business_id, kind) WHERE state = 'running';

-- A line of the file. Once it has become something, its words are gone and its
-- fingerprint says that it was here.
CREATE TABLE import_rows (
    business_id TEXT NOT NULL REFERENCES businesses (id),
    import_id   TEXT NOT NULL REFERENCES imports (id),
    line        BIGINT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'created', 'updated', 'kept', 'repeated', 'failed')),
    cells       TEXT NOT NULL,                   -- JSON, '' when they have served
    problems    TEXT NOT NULL,                   -- JSON, '' for none
    fingerprint TEXT NOT NULL,
    object_id   TEXT NOT NULL,                   -- the customer or link
    PRIMARY KEY (import_id, line)
);

CREATE INDEX import_rows_by_state ON import_rows (import_id, state, line);
CREATE INDEX import_rows_made ON import_rows (business_id, fingerprint) WHERE state = 'created';

-- +goose Down
SELECT 1;
