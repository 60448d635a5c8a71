-- What the list of transactions looks for.

-- +goose Up

CREATE INDEX attempts_email ON attempts (business_id, mode, payer_email_folded);
CREATE INDEX attempts_reference ON attempts (business_id, mode, reference) WHERE reference <> '';
-- When somebody of the business had looked at a review, and it left the queue.
ALTER TABLE attempts ADD COLUMN looked_at BIGINT;

CREATE INDEX attempts_review ON attempts (business_id, mode, id) WHERE state = 'review' AND looked_at IS NULL;
CREATE INDEX payments_refund_failed ON payments (business_id, mode, id) WHERE status = 'refund_failed';
CREATE INDEX webhook_inbox_list ON webhook_inbox (business_id, id);
CREATE INDEX webhook_inbox_waiting ON webhook_inbox (business_id, id) WHERE processed_at IS NULL;
CREATE INDEX webhook_inbox_given_up ON webhook_inbox (business_id, id) WHERE outcome IN ('given up', 'unknown object');

-- +goose Down
SELECT 1;
