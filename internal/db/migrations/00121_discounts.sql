-- payment: a code that was used, and what it took off.

-- +goose Up
ALTER TABLE attempts ADD COLUMN code_id TEXT NOT NULL DEFAULT '';      -- of the promotion code; '': none
ALTER TABLE attempts ADD COLUMN discount_code TEXT NOT NULL DEFAULT ''; -- as it was
ALTER TABLE attempts ADD COLUMN discount_minor BIGINT NOT NULL DEFAULT 0 CHECK (discount_minor >= 0);
ALTER TABLE attempts ADD COLUMN holds_code BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX attempts_promotion ON attempts (business_id, code_id, mode, payer_email_folded) WHERE code_id <> '';
-- Payments of nothing: caps count them for a day.
CREATE INDEX attempts_free ON attempts (link_id, mode, id) WHERE provider = 'none';
CREATE INDEX attempts_free_sources ON attempts (id) WHERE provider = 'none' AND payer_key <> '';

-- +goose Down
SELECT 1;
