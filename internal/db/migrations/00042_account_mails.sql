-- +goose Up

-- Letters about somebody's account open it: the mailbox of a public test
-- installation keeps them to itself.
ALTER TABLE mailbox ADD COLUMN account BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE mailbox SET account = TRUE WHERE id IN (SELECT id FROM mails WHERE kind IN ('invitation', 'password_reset', 'new_address'));

-- +goose Down
SELECT 1;
