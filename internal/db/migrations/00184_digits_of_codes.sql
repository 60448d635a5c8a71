-- coupon: digits of a promotion code are kept as 0 to 9, whatever script they were typed in,
-- because what payers type is read so. Of two codes that would be the same, both stay.

-- +goose Up
UPDATE promotion_codes SET code = f.plain FROM (
	SELECT id, plain, COUNT(*) OVER (PARTITION BY business_id, plain) AS alike FROM (
		SELECT id, business_id, REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(code, '٠', '0'), '۰', '0'), '١', '1'), '۱', '1'), '٢', '2'), '۲', '2'), '٣', '3'), '۳', '3'), '٤', '4'), '۴', '4'), '٥', '5'), '۵', '5'), '٦', '6'), '۶', '6'), '٧', '7'), '۷', '7'), '٨', '8'), '۸', '8'), '٩', '9'), '۹', '9') AS plain
		FROM promotion_codes WHERE deleted_at IS NULL) AS p) AS f
WHERE f.id = promotion_codes.id AND f.alike = 1 AND f.plain <> promotion_codes.code;

-- +goose Down
SELECT 1;
