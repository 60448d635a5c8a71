-- business: pictures that mails show, of which a business keeps some alone.

-- +goose Up
ALTER TABLE images ADD COLUMN in_mails BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX images_in_mails ON images (business_id, created_at) WHERE in_mails;

-- +goose Down
SELECT 1;
