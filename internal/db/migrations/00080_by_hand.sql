-- payment: money that came outside any provider and that a member records.

-- +goose Up
CREATE TABLE recorded_payments (
    payment_id  TEXT PRIMARY KEY REFERENCES payments (id),
    business_id TEXT NOT NULL REFERENCES businesses (id),
    paid_on     TEXT NOT NULL,             -- the day as it was typed, 2026-12-31
    note        TEXT NOT NULL DEFAULT '',  -- for the business alone
    recorded_by TEXT NOT NULL DEFAULT '',  -- who did, as shown
    created_at  BIGINT NOT NULL
);

-- The payment that was recorded by hand instead: money that still comes is overflow.
ALTER TABLE attempts ADD COLUMN superseded_by TEXT NOT NULL DEFAULT '';

-- What of the figures was recorded by hand: conversion leaves it out.
ALTER TABLE link_totals ADD COLUMN by_hand BIGINT NOT NULL DEFAULT 0;
ALTER TABLE link_totals ADD COLUMN by_hand_minor BIGINT NOT NULL DEFAULT 0;
ALTER TABLE business_days ADD COLUMN by_hand BIGINT NOT NULL DEFAULT 0;
ALTER TABLE business_days ADD COLUMN by_hand_minor BIGINT NOT NULL DEFAULT 0;

-- +goose Down
SELECT 1;
