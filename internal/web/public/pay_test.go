package public_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
	"smartlinks/internal/web/public/publictest"
)

func TestEachEndOfAPaymentSaysWhetherMoneyMoved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		for outcome, words := range map[string][]string{
			"paid":     {"Thank you, Jonas", "received your payment", "€89.00", "Workshop", "TEST-2026-00001"},
			"pending":  {"Your payment is on its way", "€89.00", "don’t pay again"},
			"failed":   {"That payment didn’t go through", "You have not been charged", "Try again"},
			"canceled": {"cancelled", "You have not been charged", "Try again"},
			"expired":  {"Time ran out", "You have not been charged", "Try again"},
		} {
			b := s.Browser()
			page := b.End("/acme/workshop", outcome)
			got := b.Get(page)
			if got.StatusCode != http.StatusOK || got.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %d, %q", outcome, got.StatusCode, got.Header.Get("Cache-Control"))
			}
			for _, w := range append(words, "No real money moves") {
				if !got.Has(w) {
					t.Errorf("%s: %q is missing in\n%s", outcome, w, got.Body)
				}
			}
			if refresh := got.Header.Get("Refresh"); (refresh != "") != (outcome == "pending") {
				t.Errorf("%s: Refresh %q", outcome, refresh)
			}
			if status := s.Get(page + "/status").Body; strings.TrimSpace(status) != `{"status":"`+outcome+`"}` {
				t.Errorf("%s: status %s", outcome, status)
			}
		}
	})
}

func TestAnOpenPaymentIsCheckedAndIsNoSecondForm(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	checkout := s.Start("/acme/workshop", publictest.Payer())
	var id string
	if err := s.DB.Get(t.Context(), &id, `SELECT id FROM attempts`); err != nil {
		t.Fatal(err)
	}
	got := s.Get("/pay/" + id)
	if !got.Has("We are checking your payment") || got.Has("<form") || !got.Has(checkout) || got.Header.Get("Refresh") != "3" {
		t.Errorf("Refresh %q\n%s", got.Header.Get("Refresh"), got.Body)
	}
}

func TestTheSandboxIsAThirdPartysPage(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	checkout := s.Start("/acme/workshop", publictest.Payer())
	got := s.Get(checkout)
	for _, words := range []string{"Test checkout", "€89.00", "Workshop", `value="paid"`, `value="pending"`, `value="failed"`, `value="canceled"`, `value="expired"`, `value="forged"`} {
		if !got.Has(words) {
			t.Errorf("%q is missing", words)
		}
	}
	if got.Has("Jonas") || got.Has("Business acme") {
		t.Error("the sandbox shows what is the merchant's")
	}
	if bad := s.Post(checkout, url.Values{"outcome": {"stolen"}}); bad.StatusCode < 400 || bad.StatusCode >= 500 {
		t.Errorf("an unknown outcome: %d", bad.StatusCode)
	}
}

func TestAFixedPriceIgnoresTheAmountSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		s.MustLink(link.Fields{Name: "Gift", Path: "gift", PayerAmount: &link.Range{Min: *publictest.EUR(1000), Max: *publictest.EUR(20000)}})
		if _, err := s.Products.Create(t.Context(), s.Business, product.Fields{Name: "Print", Price: *publictest.EUR(4500), Active: true}); err != nil {
			t.Fatal(err)
		}
		for path, minor := range map[string]int64{"/acme/workshop": 8900, "/acme/shop/print": 4500, "/acme/12.50": 1250, "/acme/gift": 15000, "/acme": 15000} {
			form := publictest.Payer()
			form.Set("amount", "150")
			checkout := s.Start(path, form)
			var asked int64
			err := d.Get(t.Context(), &asked, `SELECT amount_minor FROM attempts WHERE provider_ref = $1`, strings.TrimPrefix(checkout, "/sandbox/"))
			if err != nil || asked != minor {
				t.Errorf("%s asks %d, want %d (%v)", path, asked, minor, err)
			}
		}
	})
}

func TestANewPriceIsShownBeforeAnythingIsCharged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		opened := s.Get("/acme/workshop")
		form := publictest.Payer()
		form.Set("version", opened.Hidden("version"))
		form.Set("price", opened.Hidden("price"))
		name := "Workshop in March"
		if _, err := s.Links.Edit(t.Context(), s.Business, l.ID, 0, func(f *link.Fields) { f.Name = name }); err != nil {
			t.Fatal(err)
		}
		s.Start("/acme/workshop", form) // another name is no other price
		if _, err := s.Links.Edit(t.Context(), s.Business, l.ID, 0, func(f *link.Fields) { f.Amount = publictest.EUR(9500) }); err != nil {
			t.Fatal(err)
		}
		for price, says := range map[string]string{"89.00": "The price is now €95.00, it was €89.00.", "": "The price is now €95.00."} {
			form.Set("price", price)
			got := s.Post("/acme/workshop", form)
			if got.StatusCode != http.StatusConflict || !got.Has(says) || !got.Has("You have not been charged") || !got.Has(`value="jonas@example.se"`) {
				t.Errorf("%d\n%s", got.StatusCode, got.Body)
			}
			if got.Hidden("price") != "95.00" {
				t.Errorf("the form still carries %s", got.Hidden("price"))
			}
		}
	})
}

func TestTheLastPlaceGoesToOnePayer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Last seat", Path: "seat", Limit: link.Limit{Kind: link.Once}})
		checkout := s.Start("/acme/seat", publictest.Payer())
		other := url.Values{"name": {"Mia"}, "email": {"mia@example.com"}}
		if got := s.Post("/acme/seat", other); got.StatusCode != http.StatusConflict || !got.Has("may free up") || !got.Has("You have not been charged") || !got.Has("Try again") {
			t.Errorf("while it is held: %d\n%s", got.StatusCode, got.Body)
		}
		s.Get(s.Decide(checkout, "paid"))
		if got := s.Post("/acme/seat", other); got.StatusCode != http.StatusGone || !got.Has("Payment limit reached") {
			t.Errorf("when it is paid: %d", got.StatusCode)
		}
		publictest.Eventually(t, "the page says so", func() bool { return s.Get("/acme/seat").StatusCode == http.StatusGone })
	})
}

func TestTryingAgainKeepsWhatWasTyped(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	l := s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	b := s.Browser()
	b.Get("/acme/workshop?via=qr")
	failed := b.Get(b.End("/acme/workshop", "failed"))
	back := regexp.MustCompile(`href="(/acme/workshop\?lang=en)"`).FindStringSubmatch(failed.Body)
	if back == nil {
		t.Fatal(failed.Body)
	}
	back[1] = html.UnescapeString(back[1])
	if got := b.Get(back[1]); !got.Has(`value="Jonas Lindqvist"`) || !got.Has(`value="jonas@example.se"`) {
		t.Error("name and address are lost")
	}
	if got := s.Get(back[1]); got.Has("Jonas") || got.Has("jonas@") {
		t.Error("a stranger with the address sees who paid")
	}
	stranger := s.Browser()
	stranger.Get("/acme/workshop")
	if got := stranger.Get(back[1]); got.Has("Jonas") {
		t.Error("another visitor with the address sees who paid")
	}
	var channel string
	if err := s.DB.Get(t.Context(), &channel, `SELECT channel FROM attempts`); err != nil || channel != "qr" {
		t.Errorf("the attempt came by %q, %v", channel, err)
	}
	if n := s.Views(string(l.ID)); n != 5 {
		t.Errorf("%d views", n)
	}
}

// Without cookies the form's own URL still tells where the payer came from.
func TestAttributionNeedsNoCookie(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	s.Start("/acme/workshop?utm_source=newsletter", publictest.Payer())
	var came struct{ Channel, ChannelDetail string }
	if err := s.DB.Get(t.Context(), &came, `SELECT channel, channel_detail FROM attempts`); err != nil || came.Channel != "campaign" || came.ChannelDetail != "newsletter" {
		t.Errorf("%+v, %v", came, err)
	}
}

func TestAProviderThatIsAwayIsSaidPlainly(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	provider := "stripe"
	if _, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{Provider: &provider}); err != nil {
		t.Fatal(err)
	}
	if got := s.Post("/acme/workshop", publictest.Payer()); got.StatusCode != http.StatusServiceUnavailable || !got.Has("cannot take payments right now") || !got.Has("You have not been charged.") {
		t.Errorf("%d\n%s", got.StatusCode, got.Body)
	}
}

func TestForgedReportsLearnNothing(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	same := publictest.Page{}
	for i, path := range []string{
		"/hooks/sandbox/" + string(s.Business.ID), "/hooks/sandbox/biz_00000000000000000000000000", "/hooks/nobody/" + string(s.Business.ID), "/hooks/sandbox/%00",
	} {
		got := s.Post(path, url.Values{"id": {"evt_1"}})
		if i == 0 {
			same = got
		}
		if got.StatusCode != http.StatusBadRequest || got.Body != same.Body {
			t.Errorf("%s: %d %q", path, got.StatusCode, got.Body)
		}
	}
}

func TestReadingChangesNothing(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	checkout := s.Start("/acme/workshop", publictest.Payer())
	for _, path := range []string{"/acme/workshop?name=Jo&email=jo@example.com&version=1", "/acme/25?name=Jo&email=jo@example.com", checkout, checkout + "?outcome=paid"} {
		if got := s.Get(path); got.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", path, got.StatusCode)
		}
	}
	var attempts, open int
	if err := s.DB.Get(t.Context(), &attempts, `SELECT COUNT(*) FROM attempts`); err != nil || attempts != 1 {
		t.Errorf("%d attempts, %v", attempts, err)
	}
	if err := s.DB.Get(t.Context(), &open, `SELECT COUNT(*) FROM sandbox_payments WHERE status = 'open'`); err != nil || open != 1 {
		t.Errorf("%d open checkouts, %v", open, err)
	}
}
