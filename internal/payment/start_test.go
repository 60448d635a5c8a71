package payment_test

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/product"
	"smartlinks/internal/text"
)

func TestAChangedMindHandsTheSlotOver(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*payment.StartRequest){
		"amount":  func(r *payment.StartRequest) { r.Amount = paymenttest.Eur(2500) },
		"e-mail":  func(r *payment.StartRequest) { r.Payer.Email = "other@example.com" },
		"version": func(r *payment.StartRequest) { r.Version++ },
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := paymenttest.MustWorld(t, d)
				l := w.MustChoose(1) // full: the slot is the visitor's own
				r := w.Ask(l)
				before := w.MustStart(r)
				change(&r)
				after := w.MustStart(r)
				if after.ID == before.ID || w.Slots(l) != (link.Slots{Held: 1}) {
					t.Fatalf("%s after %s, slots %+v", after.ID, before.ID, w.Slots(l))
				}
				w.Expect(before, attempt.Closing, history.StatusOpen)
				w.Sweep()
				w.Expect(before, attempt.Released, history.StatusExpired)
				w.Expect(after, attempt.Open, history.StatusOpen)
				w.Decide(after, sandbox.Paid)
				w.MustSync(after)
				w.MustHold()
			})
		})
	}
}

func TestBothTabsPaidAllTheSameIsOneSaleAndOneRefund(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustChoose(1)
		r := w.Ask(l)
		before := w.MustStart(r)
		r.Amount = paymenttest.Eur(2500)
		after := w.MustStart(r)
		w.Decide(before, sandbox.Paid)
		w.Decide(after, sandbox.Paid)
		w.Sweep()
		w.MustSync(after)
		w.Expect(before, attempt.Paid, history.StatusOverflow)
		w.Expect(after, attempt.Paid, history.StatusPaid)
		w.MustHold()
	})
}

func TestTheSameAgainAfterItsTimeIsANewAttempt(t *testing.T) {
	w := paymenttest.MustWorld(t, dbtest.SQLite(t))
	l := w.MustLink(1)
	r := w.Ask(l)
	before := w.MustStart(r)
	w.DB.Clock().SetOffset(attempt.HoldFor)
	if after := w.MustStart(r); after.ID == before.ID {
		t.Error("the payer was sent to a checkout that has ended")
	}
	w.MustHold()
}

// Whatever makes it another one, a total that the payer was not shown is never charged.
func TestATotalThatThePayerWasNotShownIsNeverCharged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		r := w.Ask(w.MustLink(1))
		other, asked := paymenttest.Eur(r.Amount.Minor+1), r.Amount
		r.Seen = &other
		if _, err := w.Payments.Start(t.Context(), r); !fault.Is(err, fault.PriceChanged) || w.Slots(*r.Link) != (link.Slots{}) {
			t.Errorf("%v, slots %+v", err, w.Slots(*r.Link))
		}
		r.Seen = &asked
		w.MustStart(r)
	})
}

func TestAChangedPriceChargesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(1)
		seen := w.Ask(l)
		dearer, inactive := paymenttest.Eur(9900), false
		if _, err := w.Links.Edit(t.Context(), w.Business, l.ID, 0, func(f *link.Fields) { f.Amount = &dearer }); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Payments.Start(t.Context(), seen); !fault.Is(err, fault.PriceChanged) {
			t.Errorf("a new price: %v", err)
		}
		renamed := "Another name" // a version that changes no price is no reason to ask again
		now, err := w.Links.Edit(t.Context(), w.Business, l.ID, 0, func(f *link.Fields) { f.Name = renamed })
		if err != nil {
			t.Fatal(err)
		}
		r := w.Ask(now)
		r.Version = 1
		w.MustStart(r)
		if _, err := w.Links.Edit(t.Context(), w.Business, l.ID, 0, func(f *link.Fields) { f.Active = inactive }); err != nil {
			t.Fatal(err)
		}
		r.Payer.Email = "other@example.com" // would inherit the slot
		if _, err := w.Payments.Start(t.Context(), r); !fault.Is(err, fault.NotFound) {
			t.Errorf("switched off: %v", err)
		}
		if n := w.Count(`SELECT COUNT(*) FROM attempts`); n != 1 {
			t.Errorf("%d attempts", n)
		}
		w.MustHold()
	})
}

func TestEachSourceAsksItsOwnPrice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		sold, err := w.Products.Create(t.Context(), w.Business, product.Fields{Name: "Print", Price: paymenttest.Eur(4500), Active: true})
		if err != nil {
			t.Fatal(err)
		}
		led := w.Create(link.Fields{Type: link.Product, Name: "To the print", ProductID: sold.ID})
		gift, fixed := w.MustChoose(5), w.MustLink(0)
		least, most := paymenttest.Eur(500), paymenttest.Eur(100000)
		w.Business.Page.Enabled, w.Business.Page.Min, w.Business.Page.Max = true, &least, &most
		request := func(l *link.Link, p *product.Product, minor int64) payment.StartRequest {
			r := w.Ask(fixed)
			r.Link, r.Product, r.Amount = l, p, paymenttest.Eur(minor)
			r.Source = attempt.SourcePage
			if l != nil {
				r.Source = attempt.SourceLink
			} else if p != nil {
				r.Source = attempt.SourceProduct
			}
			return r
		}
		for name, c := range map[string]struct {
			r    payment.StartRequest
			want fault.Code // "" starts
		}{
			"link":             {request(&fixed, nil, 4900), ""},
			"link, other":      {request(&fixed, nil, 4901), fault.PriceChanged},
			"chosen":           {request(&gift, nil, 20000), ""},
			"chosen, too much": {request(&gift, nil, 20001), fault.Invalid},
			"product":          {request(nil, &sold, 4500), ""},
			"product, other":   {request(nil, &sold, 100), fault.PriceChanged},
			"product by link":  {request(&led, &sold, 4500), ""},
			"by link, other":   {request(&led, &sold, 4400), fault.PriceChanged},
			"page":             {request(nil, nil, 500), ""},
			"page, too little": {request(nil, nil, 499), fault.Invalid},
			"page, too much":   {request(nil, nil, 100001), fault.Invalid},
			"page, nothing":    {request(nil, nil, 0), fault.Invalid},
			"page, less":       {request(nil, nil, -500), fault.Invalid},
		} {
			_, err := w.Payments.Start(t.Context(), c.r)
			if (err == nil) != (c.want == "") || err != nil && !fault.Is(err, c.want) {
				t.Errorf("%s: %v, want %q", name, err, c.want)
			}
		}
		closed := request(nil, nil, 500)
		closed.Business.Page.Enabled = false
		if _, err := w.Payments.Start(t.Context(), closed); !fault.Is(err, fault.NotFound) {
			t.Errorf("a page that is switched off: %v", err)
		}
		yen := request(&fixed, nil, 4900)
		yen.Amount.Currency = "JPY"
		if _, err := w.Payments.Start(t.Context(), yen); !fault.Is(err, fault.PriceChanged) {
			t.Errorf("another currency: %v", err)
		}
		w.MustHold()
	})
}

func TestWhatAPayerTypesIsChecked(t *testing.T) {
	w := paymenttest.MustWorld(t, dbtest.SQLite(t))
	l := w.MustLink(1)
	for name, c := range map[string]struct {
		payer       attempt.Payer
		field, code string
	}{
		"no name":     {attempt.Payer{Name: "  ", Email: "a@example.com"}, "name", "name.missing"},
		"a long name": {attempt.Payer{Name: strings.Repeat("ü", 121), Email: "a@example.com"}, "name", text.Long},
		"control":     {attempt.Payer{Name: "Jo\x00nas", Email: "a@example.com"}, "name", text.Control},
		"no address":  {attempt.Payer{Name: "Jonas"}, "email", mailaddr.Missing},
		"half":        {attempt.Payer{Name: "Jonas", Email: "jonas@example"}, "email", mailaddr.Incomplete},
		"header":      {attempt.Payer{Name: "Jonas", Email: "a@example.com\r\nBcc: b@example.com"}, "email", mailaddr.Invalid},
		"long notes":  {attempt.Payer{Name: "Jonas", Email: "a@example.com", Notes: strings.Repeat("n", 1601)}, "notes", text.Long},
		"escape":      {attempt.Payer{Name: "Jonas", Email: "a@example.com", Notes: "\x1b[31m"}, "notes", text.Control},
	} {
		r := w.Ask(l)
		r.Payer = c.payer
		_, err := w.Payments.Start(t.Context(), r)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != c.field || f.Fields[0].Code != c.code {
			t.Errorf("%s: %v, want %s at %s", name, err, c.code, c.field)
		}
	}
	if n := w.Count(`SELECT COUNT(*) FROM attempts`); n != 0 || w.Slots(l) != (link.Slots{}) {
		t.Errorf("%d attempts, slots %+v", n, w.Slots(l))
	}
	r := w.Ask(l)
	r.Payer = attempt.Payer{Name: strings.Repeat("ü", 120), Email: " Jonas@Example.COM ", Notes: strings.Repeat("n", 499) + "\r\nx"}
	r.Payer.Notes = r.Payer.Notes[2:]
	a := w.View(w.MustStart(r))
	if a.Payer.Email != "Jonas@Example.COM" || !strings.HasSuffix(a.Payer.Notes, "n\nx") {
		t.Errorf("%q, %q", a.Payer.Email, a.Payer.Notes)
	}
}

func TestNobodyTakesSlotsHostage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		l := w.MustLink(25)
		bySource := func(r *payment.StartRequest) { r.Attribution.Address = netip.MustParseAddr("192.168.1.7") }
		byEmail := func(r *payment.StartRequest) { r.Payer.Email = "Same@example.com" }
		for name, c := range map[string]struct {
			same func(*payment.StartRequest)
			most int
		}{"source": {bySource, (25 - 1) / 3}, "e-mail": {byEmail, 3}} {
			var started [20]bool
			paymenttest.Together(len(started), func(i int) {
				r := w.Ask(l)
				c.same(&r)
				_, err := w.Payments.Start(t.Context(), r)
				if err != nil && !fault.Is(err, fault.TooMany) {
					t.Error(err)
				}
				started[i] = err == nil
			})
			n := 0
			for _, ok := range started {
				if ok {
					n++
				}
			}
			if n != c.most {
				t.Errorf("%s: %d holds, want %d", name, n, c.most)
			}
		}
		w.Pass(31 * time.Minute) // and not for ever
		r := w.Ask(l)
		bySource(&r)
		byEmail(&r)
		w.MustStart(r)
		w.MustHold()
	})
}

// The largest amount is taken.
func TestTheLargestAmountIsTaken(t *testing.T) {
	w := paymenttest.MustWorld(t, dbtest.SQLite(t))
	most := money.Max("EUR")
	if a := w.MustStart(w.Ask(w.Create(link.Fields{Name: "House", Amount: &most}))); a.Amount != most {
		t.Errorf("it is %s", a.Amount)
	}
}

// A visitor who changes to another link, or comes again when the business has gone live, gives
// the first place back and holds the new one.
func TestAVisitorHoldsOnePlaceWhereverTheyGo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		one, other := w.MustLink(1), w.MustLink(1)
		first := w.Ask(one)
		w.MustStart(first)
		second := w.Ask(other)
		second.Attribution.VisitID = first.Attribution.VisitID
		w.MustStart(second)
		if w.Slots(one) != (link.Slots{}) || w.Slots(other) != (link.Slots{Held: 1}) {
			t.Errorf("%+v and %+v", w.Slots(one), w.Slots(other))
		}
		second.Business.Mode = business.Live
		w.MustStart(second)
		held := w.Count(`SELECT held FROM link_slots WHERE link_id = $1 AND mode = 'live'`, other.ID)
		if w.Slots(other) != (link.Slots{}) || held != 1 {
			t.Errorf("%+v, and %d live", w.Slots(other), held)
		}
		w.MustHold()
	})
}

// Who leaves in the middle of it holds nothing. SQLite is done before it hears of it.
func TestWhoLeavesWhileTheyStartHoldsNothing(t *testing.T) {
	w := paymenttest.MustWorld(t, dbtest.PostgreSQL(t))
	ctx, leave := context.WithCancel(t.Context())
	w.Payments.OnStart = func(context.Context, *db.Tx, business.Business, ...attempt.Attempt) error { leave(); return nil }
	l := w.MustLink(1)
	if a, err := w.Payments.Start(ctx, w.Ask(l)); err == nil {
		t.Errorf("%s is %s", a.ID, a.State)
	}
	w.Payments.OnStart = nil
	w.MustStart(w.Ask(l)) // behind them
}
