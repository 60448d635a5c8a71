package transactions_test

import (
	"net/http"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestTheInboxTellsWhatCameOfWebhooks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		zenith := s.Business(t, "zenith", "zoe@example.com")
		b := s.SignedIn(t, "marit@example.com")
		const inbox = "/dashboard/acme/transactions/webhooks"
		if got := b.Get(inbox); !got.Has("No webhooks yet") {
			t.Errorf("the empty inbox: %s", got.Said())
		}
		v := s.Attempt(t, acme, s.Link(t, acme, link.Fields{}), "Ann", "ann@example.com", sandbox.Paid)
		const done, waits, lost, foreign = "inb_00000000000000000000000001", "inb_00000000000000000000000002", "inb_00000000000000000000000003", "inb_00000000000000000000000004"
		s.Webhook(t, acme, done, v.ProviderRef, "paid", `{"id": 12345678901234567890, "client_secret": "sk_hidden", "deep": [{"access_token": {"a": "sk_hidden"}}], "x": "<script>"}`)
		s.Webhook(t, acme, waits, "obj_waits", "", `id=tr_1&webhook_secret=sk_hidden`)
		s.Webhook(t, acme, lost, "obj_lost", "unknown object", "\xff\x00 no JSON")
		s.Webhook(t, zenith, foreign, "obj_foreign", "paid", `{}`)
		objects := []string{v.ProviderRef, "obj_waits", "obj_lost", "obj_foreign"}
		for query, want := range map[string][]bool{
			"": {true, true, true, false}, "?state=done": {true, false, false, false}, "?state=waiting": {false, true, false, false},
			"?state=given_up": {false, false, true, false}, "?cursor=" + lost: {true, true, false, false},
		} {
			got := b.Get(inbox + query)
			for i, object := range objects {
				if got.Status != http.StatusOK || got.Has(object) != want[i] {
					t.Errorf("%q: %d, shows %s: %v, want %v", query, got.Status, object, got.Has(object), want[i])
				}
			}
		}
		one := b.Get(inbox + "/" + done)
		if !one.Has("12345678901234567890", "/transactions/"+string(v.ID), "&lt;script&gt;", "2 tries") || one.Has("sk_hidden") {
			t.Errorf("a webhook: %s", one.Said())
		}
		if got := b.Get(inbox + "/" + waits); !got.Has("id=tr_1") || got.Has("sk_hidden") {
			t.Errorf("a form: %s", got.Said())
		}
		if got := b.Get(inbox + "/" + lost); !got.Has("no JSON", "Not about a payment of this business") {
			t.Errorf("garbage: %s", got.Said())
		}
		if got := b.Get(inbox + "/" + foreign); got.Status != http.StatusNotFound {
			t.Errorf("a webhook of another business: %d", got.Status)
		}
		if got := b.Get(inbox + "?cursor='"); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("a foreign cursor: %d", got.Status)
		}
		s.Staff(t, zenith, "marit@example.com")
		if got := b.Get("/dashboard/zenith/transactions/webhooks"); got.Status != http.StatusForbidden {
			t.Errorf("staff read webhooks: %d", got.Status)
		}
	})
}
