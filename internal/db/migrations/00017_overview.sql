-- What the overview of a business reads.

-- +goose Up

-- visit

-- The calendar days of a whole business, so that its charts cost the same
-- however many links it has. Views have the currency '', money has its own. They
-- stay when a link is deleted, as its payments do.
CREATE TABLE business_days (
    business_id    TEXT NOT NULL,
    mode           TEXT NOT NULL,
    day            BIGINT NOT NULL,   -- since 1 January 2020
    currency       TEXT NOT NULL,
    views          BIGINT NOT NULL DEFAULT 0,
    payments       BIGINT NOT NULL DEFAULT 0,
    revenue_minor  BIGINT NOT NULL DEFAULT 0,
    refunded_minor BIGINT NOT NULL DEFAULT 0,
    lost_minor     BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (business_id, mode, day, currency)
);
-- What was counted before goes to the days of UTC: 18262 of them lie between
-- 1970 and 2020.
INSERT INTO business_days (business_id, mode, day, currency, views)
SELECT business_id, mode, bucket / 86400000000 - 18262, '', CAST(SUM(views) AS BIGINT)
FROM link_rollups WHERE views > 0 GROUP BY business_id, mode, bucket / 86400000000;
INSERT INTO business_days (business_id, mode, day, currency, payments, revenue_minor, refunded_minor, lost_minor)
SELECT r.business_id, r.mode, r.bucket / 86400000000 - 18262, COALESCE(l.currency, p.currency, b.currency), CAST(SUM(r.payments) AS BIGINT),
    CAST(SUM(r.revenue_minor) AS BIGINT), CAST(SUM(r.refunded_minor) AS BIGINT), CAST(SUM(r.lost_minor) AS BIGINT)
FROM link_rollups r JOIN businesses b ON b.id = r.business_id LEFT JOIN links l ON l.id = r.link_id LEFT JOIN products p ON p.id = r.link_id
WHERE r.payments <> 0 OR r.refunded_minor <> 0 OR r.lost_minor <> 0
GROUP BY r.business_id, r.mode, r.bucket / 86400000000, COALESCE(l.currency, p.currency, b.currency);

-- The best links of a period: all that the question needs, of sales alone.
CREATE INDEX link_rollups_sales ON link_rollups (business_id, mode, bucket, link_id, payments, revenue_minor) WHERE payments > 0;

-- business

-- When somebody put the list of what is left to set up away.
ALTER TABLE businesses ADD COLUMN checklist_hidden_at BIGINT;

-- link

CREATE INDEX links_by_name ON links (business_id, name_folded, id) WHERE deleted_at IS NULL;

-- +goose Down
SELECT 1;
