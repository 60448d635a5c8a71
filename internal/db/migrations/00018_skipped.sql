-- Reminders that were left out.

-- +goose Up

-- Why a reminder did not go out on its day, '' when it did. It has no deliveries.
ALTER TABLE sends ADD COLUMN skipped TEXT NOT NULL DEFAULT '';
-- The ways by which it would have gone, parted by commas.
ALTER TABLE sends ADD COLUMN skipped_channels TEXT NOT NULL DEFAULT '';

-- +goose Down
SELECT 1;
