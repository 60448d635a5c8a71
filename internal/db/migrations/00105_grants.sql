-- What members allow assistants: a grant for one business, the tokens that it is used by,
-- and the programs that have registered themselves.

-- +goose Up

-- A program that has registered itself (RFC 7591). One that is described by a document at
-- its own address needs no row.
CREATE TABLE oauth_clients (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    redirect_uris TEXT NOT NULL,      -- separated by blanks, which none contains
    created_at    BIGINT NOT NULL     -- by the wall
);
CREATE INDEX oauth_clients_age ON oauth_clients (created_at);

CREATE TABLE grants (
    id           TEXT PRIMARY KEY,
    business_id  TEXT NOT NULL REFERENCES businesses (id),
    user_id      TEXT NOT NULL,
    joined_at    BIGINT NOT NULL,     -- of the membership that it ends with
    client_id    TEXT NOT NULL,
    client_name  TEXT NOT NULL,
    scopes       TEXT NOT NULL,
    drafts       BOOLEAN NOT NULL,    -- links that it makes stay inactive
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at   BIGINT
);
CREATE INDEX grants_business ON grants (business_id, id);

CREATE TABLE grant_tokens (
    hash        TEXT PRIMARY KEY,
    business_id TEXT NOT NULL,
    grant_id    TEXT NOT NULL REFERENCES grants (id),
    kind        TEXT NOT NULL,        -- code, access or refresh
    redirect_uri TEXT NOT NULL DEFAULT '', -- of a code, with
    challenge   TEXT NOT NULL DEFAULT '',  -- S256 of RFC 7636
    expires_at  BIGINT NOT NULL,      -- by the wall
    used_at     BIGINT                -- of a code or refresh token, which is good for once
);
CREATE INDEX grant_tokens_grant ON grant_tokens (grant_id, kind);
CREATE INDEX grant_tokens_expiry ON grant_tokens (expires_at);

-- How often tools were called, by day of UTC.
CREATE TABLE grant_days (
    business_id TEXT NOT NULL,
    grant_id    TEXT NOT NULL REFERENCES grants (id),
    day         BIGINT NOT NULL,
    calls       BIGINT NOT NULL,
    PRIMARY KEY (grant_id, day)
);

CREATE INDEX acts_actor ON acts (business_id, actor, at);

-- +goose Down
SELECT 1;
