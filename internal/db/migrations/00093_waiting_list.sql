-- Who waits for a place of a full link, and places that are offered to them.

-- +goose Up
ALTER TABLE links ADD COLUMN waiting_list BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE links ADD COLUMN offer_hours BIGINT NOT NULL DEFAULT 24; -- how long an offer holds its places
ALTER TABLE link_slots ADD COLUMN waiting BIGINT NOT NULL DEFAULT 0; -- entries that wait
ALTER TABLE link_slots ADD COLUMN offered BIGINT NOT NULL DEFAULT 0; -- of held: offers, without an attempt
ALTER TABLE link_slots ADD COLUMN offered_units BIGINT NOT NULL DEFAULT 0; -- of held_units: theirs

CREATE TABLE waiting_entries (
    id            TEXT PRIMARY KEY,
    business_id   TEXT NOT NULL REFERENCES businesses (id),
    link_id       TEXT NOT NULL REFERENCES links (id),
    mode          TEXT NOT NULL CHECK (mode IN ('live', 'test')),
    number        BIGINT NOT NULL,             -- the order of joining
    email         TEXT NOT NULL,
    email_folded  TEXT NOT NULL,
    language      TEXT NOT NULL,
    quantity      BIGINT NOT NULL,             -- places wanted
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'offered', 'taken', 'declined', 'ended')),
    token         TEXT NOT NULL UNIQUE,        -- of its mails: who has it may pay or leave
    offered_until BIGINT,
    due_at        BIGINT,                      -- while it is offered
    attempt_id    TEXT,                        -- that took it
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX waiting_entries_one ON waiting_entries (link_id, mode, email_folded) WHERE state IN ('waiting', 'offered');
CREATE INDEX waiting_entries_line ON waiting_entries (link_id, mode, state, number);
CREATE INDEX waiting_entries_due ON waiting_entries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX waiting_entries_group ON waiting_entries (business_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX waiting_entries_old ON waiting_entries (updated_at) WHERE state NOT IN ('waiting', 'offered');

-- +goose Down
SELECT 1;
