-- +goose Up

-- What was, or is being, moved to another database. Both have a row while it is under way:
-- the one that is left says so for good, the one that is filled until all of it is there.
CREATE TABLE moves (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    move      TEXT NOT NULL,                -- the same in both databases
    role      TEXT NOT NULL CHECK (role IN ('source', 'target')),
    other     TEXT NOT NULL,                -- where the other database is, for people
    began_at  BIGINT NOT NULL,
    ended_at  BIGINT,                       -- of a source whose rows are all in the other
    postponed TEXT NOT NULL DEFAULT ''      -- of a target: statements that make its foreign keys, when all is there
);

-- How many rows of each table a target has got, in the order of their keys.
CREATE TABLE moved_tables (
    name   TEXT PRIMARY KEY,
    copied BIGINT NOT NULL
);
