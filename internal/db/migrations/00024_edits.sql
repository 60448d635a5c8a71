-- +goose Up

-- account

-- Who saved the version of something that others may have open in a form.
CREATE TABLE edits (
    business_id TEXT NOT NULL REFERENCES businesses (id),
    object      TEXT NOT NULL,     -- its id, or its kind where there is one of each
    version     BIGINT NOT NULL,
    user_id     TEXT NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (business_id, object)
);

-- +goose Down
SELECT 1;
