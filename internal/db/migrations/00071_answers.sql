-- What payers answered, and what they added of their own will.

-- +goose Up
ALTER TABLE attempts ADD COLUMN tip_minor BIGINT NOT NULL DEFAULT 0 CHECK (tip_minor >= 0);
ALTER TABLE attempts ADD COLUMN fee_minor BIGINT NOT NULL DEFAULT 0 CHECK (fee_minor >= 0); -- of the provider, covered by the payer
ALTER TABLE attempts ADD COLUMN answers TEXT NOT NULL DEFAULT ''; -- JSON, with the labels as they were; '': nothing
ALTER TABLE refunds ADD COLUMN part TEXT NOT NULL DEFAULT '' CHECK (part IN ('', 'goods', 'tip', 'fee_covered')); -- '': goods first, then fee, then tip

-- Which questions there were, for the columns of lists.
CREATE INDEX attempts_answered ON attempts (business_id, mode, id) WHERE answers <> '';

-- +goose Down
SELECT 1;
