-- Visitors, attempts and where everything came from.

-- +goose Up

-- business

-- How long views are kept, in months; 0 is for ever. Totals stay.
ALTER TABLE businesses ADD COLUMN keep_views_months BIGINT NOT NULL DEFAULT 0;

-- payment: what is known of the visit, beside its channel.
ALTER TABLE attempts ADD COLUMN referrer TEXT NOT NULL DEFAULT '';  -- a site's name
ALTER TABLE attempts ADD COLUMN browser TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN os TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN language TEXT NOT NULL DEFAULT '';  -- of the browser

-- visit

-- Who it was, as far as that can be told without knowing anybody: the day's
-- number and a hash with a salt that is thrown away. 0 for what is no person.
ALTER TABLE views ADD COLUMN visitor BIGINT NOT NULL DEFAULT 0;

-- The visitors of the last days, to count each once; older ones are removed.
CREATE TABLE visitors (
    id BIGINT PRIMARY KEY
);

-- The salts of the last days, by the day's number.
CREATE TABLE visitor_salts (
    day  BIGINT PRIMARY KEY,
    salt TEXT NOT NULL              -- hexadecimal
);

ALTER TABLE link_totals ADD COLUMN visitors BIGINT NOT NULL DEFAULT 0;
ALTER TABLE link_totals ADD COLUMN own BIGINT NOT NULL DEFAULT 0;       -- views of the merchant's own people
ALTER TABLE link_totals ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE link_rollups ADD COLUMN visitors BIGINT NOT NULL DEFAULT 0;
ALTER TABLE link_rollups ADD COLUMN own BIGINT NOT NULL DEFAULT 0;
ALTER TABLE link_rollups ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;

-- The calendar days of the business by one property of the visit at a time.
CREATE TABLE link_facets (
    link_id        TEXT NOT NULL,
    mode           TEXT NOT NULL,
    facet          TEXT NOT NULL,     -- channel, browser, os, language, referrer, network, campaign, delivery
    day            BIGINT NOT NULL,   -- since 1 January 2020
    value          TEXT NOT NULL,     -- '' where nothing is known
    business_id    TEXT NOT NULL,
    views          BIGINT NOT NULL DEFAULT 0,
    visitors       BIGINT NOT NULL DEFAULT 0,
    attempts       BIGINT NOT NULL DEFAULT 0,
    payments       BIGINT NOT NULL DEFAULT 0,
    revenue_minor  BIGINT NOT NULL DEFAULT 0,
    refunded_minor BIGINT NOT NULL DEFAULT 0,
    lost_minor     BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (link_id, mode, facet, day, value)
);

-- +goose Down
SELECT 1;
