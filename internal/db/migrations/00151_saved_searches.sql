-- saved: what a list of the dashboard is narrowed to, under a name.

-- +goose Up
CREATE TABLE saved_searches (
    id          TEXT PRIMARY KEY,
    business_id TEXT NOT NULL REFERENCES businesses (id),
    list        TEXT NOT NULL, -- links, customers or transactions
    name        TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    query       TEXT NOT NULL, -- as the address of the list has it
    created_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX saved_searches_name ON saved_searches (business_id, list, name_folded);

-- +goose Down
SELECT 1;
