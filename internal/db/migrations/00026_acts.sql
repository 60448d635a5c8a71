-- +goose Up

-- account

-- Who did what in a business. Names are those of then: people leave, tokens are
-- revoked, and what they did stays theirs.
CREATE TABLE acts (
    id          TEXT PRIMARY KEY,
    business_id TEXT NOT NULL REFERENCES businesses (id),
    at          BIGINT NOT NULL,  -- by the wall
    actor       TEXT NOT NULL,    -- id of the member or of the token
    name        TEXT NOT NULL,
    what        TEXT NOT NULL,    -- in words
    object      TEXT NOT NULL,    -- id, '' for none
    address     TEXT NOT NULL     -- from where
);
CREATE INDEX acts_list ON acts (business_id, at, id);
CREATE INDEX acts_old ON acts (at);

-- +goose Down
SELECT 1;
