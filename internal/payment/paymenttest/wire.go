package paymenttest

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

// Wire is the line to the sandbox, which may break. Requests arrive; what is
// broken is the answer.
type Wire struct {
	*sandbox.Sandbox
	mu                            sync.Mutex
	StartErr, FetchErr, RefundErr error
	FindErr                       error
	Lie                           func(*provider.Remote)
	Told                          func(*provider.Movements) // what it tells of moved money, besides
	Asked                         map[string]int            // how often, by the provider's id
	Once                          bool                      // the lie is told to the next who asks alone
	Death                         string                    // the moment at which the next one there dies
}

// Deaths are the moments between two steps at which a process may die. At all of
// them a transaction is committed and the next one has not begun.
var Deaths = []string{"before start", "after start", "before fetch", "after fetch", "before cancel", "after cancel", "before refund", "after refund", "after movements"}

// BrokenWorld makes a world whose line to the provider is the returned Wire.
func BrokenWorld(t *testing.T, d *db.DB) (*World, *Wire) {
	l := &Wire{Asked: map[string]int{}}
	w, transfers := BankWorld(t, d, func(c *payment.Config, s *sandbox.Sandbox) {
		l.Sandbox = s
		c.Providers[business.Sandbox] = l
	})
	w.Transfers = transfers
	return w, l
}

func (l *Wire) Set(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
}

// die ends the caller's goroutine when this is the moment: nothing of what it
// would have done next is done.
func (l *Wire) die(moment string) {
	if l.Death == moment {
		l.Death = ""
		runtime.Goexit()
	}
}

func (l *Wire) Start(ctx context.Context, o provider.Order) (provider.Checkout, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if errors.Is(l.StartErr, provider.ErrRefused) {
		return provider.Checkout{}, l.StartErr
	}
	l.die("before start")
	c, err := l.Sandbox.Start(ctx, o)
	l.die("after start")
	return c, errors.Join(err, l.StartErr)
}

func (l *Wire) Fetch(ctx context.Context, account provider.Account, ref string) (provider.Remote, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.die("before fetch")
	l.Asked[ref]++
	if l.FetchErr != nil {
		return provider.Remote{}, l.FetchErr
	}
	r, err := l.Sandbox.Fetch(ctx, account, ref)
	if l.Lie != nil {
		l.Lie(&r)
	}
	if l.Once {
		l.Lie, l.Once = nil, false
	}
	l.die("after fetch")
	return r, err
}

func (l *Wire) Cancel(ctx context.Context, account provider.Account, ref string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.die("before cancel")
	err := l.Sandbox.Cancel(ctx, account, ref)
	l.die("after cancel")
	return err
}

func (l *Wire) Refund(ctx context.Context, account provider.Account, ref string, o provider.RefundOrder) (provider.RemoteRefund, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.die("before refund")
	if errors.Is(l.RefundErr, provider.ErrRefused) {
		return provider.RemoteRefund{}, l.RefundErr
	}
	r, err := l.Sandbox.Refund(ctx, account, ref, o)
	l.die("after refund")
	return r, errors.Join(err, l.RefundErr)
}

func (l *Wire) Movements(ctx context.Context, account provider.Account, ref string) (provider.Movements, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.Asked[ref]++
	if l.FetchErr != nil {
		return provider.Movements{}, l.FetchErr
	}
	moved, err := l.Sandbox.Movements(ctx, account, ref)
	if l.Told != nil {
		l.Told(&moved)
	}
	l.die("after movements")
	return moved, err
}

func (l *Wire) Find(ctx context.Context, account provider.Account, attempt attempt.ID, createdAt time.Time) (provider.Checkout, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.FindErr != nil {
		return provider.Checkout{}, l.FindErr
	}
	return l.Sandbox.Find(ctx, account, attempt, createdAt)
}

// ErrTimeout is what a broken line answers.
var ErrTimeout = errors.New("time-out")
