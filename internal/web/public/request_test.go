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
	"smartlinks/internal/web/public/publictest"
)

// A recipient's own link: it fills in who they are until it is paid, and whoever
// has it then sees when that was, and nothing else.
func TestARequestIsFilledInUntilItIsPaidAndThenSaysWhen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
		who, token := s.Sent(l, delivery.KindSend)
		open := func(b *publictest.Browser) publictest.Page {
			short := b.Get("/r/" + token)
			if strings.Contains(short.Header.Get("Location"), token) {
				t.Errorf("the token stands in %q", short.Header.Get("Location"))
			}
			return b.Get(short.Header.Get("Location"))
		}
		hers := s.Browser()
		if got := open(hers); !got.Has(`value="Amara Okafor"`) || !got.Has(`value="amara@example.com"`) || !got.Has("Not you?") || strings.Contains(got.Body, token) {
			t.Fatalf("%s", got.Body)
		}
		if got := s.Get("/acme/sale"); got.Has("Amara") {
			t.Error("everybody sees who it is for")
		}
		form := url.Values{"name": {"Amara Okafor"}, "email": {"amara@example.com"}}
		checkout := hers.Start("/acme/sale", form)
		pending := s.Decide(checkout, "pending")
		if got := open(s.Browser()); !got.Has("A payment for this request is on its way") || got.Has("Amara") || got.Has("amara@") || got.Has(pending) || strings.Contains(got.Body, `name="email"`) {
			t.Errorf("while it is on its way:\n%s", publictest.Shown(got))
		}
		s.Decide(checkout, "paid")
		s.Settled(pending)
		if got := open(hers); !got.Has("You paid €89.00") || !got.Has(pending+"/receipt") {
			t.Errorf("her own browser:\n%s", publictest.Shown(got))
		}
		stranger := s.Browser()
		got := open(stranger)
		if !got.Has("This request was paid on 18 Feb 2026") || strings.Contains(got.Body, "Amara") || strings.Contains(got.Body, "amara@") || strings.Contains(got.Body, "receipt\"") || strings.Contains(got.Body, "pay_") {
			t.Errorf("a stranger with her link:\n%s", got.Body)
		}
		before := s.Attempts()
		if again := stranger.Post("/acme/sale", publictest.Payer()); again.StatusCode != http.StatusConflict || s.Attempts() != before {
			t.Errorf("a stranger pays it again by accident: %d", again.StatusCode)
		}
		stranger.Post("/acme/sale", url.Values{"forget": {"yes"}})
		stranger.Start("/acme/sale", publictest.Payer()) // for themselves

		// Two customers who turn out to be one.
		twin, err := s.Customers.Create(t.Context(), s.Business, customer.Fields{Name: "A. Okafor", Email: "a.okafor@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		token = s.SendTo(l, twin, delivery.KindSend).Token
		if got := open(s.Browser()); !got.Has(`value="a.okafor@example.com"`) {
			t.Fatalf("the other's request:\n%s", publictest.Shown(got))
		}
		if err := mustMerge(s, twin.ID, who.ID); err != nil {
			t.Fatal(err)
		}
		if got := open(s.Browser()); !got.Has("This request was paid on") {
			t.Errorf("after they were merged:\n%s", publictest.Shown(got))
		}
	})
}

func TestARequestIsNotFilledInForEver(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	l := s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	_, sent := s.Delivered(l, delivery.KindSend)
	token := sent.Token
	filled := func() bool {
		b := s.Browser()
		return b.Get(b.Get("/r/" + token).Header.Get("Location")).Has("Amara")
	}
	s.DB.Clock().SetOffset(90*24*time.Hour - time.Minute)
	if !filled() {
		t.Error("not filled in on the last day")
	}
	s.DB.Clock().SetOffset(90*24*time.Hour + time.Minute)
	if filled() {
		t.Error("filled in after 90 days")
	}
	s.DB.Clock().SetOffset(0)
	s.Post("/s/"+sent.OptOutToken, url.Values{})
	if filled() {
		t.Error("filled in for who opted out")
	}
}

// What is sent again later is another request.
func TestARequestOfNextMonthIsNotPaidByThisMonths(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	l := s.MustLink(link.Fields{Name: "Membership", Path: "membership"})
	who, first := s.Sent(l, delivery.KindSend)
	b := s.Browser()
	b.Get(b.Get("/r/" + first).Header.Get("Location"))
	s.Decide(b.Start("/acme/membership", url.Values{"name": {"Amara"}, "email": {"amara@example.com"}}), "paid")
	s.DB.Clock().SetOffset(30 * 24 * time.Hour)
	open := func(token string) publictest.Page {
		other := s.Browser()
		return other.Get(other.Get("/r/" + token).Header.Get("Location"))
	}
	if got := open(s.SendTo(l, who, delivery.KindReminder).Token); !got.Has("This request was paid") {
		t.Errorf("a reminder of it:\n%s", publictest.Shown(got))
	}
	if got := open(s.SendTo(l, who, delivery.KindSend).Token); got.Has("was paid") || !got.Has(`value="amara@example.com"`) {
		t.Errorf("the next request:\n%s", publictest.Shown(got))
	}
	if got := open(first); !got.Has("This request was paid") {
		t.Errorf("the first request:\n%s", publictest.Shown(got))
	}
}

// merge makes one customer of two.
func mustMerge(s *publictest.Site, keep, gone customer.ID) error {
	return s.DB.InTx(s.T.Context(), func(tx *db.Tx) error {
		if err := s.Deliveries.MoveCustomer(s.T.Context(), tx, s.Business.ID, keep, gone); err != nil {
			return err
		}
		_, err := tx.Exec(s.T.Context(), `UPDATE payments SET customer_id = $3 WHERE business_id = $1 AND customer_id = $2`, s.Business.ID, gone, keep)
		return err
	})
}
