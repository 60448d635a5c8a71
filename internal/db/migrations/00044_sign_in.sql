-- +goose Up

-- Nothing in the bucket is looked at before: waits that grow with wrong tries.
ALTER TABLE throttles ADD COLUMN open_at BIGINT NOT NULL DEFAULT 0;

-- Browsers that somebody has signed in with. Wrong passwords from elsewhere make
-- them wait for nothing.
CREATE TABLE trusted_browsers (
    hash    TEXT NOT NULL,    -- of the browser's token
    user_id TEXT NOT NULL REFERENCES users (id),
    seen_at BIGINT NOT NULL,  -- by the wall
    PRIMARY KEY (hash, user_id)
);
CREATE INDEX trusted_browsers_user ON trusted_browsers (user_id, seen_at);
CREATE INDEX trusted_browsers_seen ON trusted_browsers (seen_at);

-- +goose Down
SELECT 1;
