package history_test

import (
	"strings"
	"testing"
	"time"

	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/paymenttest"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/sandbox"
)

// going names what a payer has going at the link.
func going(w *paymenttest.World, l link.Link, browser string, request *history.Request) string {
	w.T.Helper()
	is, err := w.Payments.PayerStatuses(w.T.Context(), history.PayerQuery{BusinessID: w.Business.ID, Mode: w.Business.Mode, LinkID: l.ID, BrowserKey: browser, Request: request})
	if err != nil {
		w.T.Fatal(err)
	}
	var all []string
	for _, s := range []struct {
		whose string
		is    history.PayerStatus
	}{{"mine", is.Mine}, {"theirs", is.Theirs}} {
		for _, v := range []struct {
			what string
			view *history.View
		}{{"under way", s.is.UnderWay}, {"open", s.is.Open}, {"closing", s.is.Closing}, {"paid", s.is.Paid}, {"returned", s.is.Returned}, {"ended", s.is.Ended}} {
			if v.view != nil {
				all = append(all, s.whose+" "+v.what)
			}
		}
	}
	return strings.Join(all, ", ")
}

// What a browser has going at a link is told as it stands.
func TestAPayerIsToldWhatTheyHaveGoing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustChoose(20)
		var passed time.Duration
		begin := func(browser string, outcome sandbox.Outcome, minor int64) {
			passed += time.Second
			d.Clock().SetOffset(passed)
			r := w.Ask(l)
			r.BrowserKey, r.Attribution.VisitID, r.Amount = browser, browser, paymenttest.Eur(minor)
			a := w.MustStart(r)
			if outcome != "" {
				w.Decide(a, outcome)
				w.MustSync(a)
			}
		}
		begin("open", "", 4900)
		begin("waits", sandbox.Pending, 4900)
		begin("paid", sandbox.Paid, 4900)
		begin("failed", sandbox.Failed, 4900)
		begin("changed", "", 4900)
		begin("changed", sandbox.Failed, 2500) // the first is closing still, and can't be paid
		begin("both", sandbox.Failed, 4900)
		begin("both", sandbox.Paid, 4900)
		check := func(wants map[string]string) {
			for browser, want := range wants {
				if got := going(w, l, browser, nil); got != want {
					t.Errorf("%s: %q, want %q", browser, got, want)
				}
			}
		}
		check(map[string]string{"open": "mine open", "waits": "mine under way", "paid": "mine paid", "failed": "mine ended", "changed": "mine ended", "both": "mine paid", "nobody": "", "": ""})
		if got := going(w, w.MustLink(0), "paid", nil); got != "" {
			t.Errorf("at another link: %q", got)
		}
		d.Clock().SetOffset(attempt.HoldFor + time.Minute)
		check(map[string]string{"open": "mine closing", "paid": "mine paid"})
	})
}

// Whoever was asked to pay is not charged again for what was paid in their name, on
// whichever device; their own browser says so by itself.
func TestARequestIsPaidByWhoeverPaidIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(0)
		pay := func(browser string) payment.StartRequest {
			r := w.Ask(l)
			r.BrowserKey = browser
			a := w.MustStart(r)
			w.Decide(a, sandbox.Paid)
			w.MustSync(a)
			return r
		}
		of := func(r payment.StartRequest) *history.Request {
			return &history.Request{Email: r.Payer.Email, Since: dbtest.Start.Add(-time.Hour)}
		}
		elsewhere, here := pay("telephone"), pay("laptop")
		for name, c := range map[string]struct {
			browser string
			request *history.Request
			want    string
		}{
			"no cookie":         {"", of(elsewhere), "theirs paid"},
			"another browser":   {"tablet", of(elsewhere), "theirs paid"},
			"their own":         {"laptop", of(here), "mine paid"},
			"of nobody":         {"tablet", of(w.Ask(l)), ""},
			"sent since":        {"tablet", &history.Request{Email: elsewhere.Payer.Email, Since: dbtest.Start.Add(time.Hour)}, ""},
			"one-time, anybody": {"tablet", &history.Request{Since: dbtest.Start.Add(-time.Hour), Once: true}, "theirs paid"},
		} {
			if got := going(w, l, c.browser, c.request); got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
		if got := going(w, w.MustLink(0), "tablet", of(elsewhere)); got != "" {
			t.Errorf("at another link: %q", got)
		}
		again := w.Ask(l)
		again.Request = of(elsewhere)
		if _, err := w.Payments.Start(t.Context(), again); !fault.Is(err, fault.Conflict) {
			t.Errorf("paid again: %v", err)
		}
		again = w.Ask(l)
		again.BrowserKey = "laptop"
		if _, err := w.Payments.Start(t.Context(), again); !fault.Is(err, fault.Conflict) {
			t.Errorf("paid again by the same browser: %v", err)
		}
	})
}
