-- payment: the day by which the link wanted to be paid belongs to what the payer saw. Receipts
-- read it from the link, so that they changed with it. Those of before have what it says now.

-- +goose Up
ALTER TABLE attempts ADD COLUMN due_on TEXT NOT NULL DEFAULT ''; -- 2026-12-31; '': none
UPDATE attempts SET due_on = (SELECT l.due_on FROM links l WHERE l.id = attempts.link_id)
	WHERE link_id IN (SELECT id FROM links WHERE due_on IS NOT NULL);

-- +goose Down
SELECT 1;
