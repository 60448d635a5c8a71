-- +goose Up

-- account: all instants by the wall, because they guard who gets in

ALTER TABLE users ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;       -- moves on when what signs them in changes
ALTER TABLE users ADD COLUMN signed_in_at BIGINT;
ALTER TABLE users ADD COLUMN totp_secret TEXT NOT NULL DEFAULT '';  -- sealed; '' while the second step is off
ALTER TABLE users ADD COLUMN totp_draft TEXT NOT NULL DEFAULT '';   -- sealed; shown, not yet proved by a code
ALTER TABLE users ADD COLUMN totp_used BIGINT NOT NULL DEFAULT 0;   -- time step of the last code that was taken

-- Who is signed in where. The table sessions holds what browsers remember; a
-- session whose row here is gone opens nothing.
CREATE TABLE sign_ins (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id),
    agent      TEXT NOT NULL,  -- browser and system, in words
    address    TEXT NOT NULL,  -- masked
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
);
CREATE INDEX sign_ins_user ON sign_ins (user_id, seen_at);
CREATE INDEX sign_ins_seen ON sign_ins (seen_at);

-- Links in mails that work once.
CREATE TABLE mailed_links (
    hash         TEXT PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('password', 'email')),
    user_id      TEXT NOT NULL,             -- '' for an address that nobody has
    email        TEXT NOT NULL DEFAULT '',  -- the new address
    email_folded TEXT NOT NULL DEFAULT '',
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX mailed_links_user ON mailed_links (user_id, kind);
CREATE INDEX mailed_links_expiry ON mailed_links (expires_at);

CREATE TABLE invitations (
    id           TEXT PRIMARY KEY,
    business_id  TEXT NOT NULL REFERENCES businesses (id),
    email        TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    role         TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'staff')),
    hash         TEXT NOT NULL UNIQUE,  -- of the link's token
    invited_by   TEXT NOT NULL REFERENCES users (id),
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    UNIQUE (business_id, email_folded)
);

CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES users (id),
    hash    TEXT NOT NULL,
    PRIMARY KEY (user_id, hash)
);

CREATE TABLE passkeys (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id),
    credential TEXT NOT NULL UNIQUE,  -- its id, as the authenticator gave it, in base64url
    record     TEXT NOT NULL,         -- JSON: public key, flags, counter
    name       TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX passkeys_user ON passkeys (user_id, id);

-- +goose Down
SELECT 1;
