-- product: what payers of a product are asked, as links ask it.

-- +goose Up
ALTER TABLE products ADD COLUMN checkout TEXT NOT NULL DEFAULT ''; -- JSON, as of links; '': nothing

-- +goose Down
SELECT 1;
