-- Who of a business is told what: members by mail, and channels such as a chat or a device.

-- +goose Up
CREATE TABLE member_news (                     -- of members who chose; others have the usual
    business_id TEXT NOT NULL,
    user_id     TEXT NOT NULL,
    news        TEXT NOT NULL,                 -- kinds that come by mail, apart by blanks
    summary     TEXT NOT NULL CHECK (summary IN ('never', 'daily', 'weekly')),
    due_at      BIGINT,                        -- of the next summary
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (business_id, user_id),
    FOREIGN KEY (business_id, user_id) REFERENCES members (business_id, user_id) ON DELETE CASCADE
);
CREATE INDEX member_news_due ON member_news (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX member_news_group ON member_news (business_id, due_at) WHERE due_at IS NOT NULL;

-- Who wanted no mails of payments or limits keeps it so.
INSERT INTO member_news (business_id, user_id, news, summary, updated_at)
    SELECT m.business_id, m.user_id,
        TRIM(CASE WHEN s.tell_paid THEN 'paid ' ELSE '' END || CASE WHEN s.tell_limit THEN 'limit_reached ' ELSE '' END || 'attention'), 'never', s.updated_at
    FROM members m JOIN mail_settings s ON s.business_id = m.business_id
    WHERE m.role = 'owner' AND NOT (s.tell_paid AND s.tell_limit);
-- tell_paid and tell_limit of mail_settings are read by nobody from here on, and stay for
-- who goes back a version.

CREATE TABLE alert_channels (
    id          TEXT PRIMARY KEY,
    business_id TEXT NOT NULL REFERENCES businesses (id),
    user_id     TEXT NOT NULL,                 -- who made it; whose device it is
    kind        TEXT NOT NULL CHECK (kind IN ('slack', 'discord', 'telegram', 'ntfy', 'push')),
    name        TEXT NOT NULL,
    address     TEXT NOT NULL,                 -- sealed
    digest      TEXT NOT NULL,                 -- of the address, so that none is there twice
    language    TEXT NOT NULL,
    news        TEXT NOT NULL,
    active      BOOLEAN NOT NULL,
    reason      TEXT NOT NULL DEFAULT '',      -- why the last alert did not arrive
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    UNIQUE (business_id, digest)
);

CREATE TABLE alert_posts (                     -- on their way
    business_id TEXT NOT NULL REFERENCES businesses (id),
    id          TEXT NOT NULL,
    channel_id  TEXT NOT NULL REFERENCES alert_channels (id) ON DELETE CASCADE,
    body        TEXT NOT NULL,                 -- sealed
    tries       BIGINT NOT NULL DEFAULT 0,
    due_at      BIGINT,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (business_id, id)
);
CREATE INDEX alert_posts_due ON alert_posts (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX alert_posts_group ON alert_posts (channel_id, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE push_keys (                       -- one pair for the installation (RFC 8292)
    id      BIGINT PRIMARY KEY CHECK (id = 1),
    public  TEXT NOT NULL,
    private TEXT NOT NULL                      -- sealed
);

-- +goose Down
SELECT 1;
