-- The short code of a payment, which payers quote, is the end of its id.

-- +goose Up
CREATE UNIQUE INDEX attempts_code ON attempts (business_id, SUBSTR(id, 23)) WHERE LENGTH(id) = 30;

-- +goose Down
SELECT 1;
