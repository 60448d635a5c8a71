-- payment: attempts by the token of the message that led to them, so that what recovery
-- brought in a period is found without reading the business's attempts.

-- +goose Up
CREATE INDEX attempts_of_token ON attempts (business_id, recipient_token) WHERE recipient_token <> '';

-- +goose Down
SELECT 1;
