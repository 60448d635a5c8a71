-- The own domain of a link, and where the page was on which a payment started.

-- +goose Up
ALTER TABLE links ADD COLUMN domain TEXT NOT NULL DEFAULT ''; -- '' is the one for new links
ALTER TABLE attempts ADD COLUMN host TEXT NOT NULL DEFAULT ''; -- '' is the installation's
