-- waitinglist: who waits is due when their link starts or ends, too. Places that came free
-- before a start were offered to people who could not pay yet, and lists outlived their links.

-- +goose Up
UPDATE waiting_entries SET due_at = (SELECT COALESCE(l.starts_at, l.ends_at) FROM links l WHERE l.id = waiting_entries.link_id)
	WHERE state = 'waiting' AND link_id IN (SELECT l.id FROM links l WHERE l.starts_at IS NOT NULL OR l.ends_at IS NOT NULL);

-- +goose Down
UPDATE waiting_entries SET due_at = NULL WHERE state = 'waiting';
