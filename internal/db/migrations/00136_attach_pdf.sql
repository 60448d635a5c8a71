-- message: receipts and credit notes go as files with their mails, where a business wants that.

-- +goose Up
ALTER TABLE mail_settings ADD COLUMN attach_pdf BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
SELECT 1;
