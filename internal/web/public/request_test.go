package public_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
)

// A recipient's own link: it fills in who they are until it is paid, and whoever
// has it then sees when that was, and nothing else.
func TestARequestIsFilledInUntilItIsPaidAndThenSaysWhen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
		who, token := s.sent(l, delivery.KindSend)
		open := func(b *browser) page {
			short := b.get("/r/" + token)
			if strings.Contains(short.Header.Get("Location"), token) {
				t.Errorf("the token stands in %q", short.Header.Get("Location"))
			}
			return b.get(short.Header.Get("Location"))
		}
		hers := s.browser()
		if got := open(hers); !got.has(`value="Amara Okafor"`) || !got.has(`value="amara@example.com"`) || !got.has("Not you?") || strings.Contains(got.body, token) {
			t.Fatalf("%s", got.body)
		}
		if got := s.get("/acme/sale"); got.has("Amara") {
			t.Error("everybody sees who it is for")
		}
		form := url.Values{"name": {"Amara Okafor"}, "email": {"amara@example.com"}}
		checkout := hers.start("/acme/sale", form)
		pending := s.decide(checkout, "pending")
		if got := open(s.browser()); !got.has("A payment for this request is on its way") || got.has("Amara") || got.has("amara@") || got.has(pending) || strings.Contains(got.body, `name="email"`) {
			t.Errorf("while it is on its way:\n%s", shown(got))
		}
		s.decide(checkout, "paid")
		s.settled(pending)
		if got := open(hers); !got.has("You paid €89.00") || !got.has(pending+"/receipt") {
			t.Errorf("her own browser:\n%s", shown(got))
		}
		stranger := s.browser()
		got := open(stranger)
		if !got.has("This request was paid on 18 Feb 2026") || strings.Contains(got.body, "Amara") || strings.Contains(got.body, "amara@") || strings.Contains(got.body, "receipt\"") || strings.Contains(got.body, "pay_") {
			t.Errorf("a stranger with her link:\n%s", got.body)
		}
		before := s.attempts()
		if again := stranger.post("/acme/sale", payer()); again.StatusCode != http.StatusConflict || s.attempts() != before {
			t.Errorf("a stranger pays it again by accident: %d", again.StatusCode)
		}
		stranger.post("/acme/sale", url.Values{"forget": {"yes"}})
		stranger.start("/acme/sale", payer()) // for themselves

		// Two customers who turn out to be one.
		twin, err := s.customers.Create(t.Context(), s.business, customer.Fields{Name: "A. Okafor", Email: "a.okafor@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		token = s.sendTo(l, twin, delivery.KindSend).Token
		if got := open(s.browser()); !got.has(`value="a.okafor@example.com"`) {
			t.Fatalf("the other's request:\n%s", shown(got))
		}
		if err := s.merge(twin.ID, who.ID); err != nil {
			t.Fatal(err)
		}
		if got := open(s.browser()); !got.has("This request was paid on") {
			t.Errorf("after they were merged:\n%s", shown(got))
		}
	})
}

func TestARequestIsNotFilledInForEver(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	l := s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
	_, sent := s.delivered(l, delivery.KindSend)
	token := sent.Token
	filled := func() bool {
		b := s.browser()
		return b.get(b.get("/r/" + token).Header.Get("Location")).has("Amara")
	}
	s.d.Clock().SetOffset(90*24*time.Hour - time.Minute)
	if !filled() {
		t.Error("not filled in on the last day")
	}
	s.d.Clock().SetOffset(90*24*time.Hour + time.Minute)
	if filled() {
		t.Error("filled in after 90 days")
	}
	s.d.Clock().SetOffset(0)
	s.post("/s/"+sent.OptOutToken, url.Values{})
	if filled() {
		t.Error("filled in for who opted out")
	}
}

// What is sent again later is another request.
func TestARequestOfNextMonthIsNotPaidByThisMonths(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	l := s.mustLink(link.Fields{Name: "Membership", Path: "membership"})
	who, first := s.sent(l, delivery.KindSend)
	b := s.browser()
	b.get(b.get("/r/" + first).Header.Get("Location"))
	s.decide(b.start("/acme/membership", url.Values{"name": {"Amara"}, "email": {"amara@example.com"}}), "paid")
	s.d.Clock().SetOffset(30 * 24 * time.Hour)
	open := func(token string) page {
		other := s.browser()
		return other.get(other.get("/r/" + token).Header.Get("Location"))
	}
	if got := open(s.sendTo(l, who, delivery.KindReminder).Token); !got.has("This request was paid") {
		t.Errorf("a reminder of it:\n%s", shown(got))
	}
	if got := open(s.sendTo(l, who, delivery.KindSend).Token); got.has("was paid") || !got.has(`value="amara@example.com"`) {
		t.Errorf("the next request:\n%s", shown(got))
	}
	if got := open(first); !got.has("This request was paid") {
		t.Errorf("the first request:\n%s", shown(got))
	}
}

// merge makes one customer of two.
func (s *site) merge(keep, gone customer.ID) error {
	return s.d.InTx(s.t.Context(), func(tx *db.Tx) error {
		if err := s.deliveries.MoveCustomer(s.t.Context(), tx, s.business.ID, keep, gone); err != nil {
			return err
		}
		_, err := tx.Exec(s.t.Context(), `UPDATE payments SET customer_id = $3 WHERE business_id = $1 AND customer_id = $2`, s.business.ID, gone, keep)
		return err
	})
}
