-- Transactions by amount, and found by it; customers by name.

-- +goose Up
CREATE INDEX attempts_amount ON attempts (business_id, mode, amount_minor, id);
CREATE INDEX customers_name ON customers (business_id, name_folded, id);

-- +goose Down
SELECT 1;
