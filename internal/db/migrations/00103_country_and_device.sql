-- From which country a visit came, where a file says so, and by what kind of device.

-- +goose Up
ALTER TABLE views ADD COLUMN country TEXT NOT NULL DEFAULT ''; -- ISO 3166-1, two letters
ALTER TABLE views ADD COLUMN device TEXT NOT NULL DEFAULT '';  -- phone, tablet, desktop
ALTER TABLE attempts ADD COLUMN country TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN device TEXT NOT NULL DEFAULT '';
