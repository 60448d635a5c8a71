-- +goose Up

-- Who made a token: the id of a member; '' is the command line, or nobody knows.
ALTER TABLE api_tokens ADD COLUMN made_by TEXT NOT NULL DEFAULT '';
CREATE INDEX api_tokens_maker ON api_tokens (business_id, made_by) WHERE revoked_at IS NULL;

-- +goose Down
SELECT 1;
