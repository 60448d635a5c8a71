-- Views by months. What is there becomes the first partition, without copying.
-- internal/visit adds the months; what belongs to none of them waits in views_rest.

DO $$
DECLARE next_id BIGINT;
BEGIN
    SELECT COALESCE(MAX(id), 0) + 1 INTO next_id FROM views;
    ALTER TABLE views RENAME TO views_before;
    ALTER INDEX views_pkey RENAME TO views_before_pkey;
    ALTER INDEX views_link RENAME TO views_before_link;
    ALTER INDEX views_recipient RENAME TO views_before_recipient;
    CREATE TABLE views (LIKE views_before INCLUDING DEFAULTS) PARTITION BY RANGE (id);
    ALTER TABLE views ADD PRIMARY KEY (id);
    CREATE INDEX views_link ON views (link_id, id);
    CREATE INDEX views_recipient ON views (link_id, recipient_token) WHERE recipient_token <> '';
    EXECUTE format('ALTER TABLE views ATTACH PARTITION views_before FOR VALUES FROM (MINVALUE) TO (%s)', next_id);
    CREATE TABLE views_rest PARTITION OF views DEFAULT;
END $$;
