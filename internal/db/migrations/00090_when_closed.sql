-- What a link that takes no payments says and where it leads, and a link's own thanks.

-- +goose Up
ALTER TABLE links ADD COLUMN when_closed_message TEXT NOT NULL DEFAULT '';
ALTER TABLE links ADD COLUMN when_closed_next TEXT; -- a link of the same business, also one that was deleted since
ALTER TABLE links ADD COLUMN when_closed_url TEXT NOT NULL DEFAULT '';
ALTER TABLE links ADD COLUMN when_closed_redirect BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE links ADD COLUMN thanks TEXT NOT NULL DEFAULT '';

CREATE INDEX links_next ON links (business_id, when_closed_next) WHERE when_closed_next IS NOT NULL;

-- +goose Down
SELECT 1;
