-- What is counted: visitors, totals, days.

-- +goose Up

-- The visitors of the last days, to count each once; older ones are removed.
CREATE TABLE visitors (
	id BIGINT PRIMARY KEY
);

-- The salts of the last days, by the day's number.
CREATE TABLE visitor_salts (
	day BIGINT PRIMARY KEY,
	salt TEXT NOT NULL -- hexadecimal
);

CREATE TABLE link_totals (
	link_id TEXT NOT NULL,
	mode TEXT NOT NULL,
	business_id TEXT NOT NULL,
	views BIGINT NOT NULL DEFAULT 0,
	bots BIGINT NOT NULL DEFAULT 0,
	previews BIGINT NOT NULL DEFAULT 0,
	payments BIGINT NOT NULL DEFAULT 0,
	revenue_minor BIGINT NOT NULL DEFAULT 0,
	refunded_minor BIGINT NOT NULL DEFAULT 0,
	lost_minor BIGINT NOT NULL DEFAULT 0,
	visitors BIGINT NOT NULL DEFAULT 0,
	own BIGINT NOT NULL DEFAULT 0, -- views of the merchant's own people
	attempts BIGINT NOT NULL DEFAULT 0,
	-- What of the figures was recorded by hand: conversion leaves it out.
	by_hand BIGINT NOT NULL DEFAULT 0,
	by_hand_minor BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (link_id, mode)
);
CREATE INDEX link_totals_business ON link_totals (business_id, mode);

-- 15-minute buckets, because time zones have offsets of 30 and 45 minutes.
CREATE TABLE link_rollups (
	link_id TEXT NOT NULL,
	mode TEXT NOT NULL,
	bucket BIGINT NOT NULL, -- start, microseconds
	channel TEXT NOT NULL,
	business_id TEXT NOT NULL,
	views BIGINT NOT NULL DEFAULT 0,
	bots BIGINT NOT NULL DEFAULT 0,
	previews BIGINT NOT NULL DEFAULT 0,
	payments BIGINT NOT NULL DEFAULT 0,
	revenue_minor BIGINT NOT NULL DEFAULT 0,
	refunded_minor BIGINT NOT NULL DEFAULT 0,
	lost_minor BIGINT NOT NULL DEFAULT 0,
	visitors BIGINT NOT NULL DEFAULT 0,
	own BIGINT NOT NULL DEFAULT 0,
	attempts BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (link_id, mode, bucket, channel)
);
CREATE INDEX link_rollups_business ON link_rollups (business_id, mode, bucket);
-- The best links of a period: all that the question needs, of sales alone.
CREATE INDEX link_rollups_sales ON link_rollups (business_id, mode, bucket, link_id, payments, revenue_minor) WHERE payments > 0;

-- The calendar days of the business by one property of the visit at a time.
CREATE TABLE link_facets (
	link_id TEXT NOT NULL,
	mode TEXT NOT NULL,
	facet TEXT NOT NULL, -- channel, browser, os, language, referrer, network, campaign, delivery
	day BIGINT NOT NULL, -- since 1 January 2020
	value TEXT NOT NULL, -- '' where nothing is known
	business_id TEXT NOT NULL,
	views BIGINT NOT NULL DEFAULT 0,
	visitors BIGINT NOT NULL DEFAULT 0,
	attempts BIGINT NOT NULL DEFAULT 0,
	payments BIGINT NOT NULL DEFAULT 0,
	revenue_minor BIGINT NOT NULL DEFAULT 0,
	refunded_minor BIGINT NOT NULL DEFAULT 0,
	lost_minor BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (link_id, mode, facet, day, value)
);

-- The calendar days of a whole business, so that its charts cost the same
-- however many links it has. Views have the currency '', money has its own. They
-- stay when a link is deleted, as its payments do.
CREATE TABLE business_days (
	business_id TEXT NOT NULL,
	mode TEXT NOT NULL,
	day BIGINT NOT NULL, -- since 1 January 2020
	currency TEXT NOT NULL,
	views BIGINT NOT NULL DEFAULT 0,
	payments BIGINT NOT NULL DEFAULT 0,
	revenue_minor BIGINT NOT NULL DEFAULT 0,
	refunded_minor BIGINT NOT NULL DEFAULT 0,
	lost_minor BIGINT NOT NULL DEFAULT 0,
	by_hand BIGINT NOT NULL DEFAULT 0,
	by_hand_minor BIGINT NOT NULL DEFAULT 0,
	PRIMARY KEY (business_id, mode, day, currency)
);

-- +goose Down
SELECT 1;
