-- visit: figures are found by their target alone. SQLite, which knows nothing of the rows, took
-- this index for the chart of one link and read the quarter hours of all of them.

-- +goose Up
DROP INDEX link_rollups_business;

-- +goose Down
SELECT 1;
