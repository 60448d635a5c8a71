-- Certificates of own domains, with their keys, for all processes, and the locks by which
-- one of them gets each.

-- +goose Up
CREATE TABLE certificate_files (
    path        TEXT PRIMARY KEY,   -- as certmagic names it: certificates/…/pay.acme.example/….key
    sealed      TEXT NOT NULL,
    size        BIGINT NOT NULL,    -- in bytes, before it was sealed
    modified_at BIGINT NOT NULL     -- by the wall
);
CREATE TABLE certificate_locks (
    name       TEXT PRIMARY KEY,
    holder     TEXT NOT NULL,       -- drawn by chance, for each taking
    expires_at BIGINT NOT NULL      -- by the wall: whoever comes later may take it
);
