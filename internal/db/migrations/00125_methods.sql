-- payment: an attempt that is held to some ways to pay, apart by blanks; empty for all.

-- +goose Up
ALTER TABLE attempts ADD COLUMN methods TEXT NOT NULL DEFAULT '';

-- +goose Down
SELECT 1;
