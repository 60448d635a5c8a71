package payment

import (
	"context"
	"sync"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/payment/attempt"
)

// pause is how long the provider is not asked again for a payer: pages that wait for
// money reload every few seconds, and payers press reload.
const pause = 2 * time.Second

// throttle remembers who was asked about a moment ago, in this process. The zero
// value is ready.
type throttle struct {
	mu   sync.Mutex
	last map[attempt.ID]time.Time
}

// maxThrottled bounds how many are remembered; old ones are forgotten first.
const maxThrottled = 10_000

// fresh reports whether the provider was asked about the attempt just now, and
// else notes that it is asked at this instant.
func (t *throttle) fresh(id attempt.ID, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Sub(t.last[id]) < pause {
		return true
	}
	if t.last == nil || len(t.last) >= maxThrottled {
		t.forget(now)
	}
	t.last[id] = now
	return false
}

func (t *throttle) forget(now time.Time) {
	kept := map[attempt.ID]time.Time{}
	for id, at := range t.last {
		if now.Sub(at) < pause {
			kept[id] = at
		}
	}
	t.last = kept
}

// SyncThrottled is Sync for a payer on the page of the payment. However often they load
// it, the provider is asked at most every two seconds; in between, what is known stands.
func (p *Payments) SyncThrottled(ctx context.Context, businessID business.ID, id attempt.ID) error {
	if p.throttle.fresh(id, p.DB.Clock().Wall()) {
		return nil
	}
	_, err := p.Sync(ctx, businessID, id, attempt.CauseReturn)
	return err
}
