-- What the list of transactions looks for.

-- +goose Up

CREATE INDEX attempts_email ON attempts (business_id, mode, payer_email_folded);
CREATE INDEX attempts_reference ON attempts (business_id, mode, reference) WHERE reference <> '';
CREATE INDEX attempts_review ON attempts (business_id, mode, id) WHERE state = 'review';
CREATE INDEX payments_refund_failed ON payments (business_id, mode, id) WHERE status = 'refund_failed';
CREATE INDEX webhook_inbox_list ON webhook_inbox (business_id, id);

-- +goose Down
SELECT 1;
