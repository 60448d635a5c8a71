-- link, reminder: the day by which a link wants to be paid, and reminders that count from it.

-- +goose Up
ALTER TABLE links ADD COLUMN due_on TEXT;                            -- a day in the business's zone, 2026-12-31
ALTER TABLE links ADD COLUMN overdue_told TEXT NOT NULL DEFAULT '';  -- the due date of which webhooks were told
CREATE INDEX links_due ON links (business_id, due_on) WHERE due_on IS NOT NULL AND deleted_at IS NULL;

ALTER TABLE reminder_settings ADD COLUMN offsets TEXT NOT NULL DEFAULT ''; -- days from the due date, parted by commas; '': by frequency

-- +goose Down
SELECT 1;
