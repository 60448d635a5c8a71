package together_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/sandbox"
)

// gathered lets payers start while the first of them is in the middle of it, so that the
// others wait together, and returns what each got.
func gathered(t *testing.T, d *db.DB, ask func(w *paymenttest.World) []payment.StartRequest) (w *paymenttest.World, got []attempt.Attempt, refused []error) {
	t.Helper()
	holding, release := make(chan struct{}), make(chan struct{})
	var first atomic.Bool
	first.Store(true) // until all have been asked
	w = paymenttest.MustWorld(t, d, func(c *payment.Config, _ *sandbox.Sandbox) {
		c.OnStart = func(context.Context, *db.Tx, business.Business, ...attempt.Attempt) error {
			if first.CompareAndSwap(false, true) {
				close(holding)
				<-release
			}
			return nil
		}
	})
	requests := ask(w)
	first.Store(false)
	got, refused = make([]attempt.Attempt, len(requests)), make([]error, len(requests))
	var came atomic.Int64
	paymenttest.Together(len(requests), func(i int) {
		if i > 0 {
			<-holding
		}
		if came.Add(1) == int64(len(requests)) {
			close(release)
		}
		got[i], refused[i] = w.Payments.Start(t.Context(), requests[i])
	})
	w.MustHold()
	return w, got, refused
}

// Whoever left while they waited for their turn takes no slot: nobody would ask the provider
// for them, and the slot would be held for half an hour.
func TestWhoLeftBeforeTheirTurnHoldsNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		holding, release := make(chan struct{}), make(chan struct{})
		var first atomic.Bool
		w := paymenttest.MustWorld(t, d, func(c *payment.Config, _ *sandbox.Sandbox) {
			c.OnStart = func(context.Context, *db.Tx, business.Business, ...attempt.Attempt) error {
				if first.CompareAndSwap(false, true) {
					close(holding)
					<-release
				}
				return nil
			}
		})
		l := w.MustLink(100)
		requests := make([]payment.StartRequest, 6)
		for i := range requests {
			requests[i] = w.Ask(l)
		}
		left, leave := context.WithCancel(t.Context())
		leave()
		const stay = 3 // the first begins at once, the others wait behind those who left
		paymenttest.Together(stay, func(i int) {
			if i == 0 {
				if _, err := w.Payments.Start(t.Context(), requests[0]); err != nil {
					t.Error(err)
				}
				return
			}
			<-holding
			if i == 1 {
				for _, r := range requests[stay:] {
					if _, err := w.Payments.Start(left, r); !errors.Is(err, context.Canceled) {
						t.Errorf("who left is told %v", err)
					}
				}
				close(release)
			}
			if _, err := w.Payments.Start(t.Context(), requests[i]); err != nil {
				t.Error(err)
			}
		})
		if held := w.Count(`SELECT held FROM link_slots WHERE mode = 'test'`); held != stay {
			t.Errorf("%d places are held by %d who stayed", held, stay)
		}
		w.MustHold()
	})
}

// A crowd at one link takes its slots by few transactions, and each payer gets an attempt
// of their own.
func TestPayersOfALinkStartTogether(t *testing.T) {
	t.Parallel()
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
		w, got, refused := gathered(t, d, func(w *paymenttest.World) (all []payment.StartRequest) {
			l := w.MustUnits(400)
			for i := range payers {
				r := w.Ask(l)
				r.Quantity = int64(1 + i%3)
				if i%2 == 0 {
					r.Attribution.VisitID = "" // of no browser
				}
				all = append(all, r)
			}
			return all
		})
		if n := takes.Load(); n > payers/4 {
			t.Errorf("places were taken %d times for %d payers", n, payers)
		}
		known := map[attempt.ID]bool{}
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
		if held := w.Count(`SELECT held FROM link_slots WHERE mode = 'test'`); held != payers {
			t.Errorf("%d places are held", held)
		}
		if held := w.Count(`SELECT held_units FROM link_slots WHERE mode = 'test'`); held != units {
			t.Errorf("%d units are held, want %d", held, units)
		}
		if n := w.Count(`SELECT COUNT(*) FROM attempt_events WHERE state = 'creating' AND seq = 1`); n != payers {
			t.Errorf("%d timelines begin", n)
		}
	})
}

// Whoever waits together with others gets the answer that is their own, and holds nothing
// when it is a refusal, also where there is room for all.
func TestWhoStartsWithOthersGetsTheirOwnAnswer(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		odd  func(t *testing.T, w *paymenttest.World, l link.Link) []payment.StartRequest
		want func(err error) bool // of the last odd one
		held int64                // by odd ones
	}{
		"saw another price": {func(_ *testing.T, w *paymenttest.World, l link.Link) []payment.StartRequest {
			r := w.Ask(l)
			r.Amount = paymenttest.Eur(5900)
			return []payment.StartRequest{r}
		}, func(err error) bool { return fault.Is(err, fault.PriceChanged) }, 0},
		"has paid before": {func(t *testing.T, w *paymenttest.World, l link.Link) []payment.StartRequest {
			r := w.Ask(l)
			r.BrowserKey = "a browser"
			w.Decide(w.MustStart(r), sandbox.Paid)
			w.MustSync(w.MustStart(r))
			r.Attribution.VisitID = "another visit"
			return []payment.StartRequest{r}
		}, func(err error) bool { return errors.Is(err, payment.ErrPaidBefore) }, 0},
		"is one mailbox too often": {func(_ *testing.T, w *paymenttest.World, l link.Link) (all []payment.StartRequest) {
			for range 4 {
				r := w.Ask(l)
				r.Payer.Email = "often@example.com"
				all = append(all, r)
			}
			return all
		}, nil, 3},
		"has two tabs": {func(_ *testing.T, w *paymenttest.World, l link.Link) []payment.StartRequest {
			r := w.Ask(l)
			return []payment.StartRequest{r, r}
		}, func(err error) bool { return err == nil }, 1},
	} {
		t.Run(what, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				const others = 8
				seen, stop := asking(d)
				defer stop()
				w, _, refused := gathered(t, d, func(w *paymenttest.World) (all []payment.StartRequest) {
					l := w.MustLink(100)
					odd := c.odd(t, w, l)
					for range others {
						all = append(all, w.Ask(l))
					}
					return append(all, odd...)
				})
				for i, err := range refused[:others] {
					if err != nil {
						t.Errorf("payer %d: %v", i, err)
					}
				}
				if last := refused[len(refused)-1]; c.want != nil && !c.want(last) {
					t.Errorf("who %s: %v", what, last)
				}
				if n := seen.times("UPDATE link_slots SET held = held +"); what == "has two tabs" && n >= others { // the other tab comes by itself, and on a busy machine some more
					t.Errorf("places were taken %d times", n)
				}
				if held := w.Count(`SELECT held FROM link_slots WHERE mode = 'test'`); held != others+c.held {
					t.Errorf("%d places are held, want %d", held, others+c.held)
				}
			})
		})
	}
}

// Whatever a crowd asks for at once, a limit holds, a source holds no more than its share, and
// who is refused holds nothing.
func TestWhateverACrowdAsksForTheLimitHolds(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			draw := rand.New(rand.NewPCG(seed, 7))
			capacity := 6 + draw.Int64N(40)
			w, got, refused := gathered(t, d, func(w *paymenttest.World) (all []payment.StartRequest) {
				l := w.MustUnits(capacity)
				for range 30 {
					r := w.AskFrom(fmt.Sprintf("198.51.%d.%d", draw.IntN(3), draw.IntN(4)), l)
					r.Quantity = 1 + draw.Int64N(4)
					if len(all) > 0 && draw.IntN(5) == 0 {
						r = all[draw.IntN(len(all))] // another tab
					}
					if draw.IntN(12) == 0 {
						r.Amount = paymenttest.Eur(100) // who saw another price
					}
					all = append(all, r)
				}
				return all
			})
			units := map[attempt.ID]int64{}
			for i, a := range got {
				switch err := refused[i]; {
				case err == nil:
					units[a.ID] = a.Quantity
				case !fault.Is(err, fault.SlotTaken) && !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooMany) && !fault.Is(err, fault.PriceChanged):
					t.Errorf("seed %d: payer %d: %v", seed, i, err)
				}
			}
			var sum int64
			for _, n := range units {
				sum += n
			}
			held := w.Count(`SELECT held_units FROM link_slots WHERE mode = 'test' `)
			if held != sum || held > capacity {
				t.Errorf("seed %d: %d units of %d are held, %d were given", seed, held, capacity, sum)
			}
		})
	}
}
