package payment

import (
	"context"
	"sync"
	"time"

	"smartlinks/internal/business"
)

// pause is how long a payer's next look waits before the provider is asked
// again: pages that wait for money look every few seconds, and payers press
// reload.
const pause = 2 * time.Second

// glances remembers who was asked about a moment ago, in this process. The zero
// value is ready.
type glances struct {
	mu   sync.Mutex
	last map[ID]time.Time
}

// mostGlances bounds how many are remembered; old ones are forgotten first.
const mostGlances = 10_000

// fresh reports whether the provider was asked about the attempt just now, and
// else notes that it is asked at this instant.
func (g *glances) fresh(id ID, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if now.Sub(g.last[id]) < pause {
		return true
	}
	if g.last == nil || len(g.last) >= mostGlances {
		g.forget(now)
	}
	g.last[id] = now
	return false
}

func (g *glances) forget(now time.Time) {
	kept := map[ID]time.Time{}
	for id, at := range g.last {
		if now.Sub(at) < pause {
			kept[id] = at
		}
	}
	g.last = kept
}

// Glance is Sync for a payer who looks at the page of the payment. However often
// they do, the provider is asked at most every two seconds; in between, what is
// known stands.
func (p *Payments) Glance(ctx context.Context, businessID business.ID, id ID) error {
	if p.glances.fresh(id, p.DB.Clock().Wall()) {
		return nil
	}
	_, err := p.Sync(ctx, businessID, id, CauseReturn)
	return err
}
