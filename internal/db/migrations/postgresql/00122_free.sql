-- A code may take off everything: such a payment is of nothing.
ALTER TABLE attempts DROP CONSTRAINT attempts_amount_minor_check;
ALTER TABLE attempts ADD CONSTRAINT attempts_amount_minor_check CHECK (amount_minor >= 0) NOT VALID;
ALTER TABLE payments DROP CONSTRAINT payments_captured_minor_check;
ALTER TABLE payments ADD CONSTRAINT payments_captured_minor_check CHECK (captured_minor >= 0) NOT VALID;
