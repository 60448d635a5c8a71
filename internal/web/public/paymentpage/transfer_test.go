package paymentpage_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public/publictest"
)

func TestAPayerTransfersTheMoney(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{Name: "Workshop", Path: "workshop", DueOn: "2026-02-20", Limit: link.Limit{Kind: link.Multiple, Max: 3}})
		b := s.Browser()
		if got := b.Get("/acme/workshop"); got.Has("Pay by bank transfer") {
			t.Error("offered without an account")
		}
		s.Bank()
		if got := b.Get("/acme/workshop"); !got.Has("Pay by bank transfer") {
			t.Errorf("not offered: %s", publictest.Shown(got))
		}
		form := publictest.Payer()
		form.Set("method", "bank_transfer")
		started := b.Post("/acme/workshop", form)
		page := s.Path(started.Header.Get("Location"))
		if started.StatusCode != http.StatusSeeOther || !strings.HasPrefix(page, "/pay/") {
			t.Fatalf("started: %d %s\n%s", started.StatusCode, page, publictest.Shown(started))
		}
		got := b.Get(page)
		if !got.Has("Transfer €89.00") || !got.Has("NL91 ABNA 0417 1643 00") || !got.Has("Acme B.V.") || !got.Has("Test: please transfer nothing.") || !got.Has("25 Feb 2026") || !got.Has(`data-copy="89.00"`) {
			t.Errorf("the instructions: %s", publictest.Shown(got))
		}
		if code := b.Get(page + "/transfer.svg"); code.StatusCode != http.StatusOK || !strings.Contains(code.Body, "<svg") {
			t.Errorf("the code: %d", code.StatusCode)
		}
		// A stranger with the address sees neither account nor code.
		if stranger := s.Browser().Get(page); stranger.Has("NL91") {
			t.Error("a stranger sees the account")
		}
		if stranger := s.Browser().Get(page + "/transfer.svg"); stranger.StatusCode != http.StatusNotFound {
			t.Errorf("a stranger's code: %d", stranger.StatusCode)
		}
		if stranger := s.Browser().Post(page+"/another", nil); stranger.StatusCode != http.StatusNotFound {
			t.Errorf("a stranger ends it: %d", stranger.StatusCode)
		}
		if stranger := s.Browser().Get(page); !stranger.Has("A transfer takes one to three days.") || stranger.Has("Most banks take under a minute") || stranger.Has("Check now") {
			t.Errorf("a stranger reads: %s", publictest.Shown(stranger))
		}
		for again := range 2 {
			own := b.Get("/acme/workshop")
			if again == 1 {
				own = b.Post("/acme/workshop", form)
			}
			if !own.Has("NL91 ABNA 0417 1643 00") || !own.Has("Pay another way") || !own.Has("Due on 20 Feb 2026") || !own.Has("Not you?") || own.Has("Most banks take under a minute") {
				t.Errorf("who comes back: %s", publictest.Shown(own))
			}
		}
		if another := b.Post(page+"/another", nil); another.StatusCode != http.StatusSeeOther {
			t.Errorf("another way: %d %s", another.StatusCode, publictest.Shown(another))
		}
		now, err := s.Links.Get(t.Context(), s.Business, l.ID)
		if err != nil || now.Slots.Held != 0 {
			t.Errorf("its place is held still: %+v, %v", now.Slots, err)
		}
		if again := b.Get("/acme/workshop"); !again.Has("Pay by bank transfer") {
			t.Errorf("the form again: %s", publictest.Shown(again))
		}
	})
}

// Who can't wait for a transfer reads why, and is not told that somebody else pays.
func TestATransferThatCannotBeAwaitedSaysWhy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.Payments.Limits = true
		s.Bank()
		s.MustLink(link.Fields{Name: "Seat", Path: "seat", Limit: link.Limit{Kind: link.Once}})
		form := publictest.Payer()
		form.Set("method", "bank_transfer")
		got := s.Browser().Post("/acme/seat", form)
		if got.StatusCode != http.StatusConflict || !got.Has("It is the last place, and a transfer takes days.") || !got.Has("Pay another way") || got.Has("Someone is paying") {
			t.Errorf("the last place: %d %s", got.StatusCode, publictest.Shown(got))
		}
		s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		s.MustLink(link.Fields{Name: "Print", Path: "print"})
		if got := s.Browser().Post("/acme/workshop", form); got.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d %s", got.StatusCode, publictest.Shown(got))
		}
		form.Set("email", "another@example.com")
		got = s.Browser().Post("/acme/print", form)
		if got.StatusCode != http.StatusTooManyRequests || !got.Has("A transfer from your network is awaited already") || got.Has("in a few minutes") {
			t.Errorf("a second transfer: %d %s", got.StatusCode, publictest.Shown(got))
		}
	})
}

// Whoever has transferred already is not led to pay twice.
func TestAPayerWhoseTransferIsNotThereYetDoesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		s.Bank()
		b, form := s.Browser(), publictest.Payer()
		form.Set("method", "bank_transfer")
		page := s.Path(b.Post("/acme/workshop", form).Header.Get("Location"))
		d.Clock().SetOffset(8 * 24 * time.Hour)
		for who, visitor := range map[string]*publictest.Browser{"payer": b, "stranger": s.Browser()} {
			got := visitor.Get(page)
			if !got.Has("If you have transferred already, do nothing") || got.Has("You have not been charged") || got.Has(">Try again<") {
				t.Errorf("the %s reads: %s", who, publictest.Shown(got))
			}
		}
		if form := b.Get("/acme/workshop"); !form.Has("If you have transferred already, do nothing") || !form.Has("Pay by bank transfer") {
			t.Errorf("above the form: %s", publictest.Shown(form))
		}
	})
}

// Only the host at which a payer pays knows them again, so it has where to transfer.
func TestWhoTransfersStaysAtTheHost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.Bank()
		s.Own(s.Business, publictest.OwnHost) // the one of new links
		s.Own(s.Business, "tickets.acme.example")
		s.MustLink(link.Fields{Name: "Workshop", Path: "workshop", Domain: "tickets.acme.example"})
		form := publictest.Payer()
		form.Set("method", "bank_transfer")
		at := s.Origin("tickets.acme.example")
		host := []string{"Host", strings.TrimPrefix(at, "http://"), "Origin", at}
		started := s.Post("/workshop", form, host...)
		page, here := strings.CutPrefix(started.Header.Get("Location"), at)
		if started.StatusCode != http.StatusSeeOther || !here {
			t.Fatalf("leads to %d %s, not to %s", started.StatusCode, started.Header.Get("Location"), at)
		}
		var cookies []string
		for _, c := range started.Cookies() {
			cookies = append(cookies, c.Name+"="+c.Value)
		}
		if got := s.Get(page, "Host", host[1], "Cookie", strings.Join(cookies, "; ")); !got.Has("NL91 ABNA 0417 1643 00") {
			t.Errorf("where to transfer: %s", publictest.Shown(got))
		}
	})
}

// An address that nobody has confirmed gets three mails a day: who transfers for the fourth
// time is not told that the fourth one is there.
func TestATransferIsSaidToBeMailedOnlyWhereItWas(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.Bank()
		form := publictest.Payer()
		form.Set("method", "bank_transfer")
		for i, path := range []string{"one", "two", "three", "four"} {
			s.MustLink(link.Fields{Name: path, Path: path})
			b := s.Browser()
			got := b.Get(s.Path(b.Post("/acme/"+path, form).Header.Get("Location")))
			mailed := i < 3
			if !got.Has("Transfer €89.00") || got.Has("Also sent to") != mailed || got.Has("and we tell you") != mailed || got.Has("The receipt is on this page") == mailed {
				t.Errorf("%s: %s", path, publictest.Shown(got))
			}
		}
	})
}
