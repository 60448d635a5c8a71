package dashboard_test

import (
	"net/http"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/sandbox"
)

// webhook puts a report into the inbox, as if it had come.
func (s *site) webhook(t testing.TB, b business.Business, id, object, outcome, body string) {
	t.Helper()
	at := db.At(s.DB.Clock().Now())
	s.exec(t, `INSERT INTO webhook_inbox (id, business_id, provider, event, object, body, received_at, processed_at, outcome, tries, due_at)
		VALUES ($1, $2, 'sandbox', $3, $4, $5, $6, CASE WHEN CAST($7 AS text) = '' THEN NULL ELSE CAST($6 AS BIGINT) END, $7, 2, NULL)`,
		id, b.ID, "evt_"+id, object, []byte(body), at, outcome)
}

func TestTheInboxTellsWhatCameOfWebhooks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		zenith := s.business(t, "zenith", "zoe@example.com")
		b := s.signedIn(t, "marit@example.com")
		const inbox = "/dashboard/acme/transactions/webhooks"
		if got := b.get(inbox); !got.Has("No webhooks yet") {
			t.Errorf("the empty inbox: %s", got.Said())
		}
		v := s.attempt(t, acme, s.link(t, acme, link.Draft{}), "Ann", "ann@example.com", sandbox.Paid)
		const done, waits, lost, foreign = "inb_00000000000000000000000001", "inb_00000000000000000000000002", "inb_00000000000000000000000003", "inb_00000000000000000000000004"
		s.webhook(t, acme, done, v.ProviderRef, "paid", `{"id": 12345678901234567890, "client_secret": "sk_hidden", "deep": [{"access_token": {"a": "sk_hidden"}}], "x": "<script>"}`)
		s.webhook(t, acme, waits, "obj_waits", "", `id=tr_1&webhook_secret=sk_hidden`)
		s.webhook(t, acme, lost, "obj_lost", "unknown object", "\xff\x00 no JSON")
		s.webhook(t, zenith, foreign, "obj_foreign", "paid", `{}`)
		objects := []string{v.ProviderRef, "obj_waits", "obj_lost", "obj_foreign"}
		for query, want := range map[string][]bool{
			"": {true, true, true, false}, "?state=done": {true, false, false, false}, "?state=waiting": {false, true, false, false},
			"?state=given_up": {false, false, true, false}, "?cursor=" + lost: {true, true, false, false},
		} {
			got := b.get(inbox + query)
			for i, object := range objects {
				if got.Status != http.StatusOK || got.Has(object) != want[i] {
					t.Errorf("%q: %d, shows %s: %v, want %v", query, got.Status, object, got.Has(object), want[i])
				}
			}
		}
		one := b.get(inbox + "/" + done)
		if !one.Has("12345678901234567890", "/transactions/"+string(v.ID), "&lt;script&gt;", "2 tries") || one.Has("sk_hidden") {
			t.Errorf("a webhook: %s", one.Said())
		}
		if got := b.get(inbox + "/" + waits); !got.Has("id=tr_1") || got.Has("sk_hidden") {
			t.Errorf("a form: %s", got.Said())
		}
		if got := b.get(inbox + "/" + lost); !got.Has("no JSON", "About no payment of this business") {
			t.Errorf("garbage: %s", got.Said())
		}
		if got := b.get(inbox + "/" + foreign); got.Status != http.StatusNotFound {
			t.Errorf("a webhook of another business: %d", got.Status)
		}
		if got := b.get(inbox + "?cursor='"); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("a foreign cursor: %d", got.Status)
		}
		s.staff(t, zenith, "marit@example.com")
		if got := b.get("/dashboard/zenith/transactions/webhooks"); got.Status != http.StatusForbidden {
			t.Errorf("staff read webhooks: %d", got.Status)
		}
	})
}
