-- payment: what a customer paid, by an index that begins with the business. Behind one
-- that began with the customer, SQLite read all payments of the business for a page of
-- the list of customers.

-- +goose Up
DROP INDEX payments_customer;
CREATE INDEX payments_of_customer ON payments (business_id, customer_id, mode, paid_at, id) WHERE customer_id IS NOT NULL;

-- +goose Down
SELECT 1;
