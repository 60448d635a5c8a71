-- +goose Up

-- Reports that nobody signed may be anybody's: there is one row for each payment that
-- they are about, however many come.
ALTER TABLE webhook_inbox ADD COLUMN signed BOOLEAN NOT NULL DEFAULT TRUE;
CREATE UNIQUE INDEX webhook_inbox_unsigned ON webhook_inbox (business_id, provider, object) WHERE NOT signed;
CREATE INDEX webhook_inbox_unsigned_age ON webhook_inbox (processed_at) WHERE NOT signed;

-- +goose Down
SELECT 1;
