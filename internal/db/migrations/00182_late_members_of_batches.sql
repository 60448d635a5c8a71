-- delivery: members of a send to many who came by a merge of customers behind the place in the
-- order of ids that the send had reached. They have their turn at the end.

-- +goose Up
ALTER TABLE send_batch_members ADD COLUMN late BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
ALTER TABLE send_batch_members DROP COLUMN late;
