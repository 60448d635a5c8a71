-- api: a payment request's due date is its link's, so that payers see it, reminders can be
-- around it and it can be overdue. It stood beside the link, where only the answer had it.

-- +goose Up
UPDATE links SET due_on = (SELECT q.due_on FROM payrequest_links q WHERE q.link_id = links.id)
	WHERE due_on IS NULL AND id IN (SELECT link_id FROM payrequest_links WHERE due_on <> '');

-- +goose Down
SELECT 1;
