-- customer: who asks for a customer by their address need not say that they have one. Without
-- that the index for it is not taken, and each payment read all customers of its business.

-- +goose Up
CREATE INDEX customers_address ON customers (business_id, email_folded);

-- +goose Down
SELECT 1;
