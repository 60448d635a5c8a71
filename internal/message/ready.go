package message

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// MailReady reports whether mails of the business have a server to go to: its
// own or the installation's.
func (m *Messages) MailReady(ctx context.Context, from db.Reader, businessID business.ID) (bool, error) {
	if m.Gateway != nil {
		return true, nil
	}
	r, err := readSettings(ctx, from, businessID)
	return r.Gateway != "", err
}
