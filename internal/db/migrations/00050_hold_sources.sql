-- Whose live holds are counted together, and whether others came while a link was full.

-- +goose Up
ALTER TABLE attempts ADD COLUMN payer_key TEXT NOT NULL DEFAULT ''; -- keyed hash of the payer's address, for a day at most
ALTER TABLE link_slots ADD COLUMN wanted_at BIGINT; -- when somebody last found every place held by others

CREATE INDEX attempts_sources ON attempts (business_id, payer_key, id)
	WHERE payer_key <> '' AND (holds_slot OR state IN ('failed', 'expired', 'released'));
CREATE INDEX attempts_held ON attempts (link_id, mode) WHERE holds_slot;

-- +goose Down
SELECT 1;
