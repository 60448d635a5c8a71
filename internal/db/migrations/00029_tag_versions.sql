-- +goose Up

-- tag

-- Counts the changes of a tag, so that a program that read an older one is told.
ALTER TABLE tags ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

-- +goose Down
SELECT 1;
