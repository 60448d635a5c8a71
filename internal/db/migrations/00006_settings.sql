-- What a business says of itself on receipts and pages.

-- +goose Up

ALTER TABLE businesses ADD COLUMN legal_name TEXT NOT NULL DEFAULT '';
ALTER TABLE businesses ADD COLUMN legal_address TEXT NOT NULL DEFAULT '';
ALTER TABLE businesses ADD COLUMN registration_number TEXT NOT NULL DEFAULT '';
ALTER TABLE businesses ADD COLUMN vat_number TEXT NOT NULL DEFAULT '';
ALTER TABLE businesses ADD COLUMN vat_rate BIGINT; -- hundredths of a percent
ALTER TABLE businesses ADD COLUMN terms_url TEXT NOT NULL DEFAULT '';
ALTER TABLE businesses ADD COLUMN privacy_url TEXT NOT NULL DEFAULT '';
ALTER TABLE businesses ADD COLUMN logo_id TEXT REFERENCES images (id);

-- +goose Down
SELECT 1;
