-- A payment buys one or more units, and a limit counts payments or units.

-- +goose Up
ALTER TABLE links ADD COLUMN checkout TEXT NOT NULL DEFAULT ''; -- what payers are asked beside the price, JSON; '': nothing
ALTER TABLE links ADD COLUMN limit_counts TEXT NOT NULL DEFAULT 'payments' CHECK (limit_counts IN ('payments', 'units'));

ALTER TABLE attempts ADD COLUMN quantity BIGINT NOT NULL DEFAULT 1 CHECK (quantity > 0);
ALTER TABLE attempts ADD COLUMN unit_minor BIGINT; -- what one unit costs; NULL: the amount

ALTER TABLE payments ADD COLUMN units_returned BIGINT NOT NULL DEFAULT 0; -- places that refunds gave back
UPDATE payments SET units_returned = 1 WHERE slot_returned;
ALTER TABLE refunds ADD COLUMN return_units BIGINT NOT NULL DEFAULT 0; -- of return_slot: all that are left

-- Both are always counted, so that a limit may change what it counts at any time.
ALTER TABLE link_slots ADD COLUMN held_units BIGINT NOT NULL DEFAULT 0 CHECK (held_units >= 0);
ALTER TABLE link_slots ADD COLUMN consumed_units BIGINT NOT NULL DEFAULT 0 CHECK (consumed_units >= 0);
ALTER TABLE link_slots ADD COLUMN by_units BOOLEAN NOT NULL DEFAULT FALSE; -- the capacity is of units
ALTER TABLE link_slots ADD COLUMN least BIGINT NOT NULL DEFAULT 1; -- of what the capacity is of, a payment takes at least
UPDATE link_slots SET held_units = held, consumed_units = consumed;

-- +goose Down
SELECT 1;
