package batches_test

import (
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// Links that are ticked in the list are sent, and reminded of, after a look at who would
// be asked.
func TestTickedLinksAreSentAndRemindedOf(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		zenith := s.Business(t, "zenith", "zoe@example.com")
		ann := s.Customer(t, acme, customer.Fields{Name: "Ann", Email: "ann@example.com"})
		mute := s.Customer(t, acme, customer.Fields{Name: "Mute"})
		own, silent, all := s.Link(t, acme, link.Fields{CustomerID: ann.ID}), s.Link(t, acme, link.Fields{CustomerID: mute.ID}), s.Link(t, acme, link.Fields{})
		b := s.SignedIn(t, "marit@example.com")
		const list = dashboardtest.AtAcme + "/links?q=workshop"
		form := url.Values{"link": {string(own.ID), string(silent.ID), string(all.ID)}, "back": {list}}
		look := func(act string) dashboardtest.Answer {
			t.Helper()
			return b.Get(dashboardtest.AtAcme + "/links/" + act + "?" + form.Encode())
		}
		if got := b.Get(dashboardtest.AtAcme + "/links"); !got.Has(`formaction="`+dashboardtest.AtAcme+`/links/send"`, `formmethod="get"`) {
			t.Error("the list offers no sending")
		}
		if got := look("remind"); !got.Has("Sent to nobody yet", "Nobody can be reached by what was chosen.") {
			t.Errorf("before anything was sent: %s", got.Said())
		}
		page := look("send")
		if !page.Has("Send 3 links", "Ann", "No address for it", "For no single customer", "Send to 1 customer") {
			t.Errorf("the look says %s", page.Said())
		}
		form.Set("send_key", dashboardtest.Between(t, page.Body, `name="send_key"`, `value="`, `"`))
		form.Set("by", "email")
		if n := len(s.Mails(t)); n != 0 {
			t.Fatalf("%d mails went out by looking", n)
		}
		form.Set("message", "Dear {nobody}")
		if got := b.Post(dashboardtest.AtAcme+"/links/send/bulk", form); got.Status != http.StatusUnprocessableEntity || !got.Has("{nobody}") {
			t.Errorf("a wrong word: %d %s", got.Status, got.Said())
		}
		form.Set("message", "")
		for i, said := range []string{"On its way to 1 customer", "Nothing was sent"} {
			if got := b.Post(dashboardtest.AtAcme+"/links/send/bulk", form); got.Location != list {
				t.Fatalf("sent: %d %q %s", got.Status, got.Location, got.Said())
			}
			if !b.Get(list).Has(said) {
				t.Errorf("time %d: it does not say %q", i+1, said)
			}
			if err := s.Due(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got := look("remind"); !got.Has("Send reminders for 3 links", "Remind 1 customer") {
			t.Errorf("afterwards: %s", got.Said())
		}
		form.Set("send_key", "another")
		if got := b.Post(dashboardtest.AtAcme+"/links/remind/bulk", form); got.Location != list {
			t.Fatalf("reminded: %d %s", got.Status, got.Said())
		}
		if err := s.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(s.Mails(t)); n != 2 {
			t.Errorf("%d mails went out, want the link and one reminder", n)
		}
		if log := b.Get(dashboardtest.AtAcme + "/settings/audit"); !log.Has("Sent many links", "Sent reminders for many links") {
			t.Error("the audit log lacks it")
		}
		form.Add("link", string(s.Link(t, zenith, link.Fields{}).ID))
		if got := look("send"); got.Status != http.StatusNotFound {
			t.Errorf("a look at another business's link: %d", got.Status)
		}
		if got := b.Post(dashboardtest.AtAcme+"/links/send/bulk", form); got.Status != http.StatusNotFound {
			t.Errorf("another business's link is sent: %d", got.Status)
		}
	})
}
