-- payment: when disputes took money and when it came back, for the books.

-- +goose Up
ALTER TABLE disputes ADD COLUMN lost_at BIGINT;
ALTER TABLE disputes ADD COLUMN reversed_at BIGINT;
UPDATE disputes SET lost_at = updated_at WHERE state = 'lost';
CREATE INDEX disputes_lost ON disputes (business_id, lost_at) WHERE lost_at IS NOT NULL;
CREATE INDEX disputes_reversed ON disputes (business_id, reversed_at) WHERE reversed_at IS NOT NULL;

-- +goose Down
SELECT 1;
