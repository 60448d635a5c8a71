package payment_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// wire is the line to the sandbox, which may break. Requests arrive; what is
// broken is the answer.
type wire struct {
	*sandbox.Sandbox
	mu                   sync.Mutex
	start, fetch, refund error
	find                 error
	lie                  func(*provider.Remote)
	told                 func(*provider.Movements) // what it tells of moved money, besides
	asked                map[string]int            // how often, by the provider's id
	once                 bool                      // the lie is told to the next who asks alone
	death                string                    // the moment at which the next one there dies
}

// deaths are the moments between two steps at which a process may die. At all of
// them a transaction is committed and the next one has not begun.
var deaths = []string{"before start", "after start", "before fetch", "after fetch", "before cancel", "after cancel", "before refund", "after refund", "after movements"}

// broken makes a world whose line to the provider is the returned wire.
func brokenWorld(t *testing.T, d *db.DB) (*world, *wire) {
	l := &wire{asked: map[string]int{}}
	w, transfers := bankWorld(t, d, func(c *payment.Config, s *sandbox.Sandbox) {
		l.Sandbox = s
		c.Providers[business.Sandbox] = l
	})
	w.transfers = transfers
	return w, l
}

func (l *wire) set(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

// die ends the caller's goroutine when this is the moment: nothing of what it
// would have done next is done.
func (l *wire) die(moment string) {
	if l.death == moment {
		l.death = ""
		runtime.Goexit()
	}
}

func (l *wire) Start(ctx context.Context, o provider.Order) (provider.Checkout, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if errors.Is(l.start, provider.ErrRefused) {
		return provider.Checkout{}, l.start
	}
	l.die("before start")
	c, err := l.Sandbox.Start(ctx, o)
	l.die("after start")
	return c, errors.Join(err, l.start)
}

func (l *wire) Fetch(ctx context.Context, account provider.Account, ref string) (provider.Remote, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.die("before fetch")
	l.asked[ref]++
	if l.fetch != nil {
		return provider.Remote{}, l.fetch
	}
	r, err := l.Sandbox.Fetch(ctx, account, ref)
	if l.lie != nil {
		l.lie(&r)
	}
	if l.once {
		l.lie, l.once = nil, false
	}
	l.die("after fetch")
	return r, err
}

func (l *wire) Cancel(ctx context.Context, account provider.Account, ref string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.die("before cancel")
	err := l.Sandbox.Cancel(ctx, account, ref)
	l.die("after cancel")
	return err
}

func (l *wire) Refund(ctx context.Context, account provider.Account, ref string, o provider.RefundOrder) (provider.RemoteRefund, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.die("before refund")
	if errors.Is(l.refund, provider.ErrRefused) {
		return provider.RemoteRefund{}, l.refund
	}
	r, err := l.Sandbox.Refund(ctx, account, ref, o)
	l.die("after refund")
	return r, errors.Join(err, l.refund)
}

func (l *wire) Movements(ctx context.Context, account provider.Account, ref string) (provider.Movements, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked[ref]++
	if l.fetch != nil {
		return provider.Movements{}, l.fetch
	}
	moved, err := l.Sandbox.Movements(ctx, account, ref)
	if l.told != nil {
		l.told(&moved)
	}
	l.die("after movements")
	return moved, err
}

func (l *wire) Find(ctx context.Context, account provider.Account, attempt attempt.ID, createdAt time.Time) (provider.Checkout, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.find != nil {
		return provider.Checkout{}, l.find
	}
	return l.Sandbox.Find(ctx, account, attempt, createdAt)
}
