-- importer: whether the day or the month comes first in a file's dates, as its merchant chose
-- or, once it runs, as the file told.

-- +goose Up
ALTER TABLE imports ADD COLUMN dates TEXT NOT NULL DEFAULT ''; -- year, day, month; '': as the file tells

-- +goose Down
SELECT 1;
