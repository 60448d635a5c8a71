-- payment/banktransfer: another amount than was asked for came, and counts as the payment.

-- +goose Up
ALTER TABLE bank_transfers ADD COLUMN kept_at BIGINT; -- when somebody said so

-- +goose Down
SELECT 1;
