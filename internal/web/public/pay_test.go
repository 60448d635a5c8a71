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
)

// start presses Pay and returns the path of the sandbox's checkout.
func (s *site) start(path string, form url.Values, header ...string) (checkout string) {
	s.t.Helper()
	got := s.post(path, form, header...)
	if got.StatusCode != http.StatusSeeOther {
		s.t.Fatalf("POST %s: %d\n%s", path, got.StatusCode, got.body)
	}
	to, err := url.Parse(got.Header.Get("Location"))
	if err != nil || !strings.HasPrefix(to.Path, "/sandbox/") {
		s.t.Fatalf("POST %s leads to %q", path, got.Header.Get("Location"))
	}
	return to.Path
}

// decide ends a checkout and returns the path of the payment's page.
func (s *site) decide(checkout, outcome string) (payment string) {
	s.t.Helper()
	got := s.post(checkout, url.Values{"outcome": {outcome}})
	to, err := url.Parse(got.Header.Get("Location"))
	if got.StatusCode != http.StatusSeeOther || err != nil || !strings.HasPrefix(to.Path, "/pay/pay_") {
		s.t.Fatalf("%s: %d to %q", outcome, got.StatusCode, got.Header.Get("Location"))
	}
	return to.Path
}

func TestEachEndOfAPaymentSaysWhetherMoneyMoved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		for outcome, words := range map[string][]string{
			"paid":     {"Thank you, Jonas", "received your payment", "€89.00", "Workshop", "TEST-2026-00001"},
			"pending":  {"Your payment is on its way", "€89.00", "don’t pay again"},
			"failed":   {"That payment didn’t go through", "You have not been charged", "Try again"},
			"canceled": {"cancelled", "You have not been charged", "Try again"},
			"expired":  {"Time ran out", "You have not been charged", "Try again"},
		} {
			b := s.browser()
			page := b.end("/acme/workshop", outcome)
			got := b.get(page)
			if got.StatusCode != http.StatusOK || got.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %d, %q", outcome, got.StatusCode, got.Header.Get("Cache-Control"))
			}
			for _, w := range append(words, "No real money moves") {
				if !got.has(w) {
					t.Errorf("%s: %q is missing in\n%s", outcome, w, got.body)
				}
			}
			if refresh := got.Header.Get("Refresh"); (refresh != "") != (outcome == "pending") {
				t.Errorf("%s: Refresh %q", outcome, refresh)
			}
			if status := s.get(page + "/status").body; strings.TrimSpace(status) != `{"status":"`+outcome+`"}` {
				t.Errorf("%s: status %s", outcome, status)
			}
		}
	})
}

func TestAnOpenPaymentIsCheckedAndIsNoSecondForm(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	checkout := s.start("/acme/workshop", payer())
	var id string
	if err := s.d.Get(t.Context(), &id, `SELECT id FROM attempts`); err != nil {
		t.Fatal(err)
	}
	got := s.get("/pay/" + id)
	if !got.has("We are checking your payment") || got.has("<form") || !got.has(checkout) || got.Header.Get("Refresh") != "3" {
		t.Errorf("Refresh %q\n%s", got.Header.Get("Refresh"), got.body)
	}
}

func TestTheSandboxIsAThirdPartysPage(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	checkout := s.start("/acme/workshop", payer())
	got := s.get(checkout)
	for _, words := range []string{"Test checkout", "€89.00", "Workshop", `value="paid"`, `value="pending"`, `value="failed"`, `value="canceled"`, `value="expired"`, `value="forged"`} {
		if !got.has(words) {
			t.Errorf("%q is missing", words)
		}
	}
	if got.has("Jonas") || got.has("Business acme") {
		t.Error("the sandbox shows what is the merchant's")
	}
	if bad := s.post(checkout, url.Values{"outcome": {"stolen"}}); bad.StatusCode < 400 || bad.StatusCode >= 500 {
		t.Errorf("an unknown outcome: %d", bad.StatusCode)
	}
}

func TestAFixedPriceIgnoresTheAmountSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		s.mustLink(link.Fields{Name: "Gift", Path: "gift", PayerAmount: &link.Range{Min: *eur(1000), Max: *eur(20000)}})
		if _, err := s.products.Create(t.Context(), s.business, product.Fields{Name: "Print", Price: *eur(4500), Active: true}); err != nil {
			t.Fatal(err)
		}
		for path, minor := range map[string]int64{"/acme/workshop": 8900, "/acme/shop/print": 4500, "/acme/12.50": 1250, "/acme/gift": 15000, "/acme": 15000} {
			form := payer()
			form.Set("amount", "150")
			checkout := s.start(path, form)
			var asked int64
			err := d.Get(t.Context(), &asked, `SELECT amount_minor FROM attempts WHERE provider_ref = $1`, strings.TrimPrefix(checkout, "/sandbox/"))
			if err != nil || asked != minor {
				t.Errorf("%s asks %d, want %d (%v)", path, asked, minor, err)
			}
		}
	})
}

// hidden reads a hidden field of the page's form.
func (p page) hidden(name string) string {
	found := regexp.MustCompile(`<input type="hidden" name="` + name + `" value="([^"]*)"`).FindStringSubmatch(p.body)
	if found == nil {
		return ""
	}
	return found[1]
}

func TestANewPriceIsShownBeforeAnythingIsCharged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		opened := s.get("/acme/workshop")
		form := payer()
		form.Set("version", opened.hidden("version"))
		form.Set("price", opened.hidden("price"))
		name := "Workshop in March"
		if _, err := s.links.Edit(t.Context(), s.business, l.ID, 0, func(f *link.Fields) { f.Name = name }); err != nil {
			t.Fatal(err)
		}
		s.start("/acme/workshop", form) // another name is no other price
		if _, err := s.links.Edit(t.Context(), s.business, l.ID, 0, func(f *link.Fields) { f.Amount = eur(9500) }); err != nil {
			t.Fatal(err)
		}
		for price, says := range map[string]string{"89.00": "The price is now €95.00, it was €89.00.", "": "The price is now €95.00."} {
			form.Set("price", price)
			got := s.post("/acme/workshop", form)
			if got.StatusCode != http.StatusConflict || !got.has(says) || !got.has("You have not been charged") || !got.has(`value="jonas@example.se"`) {
				t.Errorf("%d\n%s", got.StatusCode, got.body)
			}
			if got.hidden("price") != "95.00" {
				t.Errorf("the form still carries %s", got.hidden("price"))
			}
		}
	})
}

func TestTheLastPlaceGoesToOnePayer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Last seat", Path: "seat", Limit: link.Limit{Kind: link.Once}})
		checkout := s.start("/acme/seat", payer())
		other := url.Values{"name": {"Mia"}, "email": {"mia@example.com"}}
		if got := s.post("/acme/seat", other); got.StatusCode != http.StatusConflict || !got.has("may free up") || !got.has("You have not been charged") || !got.has("Try again") {
			t.Errorf("while it is held: %d\n%s", got.StatusCode, got.body)
		}
		s.get(s.decide(checkout, "paid"))
		if got := s.post("/acme/seat", other); got.StatusCode != http.StatusGone || !got.has("Payment limit reached") {
			t.Errorf("when it is paid: %d", got.StatusCode)
		}
		eventually(t, "the page says so", func() bool { return s.get("/acme/seat").StatusCode == http.StatusGone })
	})
}

func TestTryingAgainKeepsWhatWasTyped(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	l := s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	b := s.browser()
	b.get("/acme/workshop?via=qr")
	failed := b.get(b.end("/acme/workshop", "failed"))
	back := regexp.MustCompile(`href="(/acme/workshop\?lang=en)"`).FindStringSubmatch(failed.body)
	if back == nil {
		t.Fatal(failed.body)
	}
	back[1] = html.UnescapeString(back[1])
	if got := b.get(back[1]); !got.has(`value="Jonas Lindqvist"`) || !got.has(`value="jonas@example.se"`) {
		t.Error("name and address are lost")
	}
	if got := s.get(back[1]); got.has("Jonas") || got.has("jonas@") {
		t.Error("a stranger with the address sees who paid")
	}
	stranger := s.browser()
	stranger.get("/acme/workshop")
	if got := stranger.get(back[1]); got.has("Jonas") {
		t.Error("another visitor with the address sees who paid")
	}
	var channel string
	if err := s.d.Get(t.Context(), &channel, `SELECT channel FROM attempts`); err != nil || channel != "qr" {
		t.Errorf("the attempt came by %q, %v", channel, err)
	}
	if n := s.views(string(l.ID)); n != 5 {
		t.Errorf("%d views", n)
	}
}

// Without cookies the form's own URL still tells where the payer came from.
func TestAttributionNeedsNoCookie(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	s.start("/acme/workshop?utm_source=newsletter", payer())
	var came struct{ Channel, ChannelDetail string }
	if err := s.d.Get(t.Context(), &came, `SELECT channel, channel_detail FROM attempts`); err != nil || came.Channel != "campaign" || came.ChannelDetail != "newsletter" {
		t.Errorf("%+v, %v", came, err)
	}
}

func TestAProviderThatIsAwayIsSaidPlainly(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	provider := "stripe"
	if _, err := s.businesses.Update(t.Context(), s.business.ID, 0, business.Patch{Provider: &provider}); err != nil {
		t.Fatal(err)
	}
	if got := s.post("/acme/workshop", payer()); got.StatusCode != http.StatusServiceUnavailable || !got.has("cannot take payments right now") || !got.has("You have not been charged.") {
		t.Errorf("%d\n%s", got.StatusCode, got.body)
	}
}

func TestForgedReportsLearnNothing(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	same := page{}
	for i, path := range []string{
		"/hooks/sandbox/" + string(s.business.ID), "/hooks/sandbox/biz_00000000000000000000000000", "/hooks/nobody/" + string(s.business.ID), "/hooks/sandbox/%00",
	} {
		got := s.post(path, url.Values{"id": {"evt_1"}})
		if i == 0 {
			same = got
		}
		if got.StatusCode != http.StatusBadRequest || got.body != same.body {
			t.Errorf("%s: %d %q", path, got.StatusCode, got.body)
		}
	}
}

func TestReadingChangesNothing(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	checkout := s.start("/acme/workshop", payer())
	for _, path := range []string{"/acme/workshop?name=Jo&email=jo@example.com&version=1", "/acme/25?name=Jo&email=jo@example.com", checkout, checkout + "?outcome=paid"} {
		if got := s.get(path); got.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", path, got.StatusCode)
		}
	}
	var attempts, open int
	if err := s.d.Get(t.Context(), &attempts, `SELECT COUNT(*) FROM attempts`); err != nil || attempts != 1 {
		t.Errorf("%d attempts, %v", attempts, err)
	}
	if err := s.d.Get(t.Context(), &open, `SELECT COUNT(*) FROM sandbox_payments WHERE status = 'open'`); err != nil || open != 1 {
		t.Errorf("%d open checkouts, %v", open, err)
	}
}
