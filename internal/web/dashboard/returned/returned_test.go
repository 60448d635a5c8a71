package returned_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/bounce"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// A member chooses a service, enters its address there, sees what came back, and lets the
// address be written to again.
func TestReturnedMailIsSetUpSeenAndLifted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		b := s.Business(t, "acme", "marit@example.com")
		browser := s.SignedIn(t, "marit@example.com")
		at := "/dashboard/acme/settings/email/returned"
		if page := browser.Get("/dashboard/acme/settings/email"); !page.Has(`href="` + at + `"`) {
			t.Error("nothing leads there")
		}
		if page := browser.Get(at); !page.Has("Nothing in the last 90 days.", "Amazon SES") {
			t.Errorf("the page: %s", page.Said())
		}
		wrong := browser.Post(at, url.Values{"kind": {"imap"}, "host": {"imap.example.com"}, "port": {"x"}, "user": {"me"}, "password": {"s3cret-word"}, "folder": {"Bounces"}, "return_address": {"b@example.com"}})
		if wrong.Status != http.StatusUnprocessableEntity || !wrong.Has("imap.example.com", "Bounces", "b@example.com", "a number like 993") || wrong.Has("s3cret-word") {
			t.Errorf("a wrong port: %d %s", wrong.Status, wrong.Said())
		}
		if got := browser.Post(at, url.Values{"kind": {"pigeon"}}); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("an unknown service: %d %s", got.Status, got.Said())
		}
		if got := browser.Post(at, url.Values{"kind": {"postmark"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("saving: %d %s", got.Status, got.Said())
		}
		source, err := s.Bounces.Source(t.Context(), b.ID)
		if err != nil || source.Kind != bounce.ByPostmark || !browser.Get(at).Has(source.HookURL) {
			t.Fatalf("the source is %+v, %v", source, err)
		}

		price := money.Amount{Minor: 8900, Currency: "EUR"}
		l, err := s.Links.Create(t.Context(), b, link.Fields{Active: true, Name: "Workshop", Type: link.Amount, Amount: &price})
		if err != nil {
			t.Fatal(err)
		}
		c, err := s.Customers.Create(t.Context(), b, customer.Fields{Name: "Amara", Email: "amara@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Deliveries.Start(t.Context(), b, l.ID, delivery.Request{Customers: []customer.ID{c.ID}, Channels: []message.Channel{message.ByEmail}}); err != nil {
			t.Fatal(err)
		}
		if err := s.Messages.SendDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		var mail string
		if err := d.Get(t.Context(), &mail, `SELECT id FROM mails WHERE recipient = 'amara@example.com'`); err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(source.HookURL, bounce.HookUser+":")
		secret, _, _ := strings.Cut(rest, "@")
		event := `{"RecordType":"Bounce","Type":"HardBounce","Email":"amara@example.com","Details":"550 5.1.1 nobody here","Metadata":{"mail":"` + mail + `"}}`
		if err := s.Bounces.TakeHook(t.Context(), b.ID, bounce.ByPostmark, secret, []byte(event)); err != nil {
			t.Fatal(err)
		}
		if page := browser.Get(at); !page.Has("amara@example.com", "No such address", "nobody here", "Write to it again") {
			t.Errorf("what came back: %s", page.Said())
		}
		own := "/dashboard/acme/customers/" + string(c.ID)
		if page := browser.Get(own); !page.Has("Mail to this address came back", "nobody here", own+"/lift") {
			t.Errorf("the customer: %s", page.Said())
		}
		if got := browser.Post(own+"/lift", nil); got.Location != own {
			t.Errorf("lifting: %d %s", got.Status, got.Said())
		}
		if page := browser.Get(own); page.Has("Mail to this address came back") || !page.Has("mail came back in the last 90 days") {
			t.Errorf("the customer once lifted: %s", page.Said())
		}
		if page := browser.Get(at); page.Has("Write to it again") {
			t.Error("what is lifted can be lifted again")
		}
	})
}
