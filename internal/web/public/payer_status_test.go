package public_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/product"
	"smartlinks/internal/web/public"
	"smartlinks/internal/web/public/publictest"
)

// code is the code of a payment by the address of its page.
func code(page string) string { return attempt.ID(strings.TrimPrefix(page, "/pay/")).Code() }

// once is the form of a payer who was told of a payment and pays once more.
func once(of publictest.Page) url.Values {
	form := publictest.Payer()
	form.Set("once_more", of.Hidden("once_more"))
	return form
}

func TestWhoPaidIsToldSoAndPaysAgainOnlyOnPurpose(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		sold, err := s.Products.Create(t.Context(), s.Business, product.Fields{Name: "Print", Price: *publictest.EUR(8900), Active: true})
		if err != nil {
			t.Fatal(err)
		}
		s.MustLink(link.Fields{Name: "Print link", Path: "print", Type: link.Product, ProductID: sold.ID})
		for _, at := range []string{"/acme/workshop", "/acme/shop/print", "/acme/shop/print?link=print"} {
			b := s.Browser()
			b.Get(at)
			paid := b.End(at, "paid")
			before := s.Attempts()
			got := b.Get(at)
			for _, words := range []string{"You paid €89.00 on 18 Feb 2026", "Nothing more is due", "Pay once more", paid + "/receipt", "Not you?", "TEST-2026-", code(paid)} {
				if !got.Has(words) {
					t.Errorf("%s: %q is missing in\n%s", at, words, publictest.Shown(got))
				}
			}
			if got.StatusCode != http.StatusOK || got.Has("Jonas") || strings.Contains(got.Body, `name="email"`) || got.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %d, a form or a name stands there", at, got.StatusCode)
			}
			// Back and Pay: the form of before, and that of another tab.
			for _, form := range []url.Values{publictest.Payer(), {"name": {"Jo"}, "email": {"jo@example.com"}}} {
				if again := b.Post(at, form); again.StatusCode != http.StatusConflict || !again.Has("You paid €89.00") || !again.Has("Pay once more") {
					t.Errorf("%s: the same form again: %d\n%s", at, again.StatusCode, publictest.Shown(again))
				}
			}
			if s.Attempts() != before {
				t.Errorf("%s: a second payment started by accident", at)
			}
			// On purpose it is possible, once.
			form := b.Get(onceMore(t, got))
			if !form.Has("This form is for one more payment") || form.Hidden("once_more") != code(paid) || !form.Has(`value="jonas@example.se"`) {
				t.Fatalf("%s: no second step\n%s", at, form.Body)
			}
			s.Later()
			second := s.Decide(b.Start(at, once(form)), "paid")
			s.Settled(second)
			if second == paid {
				t.Errorf("%s: paying once more is the payment of before", at)
			}
			if again := b.Post(at, once(form)); again.StatusCode != http.StatusConflict {
				t.Errorf("%s: the second form again: %d to %q", at, again.StatusCode, again.Header.Get("Location"))
			}
			if back := b.Get(onceMore(t, got)); !back.Has("You paid €89.00") || strings.Contains(back.Body, `name="email"`) {
				t.Errorf("%s: back to the second step, behind the second payment, shows a form", at)
			}
			// Nobody else is told of it.
			if other := s.Get(at); other.Has("You paid") || !strings.Contains(other.Body, `name="email"`) {
				t.Errorf("%s: a stranger is told of it", at)
			}
		}
	})
}

var onceMoreLink = regexp.MustCompile(`href="([^"]*once_more=P-[^"]*)"`)

func onceMore(t *testing.T, of publictest.Page) string {
	t.Helper()
	found := onceMoreLink.FindStringSubmatch(of.Body)
	if found == nil {
		t.Fatalf("no second step in\n%s", of.Body)
	}
	return strings.ReplaceAll(found[1], "&amp;", "&")
}

// On the payment page another amount is another payment: a line above the form is
// enough there, but the same form again still is an accident.
func TestThePaymentPageTellsOfWhatWasPaidAboveItsForm(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	b := s.Browser()
	b.Get("/acme")
	form := publictest.Payer()
	form.Set("amount", "25.00")
	s.Decide(b.Start("/acme", form), "paid")
	form.Set("amount", "30.00")
	if again := b.Post("/acme", form); again.StatusCode != http.StatusConflict || !again.Has("You paid €25.00") || !again.Has("amount=30.00") {
		t.Errorf("the form of before: %d\n%s", again.StatusCode, publictest.Shown(again))
	}
	fresh := b.Get("/acme")
	if !fresh.Has("You paid €25.00 here on 18 Feb 2026") || !strings.Contains(fresh.Body, `name="amount"`) {
		t.Errorf("the page doesn't tell:\n%s", publictest.Shown(fresh))
	}
	form.Set("once_more", fresh.Hidden("once_more"))
	b.Start("/acme", form)
}

func TestWhoseMoneyIsOnItsWayGetsNoForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		b := s.Browser()
		b.End("/acme/workshop", "pending")
		got := b.Get("/acme/workshop")
		if !got.Has("Your payment is on its way") || !got.Has("€89.00") || strings.Contains(got.Body, `name="email"`) {
			t.Errorf("%s", publictest.Shown(got))
		}
		if again := b.Post("/acme/workshop", publictest.Payer()); again.StatusCode != http.StatusConflict || !again.Has("Your payment is on its way") || s.Attempts() != 1 {
			t.Errorf("paying again: %d, %d attempts", again.StatusCode, s.Attempts())
		}
	})
}

func TestATryThatEndedIsToldAboveAFormThatKeepsWhatWasTyped(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	for outcome, words := range map[string]string{"failed": "didn’t go through", "canceled": "You cancelled", "expired": "Time ran out"} {
		b := s.Browser()
		b.End("/acme/workshop", outcome)
		got := b.Get("/acme/workshop")
		for _, w := range []string{words, "You have not been charged", `value="Jonas Lindqvist"`, `value="jonas@example.se"`, "Not you?"} {
			if !got.Has(w) {
				t.Errorf("%s: %q is missing in\n%s", outcome, w, publictest.Shown(got))
			}
		}
		b.Start("/acme/workshop", publictest.Payer())
	}
}

// A merchant's program finds the order of a payment by client_reference_id, also when its
// payer needs a second try.
func TestASecondTryIsForTheSameOrder(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	l := s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	const order = "client_reference_id=order-7&lang=en&utm_source=news"
	for _, outcome := range []string{"failed", "canceled", "expired"} {
		b := s.Browser()
		paid := b.End("/acme/workshop?client_reference_id=order-7&utm_source=news", outcome)
		again := html.EscapeString("/acme/workshop?" + order)
		if got := b.Get(paid); !got.Has(again) {
			t.Errorf("%s: %q is missing in\n%s", outcome, again, got.Body)
		}
		if got := s.Browser().Get(paid); got.Has("order-7") {
			t.Errorf("%s: a stranger reads of whose order it is", outcome)
		}
		b.Start("/acme/workshop?"+order, publictest.Payer())
		if a := s.Attempt(l).Answers; a.Reference != "order-7" || len(a.Campaign) != 1 {
			t.Errorf("%s: then it is for %q by %v", outcome, a.Reference, a.Campaign)
		}
	}
	s.MustLink(link.Fields{Name: "Seat", Path: "seat", Limit: link.Limit{Kind: link.Once}})
	b := s.Browser()
	b.Start("/acme/seat", publictest.Payer())
	if got := b.Get("/acme/seat?client_reference_id=order-8"); !got.Has("client_reference_id=order-8&amp;lang=en&amp;start_again=yes") {
		t.Errorf("starting again forgets the order:\n%s", got.Body)
	}
	gone := b.Post("/acme/seat?client_reference_id=order-8&name=Jo", url.Values{"forget": {"yes"}})
	if to := gone.Header.Get("Location"); to != "/acme/seat?client_reference_id=order-8" {
		t.Errorf("somebody else's order is forgotten: %q", to)
	}
}

func TestWhoHoldsTheLastPlaceIsLedBackToTheCheckout(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Last seat", Path: "seat", Limit: link.Limit{Kind: link.Once}})
		s.MustLink(link.Fields{Name: "Many seats", Path: "seats", Limit: link.Limit{Kind: link.Multiple, Max: 5}})
		b := s.Browser()
		checkout := b.Start("/acme/seat", publictest.Payer())
		got := b.Get("/acme/seat")
		if !got.Has("Your checkout is still open") || !got.Has("held for you until 10:12") || !got.Has(checkout) || got.Has("Someone is paying") || strings.Contains(got.Body, `name="email"`) {
			t.Errorf("%s", publictest.Shown(got))
		}
		if again := b.Get("/acme/seat?start_again=yes"); !again.Has(`value="jonas@example.se"`) || !again.Has(checkout) {
			t.Errorf("starting again: %s", publictest.Shown(again))
		}
		if other := s.Post("/acme/seat", url.Values{"name": {"Mia"}, "email": {"mia@example.com"}}); !other.Has("Someone is paying for the last place") || other.Has(checkout) {
			t.Errorf("somebody else: %d %s", other.StatusCode, publictest.Shown(other))
		}
		// Where others can pay too, the way back stands above the form.
		checkout = b.Start("/acme/seats", publictest.Payer())
		if got := b.Get("/acme/seats"); !got.Has("Your checkout is still open") || !got.Has(checkout) || !got.Has(`value="jonas@example.se"`) {
			t.Errorf("%s", publictest.Shown(got))
		}
	})
}

// The page of a link that is full or off stays what it is for all others, with
// its status for everybody.
func TestWhoPaidAOneTimeLinkSeesTheReceiptNotTheLimit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{Name: "Invoice", Path: "invoice", Limit: link.Limit{Kind: link.Once}})
		b := s.Browser()
		paid := b.End("/acme/invoice", "paid")
		publictest.Eventually(t, "the limit page", func() bool { return s.Get("/acme/invoice").StatusCode == http.StatusGone })
		for _, got := range []publictest.Page{b.Get("/acme/invoice"), b.Post("/acme/invoice", publictest.Payer())} {
			if got.StatusCode != http.StatusGone || !got.Has("You paid €89.00") || !got.Has(paid+"/receipt") || got.Has("Pay once more") || !got.Has("Payment limit reached") {
				t.Errorf("%d\n%s", got.StatusCode, publictest.Shown(got))
			}
		}
		if _, err := s.Links.SetActive(t.Context(), s.Business, l.ID, false); err != nil {
			t.Fatal(err)
		}
		publictest.Eventually(t, "it is off", func() bool { return s.Get("/acme/invoice").StatusCode == http.StatusNotFound })
		if got := b.Get("/acme/invoice"); got.StatusCode != http.StatusNotFound || !got.Has("You paid €89.00") {
			t.Errorf("off: %d\n%s", got.StatusCode, publictest.Shown(got))
		}
	})
}

func TestNotYouForgetsTheCookie(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "https")
	s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	b := s.Browser()
	paid := b.End("/acme/workshop?lang=nl", "paid")
	if n := b.Cookies["__Host-payer"]; len(n) != 43 {
		t.Fatalf("the cookie is %q of %v", n, b.Cookies)
	}
	gone := b.Post("/acme/workshop?lang=nl&name=Jo", url.Values{"forget": {"yes"}})
	if gone.StatusCode != http.StatusSeeOther || gone.Header.Get("Location") != "/acme/workshop?lang=nl" || len(b.Cookies) != 0 {
		t.Errorf("%d to %q, cookies %v", gone.StatusCode, gone.Header.Get("Location"), b.Cookies)
	}
	if got := b.Get("/acme/workshop"); got.Has("You paid") || !strings.Contains(got.Body, `name="email"`) {
		t.Errorf("%s", publictest.Shown(got))
	}
	if got := b.Get(paid + "/receipt"); got.StatusCode != http.StatusForbidden || got.Has("jonas") {
		t.Errorf("the receipt still opens: %d", got.StatusCode)
	}
}

// The cookie holds a random number alone, for 90 days; who only looks gets none.
func TestTheCookieOfAPayer(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "https")
	s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	for _, c := range s.Get("/acme/workshop").Cookies() {
		if c.Name == "__Host-payer" {
			t.Error("who only looks is known for 90 days")
		}
	}
	for _, c := range s.Post("/acme/workshop", publictest.Payer()).Cookies() {
		if c.Name == "__Host-payer" && (c.MaxAge != 90*24*3600 || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || len(c.Value) != 43) {
			t.Errorf("%+v", c)
		}
	}
	var key string
	if err := s.DB.Get(t.Context(), &key, `SELECT browser_key FROM attempts`); err != nil || len(key) != 64 {
		t.Errorf("what is kept is %q, %v", key, err)
	}
}

func TestTestPaymentsAreNoLivePayments(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	b := s.Browser()
	b.End("/acme/workshop", "paid")
	runScript(s, `UPDATE attempts SET mode = 'live'`)
	if got := b.Get("/acme/workshop"); got.Has("You paid") {
		t.Error("a payment of the other mode counts")
	}
}

func TestWhatAPayerIsToldIsSaidInSixLanguages(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	b := s.Browser()
	b.End("/acme/workshop", "paid")
	seen := map[string]bool{}
	for _, lang := range i18n.Codes() {
		got := b.Get("/acme/workshop?lang=" + lang)
		title := regexp.MustCompile(`<h1[^>]*>([^<]*)`).FindStringSubmatch(got.Body)[1]
		if seen[title] || len(got.Body) > 30<<10 || publictest.SaidTwice(publictest.Shown(got)) != "" {
			t.Errorf("%s: %q, %d bytes, twice %q", lang, title, len(got.Body), publictest.SaidTwice(publictest.Shown(got)))
		}
		seen[title] = true
	}
}

// The id of a payment stands in merchants' addresses, answers and logs. Alone it
// opens nobody's name, address or receipt.
func TestAPaymentsIDOpensNothingPersonal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		b := s.Browser()
		for _, outcome := range []string{"paid", "pending", "failed", "canceled", "expired"} {
			b := s.Browser()
			at := b.End("/acme/workshop", outcome)
			b.Get(at)
			for _, below := range []string{"", "/receipt", "/status", "/receipt?key=", "/receipt?key=x"} {
				got := s.Get(at + below)
				if strings.Contains(got.Body, "Jonas") || strings.Contains(got.Body, "jonas@") || strings.Contains(got.Body, "Lindqvist") {
					t.Errorf("%s%s tells whose it is:\n%s", outcome, below, publictest.Shown(got))
				}
			}
		}
		s.Later()
		paid := b.End("/acme/workshop", "paid")
		s.Settled(paid)
		if got := s.Get(paid + "/receipt"); got.StatusCode != http.StatusForbidden || !got.Has("This receipt is private") {
			t.Errorf("%d", got.StatusCode)
		}
		if got := s.Get(paid+"/receipt", "Accept-Language", "de"); !got.Has(`<html lang="de"`) || !got.Has("Dieser Beleg ist privat") {
			t.Errorf("in German:\n%s", publictest.Shown(got))
		}
		var mail string
		if err := s.DB.Get(t.Context(), &mail, `SELECT receipt_token FROM attempts WHERE id = $1`, strings.TrimPrefix(paid, "/pay/")); err != nil || len(mail) != 43 {
			t.Fatalf("%q, %v", mail, err)
		}
		if got := s.Get(paid + "/receipt?key=" + mail); got.StatusCode != http.StatusOK || !got.Has("jonas@example.se") {
			t.Errorf("by the mail: %d", got.StatusCode)
		}
		if got := s.Get(paid + "?key=" + mail); !got.Has("Thank you, Jonas") || !got.Has("/receipt?key="+mail) {
			t.Errorf("by the mail:\n%s", publictest.Shown(got))
		}
		// A browser that is known elsewhere is nobody here.
		other := s.Browser()
		other.Get("/acme/workshop")
		other.Start("/acme/workshop", url.Values{"name": {"Mia"}, "email": {"mia@example.com"}})
		if got := other.Get(paid); got.Has("Jonas") {
			t.Error("another payer sees who paid")
		}
	})
}

// run changes what no page of ours would.
func runScript(s *publictest.Site, statement string) {
	s.T.Helper()
	if err := s.DB.InTx(s.T.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(s.T.Context(), statement)
		return err
	}); err != nil {
		s.T.Fatal(err)
	}
}

// Strangers are most visitors: their page comes from what was drawn before, and
// asks nobody what they may have paid. Here there is nobody to ask.
func TestWhoHasNoCookieCostsNoQuestion(t *testing.T) {
	s := publictest.MustSiteWith(t, dbtest.SQLite(t), "http", func(c *public.Config) { c.Payments, c.Deliveries = &payment.Payments{}, nil })
	s.MustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	for range 2 {
		got := s.Get("/acme/workshop")
		if got.StatusCode != http.StatusOK || got.Header.Get("ETag") == "" {
			t.Errorf("%d, ETag %q", got.StatusCode, got.Header.Get("ETag"))
		}
		again := s.Get("/acme/workshop", "Cookie", got.Cookies()[0].Name+"="+got.Cookies()[0].Value, "If-None-Match", got.Header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("with the cookie of the visit alone: %d", again.StatusCode)
		}
	}
}
