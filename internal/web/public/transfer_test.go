package public_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/banktransfer"
)

// bank makes the business take transfers.
func (s *site) bank() {
	s.t.Helper()
	account := banktransfer.Account{Name: "Acme B.V.", IBAN: "NL91ABNA0417164300", HoldDays: 7}
	if err := s.transfers.Save(s.t.Context(), s.business, account, "Marit", func(context.Context, *db.Tx, banktransfer.Account) error { return nil }); err != nil {
		s.t.Fatal(err)
	}
}

func TestAPayerTransfersTheMoney(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.mustLink(link.Fields{Name: "Workshop", Path: "workshop", DueOn: "2026-02-20", Limit: link.Limit{Kind: link.Multiple, Max: 3}})
		b := s.browser()
		if got := b.get("/acme/workshop"); got.has("Pay by bank transfer") {
			t.Error("offered without an account")
		}
		s.bank()
		if got := b.get("/acme/workshop"); !got.has("Pay by bank transfer") {
			t.Errorf("not offered: %s", shown(got))
		}
		form := payer()
		form.Set("method", "bank_transfer")
		started := b.post("/acme/workshop", form)
		page := s.path(started.Header.Get("Location"))
		if started.StatusCode != http.StatusSeeOther || !strings.HasPrefix(page, "/pay/") {
			t.Fatalf("started: %d %s\n%s", started.StatusCode, page, shown(started))
		}
		got := b.get(page)
		if !got.has("Transfer €89.00") || !got.has("NL91 ABNA 0417 1643 00") || !got.has("Acme B.V.") || !got.has("Test: please transfer nothing.") || !got.has("25 Feb 2026") || !got.has(`data-copy="89.00"`) {
			t.Errorf("the instructions: %s", shown(got))
		}
		if code := b.get(page + "/transfer.svg"); code.StatusCode != http.StatusOK || !strings.Contains(code.body, "<svg") {
			t.Errorf("the code: %d", code.StatusCode)
		}
		// A stranger with the address sees neither account nor code.
		if stranger := s.browser().get(page); stranger.has("NL91") {
			t.Error("a stranger sees the account")
		}
		if stranger := s.browser().get(page + "/transfer.svg"); stranger.StatusCode != http.StatusNotFound {
			t.Errorf("a stranger's code: %d", stranger.StatusCode)
		}
		if stranger := s.browser().post(page+"/another", nil); stranger.StatusCode != http.StatusNotFound {
			t.Errorf("a stranger ends it: %d", stranger.StatusCode)
		}
		if stranger := s.browser().get(page); !stranger.has("A transfer takes one to three days.") || stranger.has("Most banks take under a minute") || stranger.has("Check now") {
			t.Errorf("a stranger reads: %s", shown(stranger))
		}
		for again := range 2 {
			own := b.get("/acme/workshop")
			if again == 1 {
				own = b.post("/acme/workshop", form)
			}
			if !own.has("NL91 ABNA 0417 1643 00") || !own.has("Pay another way") || !own.has("Due on 20 Feb 2026") || !own.has("Not you?") || own.has("Most banks take under a minute") {
				t.Errorf("who comes back: %s", shown(own))
			}
		}
		if another := b.post(page+"/another", nil); another.StatusCode != http.StatusSeeOther {
			t.Errorf("another way: %d %s", another.StatusCode, shown(another))
		}
		now, err := s.links.Get(t.Context(), s.business, l.ID)
		if err != nil || now.Slots.Held != 0 {
			t.Errorf("its place is held still: %+v, %v", now.Slots, err)
		}
		if again := b.get("/acme/workshop"); !again.has("Pay by bank transfer") {
			t.Errorf("the form again: %s", shown(again))
		}
	})
}

// Who can't wait for a transfer reads why, and is not told that somebody else pays.
func TestATransferThatCannotBeAwaitedSaysWhy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.payments.Limits = true
		s.bank()
		s.mustLink(link.Fields{Name: "Seat", Path: "seat", Limit: link.Limit{Kind: link.Once}})
		form := payer()
		form.Set("method", "bank_transfer")
		got := s.browser().post("/acme/seat", form)
		if got.StatusCode != http.StatusConflict || !got.has("It is the last place, and a transfer takes days.") || !got.has("Pay another way") || got.has("Someone is paying") {
			t.Errorf("the last place: %d %s", got.StatusCode, shown(got))
		}
		s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		s.mustLink(link.Fields{Name: "Print", Path: "print"})
		if got := s.browser().post("/acme/workshop", form); got.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d %s", got.StatusCode, shown(got))
		}
		form.Set("email", "another@example.com")
		got = s.browser().post("/acme/print", form)
		if got.StatusCode != http.StatusTooManyRequests || !got.has("A transfer from your network is awaited already") || got.has("in a few minutes") {
			t.Errorf("a second transfer: %d %s", got.StatusCode, shown(got))
		}
	})
}

// Whoever has transferred already is not led to pay twice.
func TestAPayerWhoseTransferIsNotThereYetDoesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		s.bank()
		b, form := s.browser(), payer()
		form.Set("method", "bank_transfer")
		page := s.path(b.post("/acme/workshop", form).Header.Get("Location"))
		d.Clock().SetOffset(8 * 24 * time.Hour)
		for who, visitor := range map[string]*browser{"payer": b, "stranger": s.browser()} {
			got := visitor.get(page)
			if !got.has("If you have transferred already, do nothing") || got.has("You have not been charged") || got.has(">Try again<") {
				t.Errorf("the %s reads: %s", who, shown(got))
			}
		}
		if form := b.get("/acme/workshop"); !form.has("If you have transferred already, do nothing") || !form.has("Pay by bank transfer") {
			t.Errorf("above the form: %s", shown(form))
		}
	})
}

// Only the host at which a payer pays knows them again, so it has where to transfer.
func TestWhoTransfersStaysAtTheHost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.bank()
		s.own(s.business, ownHost) // the one of new links
		s.own(s.business, "tickets.acme.example")
		s.mustLink(link.Fields{Name: "Workshop", Path: "workshop", Domain: "tickets.acme.example"})
		form := payer()
		form.Set("method", "bank_transfer")
		at := s.origin("tickets.acme.example")
		host := []string{"Host", strings.TrimPrefix(at, "http://"), "Origin", at}
		started := s.post("/workshop", form, host...)
		page, here := strings.CutPrefix(started.Header.Get("Location"), at)
		if started.StatusCode != http.StatusSeeOther || !here {
			t.Fatalf("leads to %d %s, not to %s", started.StatusCode, started.Header.Get("Location"), at)
		}
		var cookies []string
		for _, c := range started.Cookies() {
			cookies = append(cookies, c.Name+"="+c.Value)
		}
		if got := s.get(page, "Host", host[1], "Cookie", strings.Join(cookies, "; ")); !got.has("NL91 ABNA 0417 1643 00") {
			t.Errorf("where to transfer: %s", shown(got))
		}
	})
}
