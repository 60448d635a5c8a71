-- What programs that were written for PayRequest need.

-- +goose Up

-- business: its programs speak to the API as PayRequest's did.
ALTER TABLE businesses ADD COLUMN payrequest BOOLEAN NOT NULL DEFAULT FALSE;

-- payment: what was paid for, folded, to be found by a part of it.
ALTER TABLE attempts ADD COLUMN said_folded TEXT NOT NULL DEFAULT '';
UPDATE attempts SET said_folded = LOWER(title);

-- +goose Down
SELECT 1;
