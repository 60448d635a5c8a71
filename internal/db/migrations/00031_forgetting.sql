-- +goose Up

-- What is forgotten after a while is found without reading all that is kept.
CREATE INDEX mails_known ON mails (updated_at) WHERE recipient <> '' AND due_at IS NULL;
CREATE INDEX texts_known ON texts (updated_at) WHERE recipient <> '' AND due_at IS NULL;
CREATE INDEX deliveries_known ON deliveries (updated_at) WHERE address <> '';
CREATE INDEX webhook_inbox_told ON webhook_inbox (processed_at) WHERE LENGTH(body) > 0;

-- +goose Down
SELECT 1;
