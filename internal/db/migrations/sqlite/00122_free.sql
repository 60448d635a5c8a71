-- A code may take off everything: such a payment is of nothing. SQLite has no statement that
-- changes a CHECK. Where no row on disk changes, its documentation (ALTER TABLE, "Making
-- Other Kinds Of Table Schema Changes") says to write the schema itself.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = REPLACE(sql, 'CHECK (amount_minor > 0)', 'CHECK (amount_minor >= 0)') WHERE type = 'table' AND name = 'attempts';
UPDATE sqlite_schema SET sql = REPLACE(sql, 'CHECK (captured_minor > 0)', 'CHECK (captured_minor >= 0)') WHERE type = 'table' AND name = 'payments';
PRAGMA writable_schema = RESET;
-- Other connections read the schema again when its number has changed, as it has behind this.
CREATE TABLE read_again (id TEXT);
DROP TABLE read_again;
