package poll_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// distant is a provider that counts how often it is asked.
type distant struct {
	*sandbox.Sandbox
	asked atomic.Int64
}

func (p *distant) Fetch(ctx context.Context, account provider.Account, ref string) (provider.Remote, error) {
	p.asked.Add(1)
	return p.Sandbox.Fetch(ctx, account, ref)
}

// Many attempts that fall due at once are asked about one after another, within
// what a provider allows, and all of them in the end.
func TestThePollerKeepsWithinAProvidersRateLimit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		far := &distant{}
		w := paymenttest.MustWorld(t, d, func(c *payment.Config, s *sandbox.Sandbox) {
			far.Sandbox = s
			c.Providers["distant"] = far
		})
		w.Business.Provider = "distant"
		const due, atOnce, perSecond = 60, 25, 5
		for range due {
			w.Decide(w.MustStart(w.Ask(w.MustLink(0))), sandbox.Paid)
		}
		paid := func() int64 { return w.Count(`SELECT COUNT(*) FROM payments`) }
		w.Pass(3 * time.Minute)
		if got := far.asked.Load(); got != atOnce || paid() != atOnce {
			t.Errorf("asked %d times at once, want %d; %d are paid", got, atOnce, paid())
		}
		for second := int64(1); paid() < due && second < 60; second++ {
			w.Pass(time.Second)
			if got, most := far.asked.Load(), atOnce+perSecond*second; got > most {
				t.Errorf("asked %d times within %d seconds, want %d at most", got, second, most)
			}
		}
		if paid() != due {
			t.Errorf("%d of %d are paid after a minute", paid(), due)
		}
		w.MustHold()
	})
}

// A payer who is back does not wait for others.
func TestAPayersReturnIsNoLook(t *testing.T) {
	t.Parallel()
	far := &distant{}
	w := paymenttest.MustWorld(t, dbtest.SQLite(t), func(c *payment.Config, s *sandbox.Sandbox) {
		far.Sandbox = s
		c.Providers["distant"] = far
	})
	w.Business.Provider = "distant"
	for range 40 {
		w.MustStart(w.Ask(w.MustLink(0)))
	}
	a := w.MustStart(w.Ask(w.MustLink(0)))
	w.Pass(3 * time.Minute)
	w.Decide(a, sandbox.Paid)
	w.MustSync(a)
	w.Expect(a, attempt.Paid, history.StatusPaid)
}
