-- What a payment does to the tags of the customer who paid.

-- +goose Up

ALTER TABLE links ADD COLUMN apply_tag_id TEXT;
ALTER TABLE links ADD COLUMN remove_tag_id TEXT;

-- +goose Down
SELECT 1;
