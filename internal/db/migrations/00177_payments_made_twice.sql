-- payment: money that came after its payer had begun to pay for the same again, as a bank
-- transfer does that was given up for another way to pay. A person must look at it.

-- +goose Up
ALTER TABLE attempts ADD COLUMN double_of TEXT NOT NULL DEFAULT ''; -- the attempt that they began again; '': none
CREATE INDEX attempts_doubles ON attempts (business_id, mode, id) WHERE double_of <> '' AND looked_at IS NULL;
CREATE INDEX attempts_double_of ON attempts (business_id, double_of) WHERE double_of <> '';

-- +goose Down
SELECT 1;
