package dashboardtest

import (
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// Webhook puts a report into the inbox, as if it had come.
func (s *Site) Webhook(t testing.TB, b business.Business, id, object, outcome, body string) {
	t.Helper()
	at := db.At(s.DB.Clock().Now())
	s.Exec(t, `INSERT INTO webhook_inbox (id, business_id, provider, event, object, body, received_at, processed_at, outcome, tries, due_at)
		VALUES ($1, $2, 'sandbox', $3, $4, $5, $6, CASE WHEN CAST($7 AS text) = '' THEN NULL ELSE CAST($6 AS BIGINT) END, $7, 2, NULL)`,
		id, b.ID, "evt_"+id, object, []byte(body), at, outcome)
}
