-- A payment of nothing is given back too: its refund is over 0.00, as its receipt is.
ALTER TABLE refunds DROP CONSTRAINT refunds_amount_minor_check;
ALTER TABLE refunds ADD CONSTRAINT refunds_amount_minor_check CHECK (amount_minor >= 0);
