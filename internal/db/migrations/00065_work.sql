-- job: one machine for what is done behind the answers to requests. Rows fall due; lanes
-- take turns.

-- +goose Up

-- What belongs to no row of a feature, and what comes back.
CREATE TABLE jobs (
    id          TEXT PRIMARY KEY,          -- its name for one that comes back
    business_id TEXT NOT NULL,             -- '' for the installation's
    name        TEXT NOT NULL,
    payload     TEXT NOT NULL,             -- JSON, or ''
    tries       BIGINT NOT NULL DEFAULT 0,
    period      BIGINT NOT NULL DEFAULT 0, -- microseconds; 0 for one that is done once
    due_at      BIGINT,                    -- by the wall
    created_at  BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX jobs_turns ON jobs (business_id, due_at) WHERE due_at IS NOT NULL;

ALTER TABLE send_batches ADD COLUMN due_at BIGINT; -- by the wall; NULL: finished
UPDATE send_batches SET due_at = created_at WHERE finished_at IS NULL;
CREATE INDEX send_batches_due ON send_batches (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX send_batches_turns ON send_batches (business_id, due_at) WHERE due_at IS NOT NULL;

ALTER TABLE imports ADD COLUMN due_at BIGINT; -- by the wall; NULL: not running
UPDATE imports SET due_at = created_at WHERE state = 'running';
CREATE INDEX imports_due ON imports (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX imports_turns ON imports (business_id, due_at) WHERE due_at IS NOT NULL;

CREATE INDEX mails_turns ON mails (business_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX texts_turns ON texts (business_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX webhook_deliveries_turns ON webhook_deliveries (endpoint_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX callbacks_turns ON callbacks (host, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX attempts_turns ON attempts (business_id, sync_at) WHERE sync_at IS NOT NULL;
CREATE INDEX webhook_inbox_turns ON webhook_inbox (business_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX reminder_plans_turns ON reminder_plans (business_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX sandbox_webhooks_turns ON sandbox_webhooks (payment_id, due_at) WHERE due_at IS NOT NULL;

-- What the queue of before, River, still had to do; the rest is rows of their features.
CREATE TABLE IF NOT EXISTS river_job (id BIGINT, args JSONB, state TEXT);
INSERT INTO jobs (id, business_id, name, payload, due_at, created_at)
SELECT 'job_' || CAST(id AS TEXT), args -> 'payload' ->> 'Business', args ->> 'name', args ->> 'payload', 0, 0
FROM river_job WHERE state IN ('available', 'retryable', 'running', 'scheduled') AND args ->> 'name' = 'forget views';
DROP TABLE river_job;
DROP TABLE IF EXISTS river_client_queue;
DROP TABLE IF EXISTS river_client;
DROP TABLE IF EXISTS river_leader;
DROP TABLE IF EXISTS river_notification;
DROP TABLE IF EXISTS river_queue;
DROP TABLE IF EXISTS river_migration;

-- +goose Down
SELECT 1;
