-- +goose Up

-- Behind /s/: opts out of the messages of a business, and in again. It is not the token
-- of the pay link, which merchants read and payers forward.
ALTER TABLE deliveries ADD COLUMN stop_token TEXT NOT NULL DEFAULT '';
-- What was sent before has one address for both, which goes on opting out.
UPDATE deliveries SET stop_token = token;
CREATE UNIQUE INDEX deliveries_stop ON deliveries (stop_token);

-- +goose Down
SELECT 1;
