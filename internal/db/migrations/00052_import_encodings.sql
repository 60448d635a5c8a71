-- A file whose code page was guessed is kept until it is clear how to read it.

-- +goose Up
ALTER TABLE imports ADD COLUMN encoding TEXT NOT NULL DEFAULT ''; -- as which it was read, '' if the file says it
ALTER TABLE imports ADD COLUMN original BYTEA; -- the file, while another encoding can be chosen

-- +goose Down
SELECT 1;
