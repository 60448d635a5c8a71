-- What programs that were written for PayRequest ask for, and how they are told.

-- +goose Up

-- webhook: in which form an endpoint is told.
ALTER TABLE webhook_endpoints ADD COLUMN format TEXT NOT NULL DEFAULT 'standard' CHECK (format IN ('standard', 'payrequest'));

-- webhook: what is posted once, when somebody paid, to an address of its own.
CREATE TABLE callbacks (
    key         TEXT NOT NULL,             -- at most one for each: the payment's id
    business_id TEXT NOT NULL REFERENCES businesses (id),
    url         TEXT NOT NULL,
    host        TEXT NOT NULL,             -- of the url: one that hangs holds up itself alone
    form        TEXT NOT NULL,             -- the body, urlencoded
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
    tries       BIGINT NOT NULL DEFAULT 0,
    status      BIGINT NOT NULL DEFAULT 0, -- of the last answer; 0 for none
    problem     TEXT NOT NULL DEFAULT '',  -- why there was no answer
    due_at      BIGINT,                    -- by the wall; NULL: never again
    updated_at  BIGINT NOT NULL,           -- by the wall
    PRIMARY KEY (business_id, key)
);
CREATE INDEX callbacks_due ON callbacks (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX callbacks_old ON callbacks (updated_at);

-- payrequest: links that its programs asked for.
CREATE TABLE payrequest_links (
    link_id     TEXT PRIMARY KEY REFERENCES links (id),
    business_id TEXT NOT NULL REFERENCES businesses (id),
    call        TEXT NOT NULL,             -- token, type, title, amount, currency and e-mail, hashed; '' for a payment request
    title       TEXT NOT NULL,             -- as the program called it
    callback    TEXT NOT NULL,             -- told when somebody paid; '' for nobody
    due_on      TEXT NOT NULL,             -- of a payment request: 2026-12-31, or ''
    created_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX payrequest_links_call ON payrequest_links (business_id, call) WHERE call <> '';
CREATE INDEX payrequest_links_requests ON payrequest_links (business_id, link_id) WHERE call = '';

-- +goose Down
SELECT 1;
