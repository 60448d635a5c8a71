-- Members read the dashboard and mails to them in a language of their own.

-- +goose Up
ALTER TABLE users ADD COLUMN language TEXT NOT NULL DEFAULT ''; -- '' follows the browser

-- +goose Down
SELECT 1;
