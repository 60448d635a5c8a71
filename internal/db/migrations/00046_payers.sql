-- Who paid knows it again: by their browser, and by a token of the receipt's own.
-- A secret that merchants' sites check signatures with can be changed with an overlap.

-- +goose Up
ALTER TABLE attempts ADD COLUMN browser_key TEXT NOT NULL DEFAULT '';     -- hash of the browser's cookie
ALTER TABLE attempts ADD COLUMN receipt_token TEXT NOT NULL DEFAULT ''; -- opens the receipt
CREATE INDEX attempts_browser ON attempts (business_id, browser_key, id) WHERE browser_key <> '';

ALTER TABLE businesses ADD COLUMN signing_secret_before TEXT NOT NULL DEFAULT ''; -- sealed
ALTER TABLE businesses ADD COLUMN signing_secret_until BIGINT;                    -- signs beside the new one

-- +goose Down
SELECT 1;
