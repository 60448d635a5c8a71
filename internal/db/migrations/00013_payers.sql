-- What payers see: suggested amounts, a picture, and where pages may be framed.

-- +goose Up

-- Amounts that payers can choose with a press, in minor units, apart by spaces.
ALTER TABLE links ADD COLUMN payer_suggested TEXT NOT NULL DEFAULT '';
ALTER TABLE businesses ADD COLUMN page_suggested TEXT NOT NULL DEFAULT '';

ALTER TABLE businesses ADD COLUMN cover_id TEXT;  -- of images
ALTER TABLE businesses ADD COLUMN frame_origins TEXT NOT NULL DEFAULT '';  -- apart by spaces

-- +goose Down
SELECT 1;
