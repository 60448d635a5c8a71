package public_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/product"
	"smartlinks/internal/web/public"
)

// code is the code of a payment by the address of its page.
func code(page string) string { return payment.ID(strings.TrimPrefix(page, "/pay/")).Code() }

// once is the form of a payer who was told of a payment and pays once more.
func once(of page) url.Values {
	form := payer()
	form.Set("once_more", of.hidden("once_more"))
	return form
}

func TestWhoPaidIsToldSoAndPaysAgainOnlyOnPurpose(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		sold, err := s.products.Create(t.Context(), s.business, product.Fields{Name: "Print", Price: *eur(8900), Active: true})
		if err != nil {
			t.Fatal(err)
		}
		s.mustLink(link.Fields{Name: "Print link", Path: "print", Type: link.Product, ProductID: sold.ID})
		for _, at := range []string{"/acme/workshop", "/acme/shop/print", "/acme/shop/print?link=print"} {
			b := s.browser()
			b.get(at)
			paid := b.end(at, "paid")
			before := s.attempts()
			got := b.get(at)
			for _, words := range []string{"You paid €89.00 on 18 Feb 2026", "Nothing more is due", "Pay once more", paid + "/receipt", "Not you?", "TEST-2026-", code(paid)} {
				if !got.has(words) {
					t.Errorf("%s: %q is missing in\n%s", at, words, shown(got))
				}
			}
			if got.StatusCode != http.StatusOK || got.has("Jonas") || strings.Contains(got.body, `name="email"`) || got.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %d, a form or a name stands there", at, got.StatusCode)
			}
			// Back and Pay: the form of before, and that of another tab.
			for _, form := range []url.Values{payer(), {"name": {"Jo"}, "email": {"jo@example.com"}}} {
				if again := b.post(at, form); again.StatusCode != http.StatusConflict || !again.has("You paid €89.00") || !again.has("Pay once more") {
					t.Errorf("%s: the same form again: %d\n%s", at, again.StatusCode, shown(again))
				}
			}
			if s.attempts() != before {
				t.Errorf("%s: a second payment started by accident", at)
			}
			// On purpose it is possible, once.
			form := b.get(onceMore(t, got))
			if !form.has("This form is for one more payment") || form.hidden("once_more") != code(paid) || !form.has(`value="jonas@example.se"`) {
				t.Fatalf("%s: no second step\n%s", at, form.body)
			}
			s.later()
			second := s.decide(b.start(at, once(form)), "paid")
			s.settled(second)
			if second == paid {
				t.Errorf("%s: paying once more is the payment of before", at)
			}
			if again := b.post(at, once(form)); again.StatusCode != http.StatusConflict {
				t.Errorf("%s: the second form again: %d to %q", at, again.StatusCode, again.Header.Get("Location"))
			}
			if back := b.get(onceMore(t, got)); !back.has("You paid €89.00") || strings.Contains(back.body, `name="email"`) {
				t.Errorf("%s: back to the second step, behind the second payment, shows a form", at)
			}
			// Nobody else is told of it.
			if other := s.get(at); other.has("You paid") || !strings.Contains(other.body, `name="email"`) {
				t.Errorf("%s: a stranger is told of it", at)
			}
		}
	})
}

var onceMoreLink = regexp.MustCompile(`href="([^"]*once_more=P-[^"]*)"`)

func onceMore(t *testing.T, of page) string {
	t.Helper()
	found := onceMoreLink.FindStringSubmatch(of.body)
	if found == nil {
		t.Fatalf("no second step in\n%s", of.body)
	}
	return strings.ReplaceAll(found[1], "&amp;", "&")
}

// On the payment page another amount is another payment: a line above the form is
// enough there, but the same form again still is an accident.
func TestThePaymentPageTellsOfWhatWasPaidAboveItsForm(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	b := s.browser()
	b.get("/acme")
	form := payer()
	form.Set("amount", "25.00")
	s.decide(b.start("/acme", form), "paid")
	form.Set("amount", "30.00")
	if again := b.post("/acme", form); again.StatusCode != http.StatusConflict || !again.has("You paid €25.00") || !again.has("amount=30.00") {
		t.Errorf("the form of before: %d\n%s", again.StatusCode, shown(again))
	}
	fresh := b.get("/acme")
	if !fresh.has("You paid €25.00 here on 18 Feb 2026") || !strings.Contains(fresh.body, `name="amount"`) {
		t.Errorf("the page doesn't tell:\n%s", shown(fresh))
	}
	form.Set("once_more", fresh.hidden("once_more"))
	b.start("/acme", form)
}

func TestWhoseMoneyIsOnItsWayGetsNoForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		b := s.browser()
		b.end("/acme/workshop", "pending")
		got := b.get("/acme/workshop")
		if !got.has("Your payment is on its way") || !got.has("€89.00") || strings.Contains(got.body, `name="email"`) {
			t.Errorf("%s", shown(got))
		}
		if again := b.post("/acme/workshop", payer()); again.StatusCode != http.StatusConflict || !again.has("Your payment is on its way") || s.attempts() != 1 {
			t.Errorf("paying again: %d, %d attempts", again.StatusCode, s.attempts())
		}
	})
}

func TestATryThatEndedIsToldAboveAFormThatKeepsWhatWasTyped(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	for outcome, words := range map[string]string{"failed": "didn’t go through", "canceled": "You cancelled", "expired": "Time ran out"} {
		b := s.browser()
		b.end("/acme/workshop", outcome)
		got := b.get("/acme/workshop")
		for _, w := range []string{words, "You have not been charged", `value="Jonas Lindqvist"`, `value="jonas@example.se"`, "Not you?"} {
			if !got.has(w) {
				t.Errorf("%s: %q is missing in\n%s", outcome, w, shown(got))
			}
		}
		b.start("/acme/workshop", payer())
	}
}

// A merchant's program finds the order of a payment by client_reference_id, also when its
// payer needs a second try.
func TestASecondTryIsForTheSameOrder(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	l := s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	const order = "client_reference_id=order-7&lang=en&utm_source=news"
	for _, outcome := range []string{"failed", "canceled", "expired"} {
		b := s.browser()
		paid := b.end("/acme/workshop?client_reference_id=order-7&utm_source=news", outcome)
		again := html.EscapeString("/acme/workshop?" + order)
		if got := b.get(paid); !got.has(again) {
			t.Errorf("%s: %q is missing in\n%s", outcome, again, got.body)
		}
		if got := s.browser().get(paid); got.has("order-7") {
			t.Errorf("%s: a stranger reads of whose order it is", outcome)
		}
		b.start("/acme/workshop?"+order, payer())
		if a := s.attempt(l).Answers; a.Reference != "order-7" || len(a.Campaign) != 1 {
			t.Errorf("%s: then it is for %q by %v", outcome, a.Reference, a.Campaign)
		}
	}
	s.mustLink(link.Fields{Name: "Seat", Path: "seat", Limit: link.Limit{Kind: link.Once}})
	b := s.browser()
	b.start("/acme/seat", payer())
	if got := b.get("/acme/seat?client_reference_id=order-8"); !got.has("client_reference_id=order-8&amp;lang=en&amp;start_again=yes") {
		t.Errorf("starting again forgets the order:\n%s", got.body)
	}
	gone := b.post("/acme/seat?client_reference_id=order-8&name=Jo", url.Values{"forget": {"yes"}})
	if to := gone.Header.Get("Location"); to != "/acme/seat?client_reference_id=order-8" {
		t.Errorf("somebody else's order is forgotten: %q", to)
	}
}

func TestWhoHoldsTheLastPlaceIsLedBackToTheCheckout(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Last seat", Path: "seat", Limit: link.Limit{Kind: link.Once}})
		s.mustLink(link.Fields{Name: "Many seats", Path: "seats", Limit: link.Limit{Kind: link.Multiple, Max: 5}})
		b := s.browser()
		checkout := b.start("/acme/seat", payer())
		got := b.get("/acme/seat")
		if !got.has("Your checkout is still open") || !got.has("held for you until 10:12") || !got.has(checkout) || got.has("Someone is paying") || strings.Contains(got.body, `name="email"`) {
			t.Errorf("%s", shown(got))
		}
		if again := b.get("/acme/seat?start_again=yes"); !again.has(`value="jonas@example.se"`) || !again.has(checkout) {
			t.Errorf("starting again: %s", shown(again))
		}
		if other := s.post("/acme/seat", url.Values{"name": {"Mia"}, "email": {"mia@example.com"}}); !other.has("Someone is paying for the last place") || other.has(checkout) {
			t.Errorf("somebody else: %d %s", other.StatusCode, shown(other))
		}
		// Where others can pay too, the way back stands above the form.
		checkout = b.start("/acme/seats", payer())
		if got := b.get("/acme/seats"); !got.has("Your checkout is still open") || !got.has(checkout) || !got.has(`value="jonas@example.se"`) {
			t.Errorf("%s", shown(got))
		}
	})
}

// The page of a link that is full or off stays what it is for all others, with
// its status for everybody.
func TestWhoPaidAOneTimeLinkSeesTheReceiptNotTheLimit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		l := s.mustLink(link.Fields{Name: "Invoice", Path: "invoice", Limit: link.Limit{Kind: link.Once}})
		b := s.browser()
		paid := b.end("/acme/invoice", "paid")
		eventually(t, "the limit page", func() bool { return s.get("/acme/invoice").StatusCode == http.StatusGone })
		for _, got := range []page{b.get("/acme/invoice"), b.post("/acme/invoice", payer())} {
			if got.StatusCode != http.StatusGone || !got.has("You paid €89.00") || !got.has(paid+"/receipt") || got.has("Pay once more") || !got.has("Payment limit reached") {
				t.Errorf("%d\n%s", got.StatusCode, shown(got))
			}
		}
		if _, err := s.links.SetActive(t.Context(), s.business, l.ID, false); err != nil {
			t.Fatal(err)
		}
		eventually(t, "it is off", func() bool { return s.get("/acme/invoice").StatusCode == http.StatusNotFound })
		if got := b.get("/acme/invoice"); got.StatusCode != http.StatusNotFound || !got.has("You paid €89.00") {
			t.Errorf("off: %d\n%s", got.StatusCode, shown(got))
		}
	})
}

func TestNotYouForgetsTheCookie(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "https")
	s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	b := s.browser()
	paid := b.end("/acme/workshop?lang=nl", "paid")
	if n := b.cookies["__Host-payer"]; len(n) != 43 {
		t.Fatalf("the cookie is %q of %v", n, b.cookies)
	}
	gone := b.post("/acme/workshop?lang=nl&name=Jo", url.Values{"forget": {"yes"}})
	if gone.StatusCode != http.StatusSeeOther || gone.Header.Get("Location") != "/acme/workshop?lang=nl" || len(b.cookies) != 0 {
		t.Errorf("%d to %q, cookies %v", gone.StatusCode, gone.Header.Get("Location"), b.cookies)
	}
	if got := b.get("/acme/workshop"); got.has("You paid") || !strings.Contains(got.body, `name="email"`) {
		t.Errorf("%s", shown(got))
	}
	if got := b.get(paid + "/receipt"); got.StatusCode != http.StatusForbidden || got.has("jonas") {
		t.Errorf("the receipt still opens: %d", got.StatusCode)
	}
}

// The cookie holds a random number alone, for 90 days; who only looks gets none.
func TestTheCookieOfAPayer(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "https")
	s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	for _, c := range s.get("/acme/workshop").Cookies() {
		if c.Name == "__Host-payer" {
			t.Error("who only looks is known for 90 days")
		}
	}
	for _, c := range s.post("/acme/workshop", payer()).Cookies() {
		if c.Name == "__Host-payer" && (c.MaxAge != 90*24*3600 || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || len(c.Value) != 43) {
			t.Errorf("%+v", c)
		}
	}
	var key string
	if err := s.d.Get(t.Context(), &key, `SELECT browser_key FROM attempts`); err != nil || len(key) != 64 {
		t.Errorf("what is kept is %q, %v", key, err)
	}
}

func TestTestPaymentsAreNoLivePayments(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	b := s.browser()
	b.end("/acme/workshop", "paid")
	s.run(`UPDATE attempts SET mode = 'live'`)
	if got := b.get("/acme/workshop"); got.has("You paid") {
		t.Error("a payment of the other mode counts")
	}
}

func TestWhatAPayerIsToldIsSaidInSixLanguages(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	b := s.browser()
	b.end("/acme/workshop", "paid")
	seen := map[string]bool{}
	for _, lang := range i18n.Codes() {
		got := b.get("/acme/workshop?lang=" + lang)
		title := regexp.MustCompile(`<h1[^>]*>([^<]*)`).FindStringSubmatch(got.body)[1]
		if seen[title] || len(got.body) > 30<<10 || saidTwice(shown(got)) != "" {
			t.Errorf("%s: %q, %d bytes, twice %q", lang, title, len(got.body), saidTwice(shown(got)))
		}
		seen[title] = true
	}
}

// The id of a payment stands in merchants' addresses, answers and logs. Alone it
// opens nobody's name, address or receipt.
func TestAPaymentsIDOpensNothingPersonal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
		b := s.browser()
		for _, outcome := range []string{"paid", "pending", "failed", "canceled", "expired"} {
			b := s.browser()
			at := b.end("/acme/workshop", outcome)
			b.get(at)
			for _, below := range []string{"", "/receipt", "/status", "/receipt?key=", "/receipt?key=x"} {
				got := s.get(at + below)
				if strings.Contains(got.body, "Jonas") || strings.Contains(got.body, "jonas@") || strings.Contains(got.body, "Lindqvist") {
					t.Errorf("%s%s tells whose it is:\n%s", outcome, below, shown(got))
				}
			}
		}
		s.later()
		paid := b.end("/acme/workshop", "paid")
		s.settled(paid)
		if got := s.get(paid + "/receipt"); got.StatusCode != http.StatusForbidden || !got.has("This receipt is private") {
			t.Errorf("%d", got.StatusCode)
		}
		if got := s.get(paid+"/receipt", "Accept-Language", "de"); !got.has(`<html lang="de"`) || !got.has("Dieser Beleg ist privat") {
			t.Errorf("in German:\n%s", shown(got))
		}
		var mail string
		if err := s.d.Get(t.Context(), &mail, `SELECT receipt_token FROM attempts WHERE id = $1`, strings.TrimPrefix(paid, "/pay/")); err != nil || len(mail) != 43 {
			t.Fatalf("%q, %v", mail, err)
		}
		if got := s.get(paid + "/receipt?key=" + mail); got.StatusCode != http.StatusOK || !got.has("jonas@example.se") {
			t.Errorf("by the mail: %d", got.StatusCode)
		}
		if got := s.get(paid + "?key=" + mail); !got.has("Thank you, Jonas") || !got.has("/receipt?key="+mail) {
			t.Errorf("by the mail:\n%s", shown(got))
		}
		// A browser that is known elsewhere is nobody here.
		other := s.browser()
		other.get("/acme/workshop")
		other.start("/acme/workshop", url.Values{"name": {"Mia"}, "email": {"mia@example.com"}})
		if got := other.get(paid); got.has("Jonas") {
			t.Error("another payer sees who paid")
		}
	})
}

// settled waits until the provider's report has come.
func (s *site) settled(page string) {
	s.t.Helper()
	eventually(s.t.(*testing.T), page+" is settled", func() bool { return strings.Contains(s.get(page+"/status").body, `"paid"`) })
}

// later lets a second pass, as between two presses of people.
func (s *site) later() { s.d.Clock().SetOffset(s.d.Clock().Offset() + time.Second) }

// run changes what no page of ours would.
func (s *site) run(statement string) {
	s.t.Helper()
	if err := s.d.InTx(s.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(s.t.Context(), statement)
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
}

// Strangers are most visitors: their page comes from what was drawn before, and
// asks nobody what they may have paid. Here there is nobody to ask.
func TestWhoHasNoCookieCostsNoQuestion(t *testing.T) {
	s := mustSiteWith(t, dbtest.SQLite(t), "http", func(c *public.Config) { c.Payments, c.Deliveries = &payment.Payments{}, nil })
	s.mustLink(link.Fields{Name: "Workshop", Path: "workshop"})
	for range 2 {
		got := s.get("/acme/workshop")
		if got.StatusCode != http.StatusOK || got.Header.Get("ETag") == "" {
			t.Errorf("%d, ETag %q", got.StatusCode, got.Header.Get("ETag"))
		}
		again := s.get("/acme/workshop", "Cookie", got.Cookies()[0].Name+"="+got.Cookies()[0].Value, "If-None-Match", got.Header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("with the cookie of the visit alone: %d", again.StatusCode)
		}
	}
}
