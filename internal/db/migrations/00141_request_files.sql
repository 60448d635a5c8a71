-- Batches of requests that were read from a file say which.

-- +goose Up
ALTER TABLE request_batches ADD COLUMN file TEXT NOT NULL DEFAULT '';
CREATE INDEX request_batches_recent ON request_batches (business_id, mode, created_at);

-- +goose Down
SELECT 1;
