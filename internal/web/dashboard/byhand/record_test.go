package byhand_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestAMemberRecordsCash(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{Name: "Workshop", Limit: link.Limit{Kind: link.Once}})
		amara, err := s.Customers.Create(t.Context(), acme, customer.Fields{Name: "Amara Okafor", Email: "amara@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		page, b := "/dashboard/acme/links/"+string(l.ID), s.SignedIn(t, "marit@example.com")
		if got := b.Get(page); !got.Has(`href="` + page + `/record"`) {
			t.Error("the link's page leads nowhere")
		}
		if got := b.Get("/dashboard/acme/record?customer=" + string(amara.ID)); !got.Has("Workshop", page+"/record?customer="+string(amara.ID)) {
			t.Errorf("from the customer: %s", got.Said())
		}
		today := dbtest.Start.Format(time.DateOnly)
		if got := b.Get(page + "/record?customer=" + string(amara.ID)); !got.Has(`value="89.00"`, today, "Takes the 1 place that is left", "Gets receipt TEST-", "Email the receipt to Amara", "amara") {
			t.Errorf("the form: %s", got.Said())
		}
		wrong := url.Values{"amount": {"1,500"}, "paid_on": {today}, "method": {"cash"}, "note": {"at the door"}, "customer": {string(amara.ID)}}
		if got := b.Post(page+"/record", wrong); got.Status != http.StatusUnprocessableEntity || !got.Has(`value="1,500"`, `value="at the door"`, string(amara.ID)) {
			t.Errorf("an amount in two ways: %d %s", got.Status, got.Said())
		}
		wrong.Set("amount", "80")
		wrong.Set("paid_on", dbtest.Start.AddDate(0, 0, 2).Format(time.DateOnly))
		if got := b.Post(page+"/record", wrong); got.Status != http.StatusUnprocessableEntity || !got.Has("not later than today") {
			t.Errorf("tomorrow: %d %s", got.Status, got.Said())
		}
		right := url.Values{"amount": {"80"}, "paid_on": {today}, "method": {"cash"}, "note": {"at the door"}, "customer": {string(amara.ID)}, "mail": {"yes"}}
		if got := b.Post(page+"/record", right); got.Status != http.StatusSeeOther || got.Location != page {
			t.Fatalf("recorded: %d %s", got.Status, got.Said())
		}
		if got := b.Get(page); !got.Has("€80.00 recorded", "€80.00 by hand") {
			t.Errorf("on the link's page: %s", got.Said())
		}
		receipts := 0
		for _, mail := range s.Mails(t) {
			if mail.To == "amara@example.com" && strings.Contains(mail.Text, "Method: Cash") && strings.Contains(mail.Text, "€80.00") {
				receipts++
			}
		}
		if receipts != 1 {
			t.Errorf("%d receipts were mailed", receipts)
		}
		if got := b.Post(page+"/record", right); got.Status != http.StatusConflict || !got.Has("Too few places are free: the limit is 1. Raise it to 2", "Raise to 2 and record") {
			t.Errorf("full: %d %s", got.Status, got.Said())
		}
		right.Set("raise", "yes")
		right.Set("customer", "")
		right.Set("who", "Somebody at the door")
		if got := b.Post(page+"/record", right); got.Status != http.StatusSeeOther {
			t.Errorf("raised: %d %s", got.Status, got.Said())
		}
		list := b.Get("/dashboard/acme/transactions?provider=manual")
		if !list.Has("Amara Okafor", "Somebody at the door") {
			t.Errorf("the transactions: %s", list.Said())
		}
		var id string
		if err := d.Get(t.Context(), &id, `SELECT payment_id FROM recorded_payments WHERE business_id = $1 ORDER BY payment_id LIMIT 1`, acme.ID); err != nil {
			t.Fatal(err)
		}
		if got := b.Get("/dashboard/acme/transactions/" + id); !got.Has("recorded by hand", "at the door", "Cash", "Reverse", `>18 Feb 2026</bdi></dd>`) || got.Has("Check again") {
			t.Errorf("the transaction: %s", got.Said())
		}
		if got := b.Post("/dashboard/acme/transactions/"+id+"/refund", url.Values{"amount": {"80"}}); got.Status != http.StatusSeeOther {
			t.Errorf("reversed: %d %s", got.Status, got.Said())
		}
		if got := b.Get("/dashboard/acme/settings/audit"); !got.Has("Recorded a payment by hand") {
			t.Errorf("the audit log: %s", got.Said())
		}
		s.Business(t, "zenith", "zoe@example.com")
		if got := s.SignedIn(t, "zoe@example.com").Post("/dashboard/zenith/links/"+string(l.ID)+"/record", right); got.Status != http.StatusNotFound {
			t.Errorf("another business: %d", got.Status)
		}
	})
}
