-- coupon: what payments with a code took off and brought, kept with each payment, so that a
-- list of codes costs the same however often they were used.

-- +goose Up
CREATE TABLE code_sums (
	code_id TEXT NOT NULL,
	mode TEXT NOT NULL CHECK (mode IN ('live', 'test')),
	currency TEXT NOT NULL,
	business_id TEXT NOT NULL REFERENCES businesses (id),
	taken_off_minor BIGINT NOT NULL,
	brought_minor BIGINT NOT NULL,
	PRIMARY KEY (code_id, mode, currency)
);
INSERT INTO code_sums (code_id, mode, currency, business_id, taken_off_minor, brought_minor)
SELECT a.code_id, a.mode, a.currency, a.business_id, CAST(SUM(a.discount_minor) AS BIGINT), CAST(SUM(p.captured_minor) AS BIGINT)
FROM attempts a JOIN payments p ON p.id = a.id JOIN promotion_codes c ON c.id = a.code_id AND c.business_id = a.business_id
WHERE a.code_id <> '' AND p.receipt IS NOT NULL GROUP BY a.code_id, a.mode, a.currency, a.business_id;

-- +goose Down
SELECT 1;
