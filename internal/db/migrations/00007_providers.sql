-- +goose Up

-- payment/keyring

-- A business's accounts at providers, apart for live and test. Keys are sealed;
-- of each only its last characters are ever shown.
CREATE TABLE provider_accounts (
    business_id    TEXT NOT NULL REFERENCES businesses (id),
    provider       TEXT NOT NULL,
    mode           TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    account        TEXT NOT NULL,             -- the provider's id of the account
    label          TEXT NOT NULL,             -- its name there
    last4          TEXT NOT NULL,
    sealed_key     TEXT NOT NULL,
    sealed_webhook TEXT NOT NULL DEFAULT '',  -- sealed secret of the webhooks; '' without one
    webhook_id     TEXT NOT NULL DEFAULT '',  -- the endpoint that we made there; '' for none
    status         TEXT NOT NULL CHECK (status IN ('working', 'refused')),
    problem        TEXT NOT NULL DEFAULT '',  -- what the provider said
    checked_at     BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL,
    PRIMARY KEY (business_id, provider, mode)
);

-- Of a provider that moves real money: whether the business uses its test
-- account. '' is live.
ALTER TABLE businesses ADD COLUMN provider_mode TEXT NOT NULL DEFAULT '';

-- +goose Down
SELECT 1;
