-- link: what the list of links adds up is read from an index, without the links themselves.

-- +goose Up
CREATE INDEX links_currency ON links (business_id, currency, id) WHERE deleted_at IS NULL;

-- +goose Down
SELECT 1;
