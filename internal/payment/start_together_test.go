package payment_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/sandbox"
)

// gathered lets payers start while the first of them is in the middle of it, so that the
// others wait together, and returns what each got.
func gathered(t *testing.T, d *db.DB, ask func(w *world) []payment.StartRequest) (w *world, got []payment.Attempt, refused []error) {
	t.Helper()
	holding, release := make(chan struct{}), make(chan struct{})
	var first atomic.Bool
	w = mustWorld(t, d, func(c *payment.Config, _ *sandbox.Sandbox) {
		c.OnStart = func(context.Context, *db.Tx, business.Business, payment.Attempt) error {
			if first.CompareAndSwap(false, true) {
				close(holding)
				<-release
			}
			return nil
		}
	})
	requests := ask(w)
	got, refused = make([]payment.Attempt, len(requests)), make([]error, len(requests))
	var came atomic.Int64
	together(len(requests), func(i int) {
		if i > 0 {
			<-holding
		}
		if came.Add(1) == int64(len(requests)) {
			close(release)
		}
		got[i], refused[i] = w.payments.Start(t.Context(), requests[i])
	})
	w.mustHold()
	return w, got, refused
}

// A crowd at one link takes its places by few transactions, and each payer gets an attempt
// of their own.
func TestPayersOfALinkStartTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const payers = 40
		var takes atomic.Int64
		stop := d.Observe(func(statements []string) {
			for _, s := range statements {
				if strings.Contains(s, "UPDATE link_slots SET held = held +") {
					takes.Add(1)
				}
			}
		})
		defer stop()
		w, got, refused := gathered(t, d, func(w *world) (all []payment.StartRequest) {
			l := w.mustUnits(400)
			for i := range payers {
				r := w.ask(l)
				r.Quantity = int64(1 + i%3)
				all = append(all, r)
			}
			return all
		})
		if n := takes.Load(); n > payers/4 {
			t.Errorf("places were taken %d times for %d payers", n, payers)
		}
		known := map[payment.ID]bool{}
		var units int64
		for i, a := range got {
			if refused[i] != nil {
				t.Fatalf("payer %d: %v", i, refused[i])
			}
			if known[a.ID] || a.CheckoutURL == "" || a.Quantity != int64(1+i%3) {
				t.Errorf("payer %d got %+v", i, a)
			}
			known[a.ID] = true
			units += a.Quantity
		}
		if held := w.count(`SELECT held FROM link_slots WHERE mode = 'test'`); held != payers {
			t.Errorf("%d places are held", held)
		}
		if held := w.count(`SELECT held_units FROM link_slots WHERE mode = 'test'`); held != units {
			t.Errorf("%d units are held, want %d", held, units)
		}
		if n := w.count(`SELECT COUNT(*) FROM attempt_events WHERE state = 'creating' AND seq = 1`); n != payers {
			t.Errorf("%d timelines begin", n)
		}
	})
}

// Whoever waits together with others who are refused gets the answer that is their own.
func TestWhoStartsWithOthersGetsTheirOwnAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const places = 12
		w, got, refused := gathered(t, d, func(w *world) (all []payment.StartRequest) {
			l := w.mustLink(places)
			for range places - 2 {
				all = append(all, w.ask(l))
			}
			tab := w.ask(l)
			all = append(all, tab, tab)
			dear := w.ask(l)
			dear.Amount = eur(5900)
			return append(all, dear, w.ask(l))
		})
		last := len(got) - 1
		for i, err := range refused {
			switch {
			case i == last-1 && !fault.Is(err, fault.PriceChanged):
				t.Errorf("who saw another price: %v", err)
			case i != last-1 && err != nil:
				t.Errorf("payer %d: %v", i, err)
			}
		}
		if got[last-2].ID != got[last-3].ID {
			t.Errorf("two tabs got %s and %s", got[last-3].ID, got[last-2].ID)
		}
		if held := w.count(`SELECT held FROM link_slots WHERE mode = 'test'`); held != places {
			t.Errorf("%d places are held", held)
		}
	})
}
