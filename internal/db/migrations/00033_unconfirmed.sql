-- +goose Up

-- Whether the merchant entered or changed the customer, and so stands for the address;
-- false for whom payments made.
ALTER TABLE customers ADD COLUMN entered BOOLEAN NOT NULL DEFAULT TRUE;
UPDATE customers SET entered = FALSE WHERE EXISTS (SELECT 1 FROM payments p WHERE p.customer_id = customers.id);

-- How many mails went to an address that nobody has confirmed. The address is hashed,
-- and a line is deleted with its day.
CREATE TABLE unconfirmed_mails (
    business_id TEXT NOT NULL,
    address     TEXT NOT NULL,
    day         BIGINT NOT NULL, -- since 1970, UTC
    sent        BIGINT NOT NULL,
    PRIMARY KEY (business_id, address, day)
);
CREATE INDEX unconfirmed_mails_day ON unconfirmed_mails (day);

-- +goose Down
SELECT 1;
