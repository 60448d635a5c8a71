package poll

import (
	"sync"
	"time"

	"smartlinks/internal/payment/attempt"
)

// pause is how long the provider is not asked again for a payer: pages that wait for
// money reload every few seconds, and payers press reload.
const pause = 2 * time.Second

// Throttle remembers who was asked about a moment ago, in this process. The zero
// value is ready.
type Throttle struct {
	mu   sync.Mutex
	last map[attempt.ID]time.Time
}

// maxRemembered bounds how many are remembered; old ones are forgotten first.
const maxRemembered = 10_000

// Fresh reports whether the provider was asked about the attempt just now, and
// else notes that it is asked at this instant.
func (t *Throttle) Fresh(id attempt.ID, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Sub(t.last[id]) < pause {
		return true
	}
	if t.last == nil || len(t.last) >= maxRemembered {
		t.forget(now)
	}
	t.last[id] = now
	return false
}

func (t *Throttle) forget(now time.Time) {
	kept := map[attempt.ID]time.Time{}
	for id, at := range t.last {
		if now.Sub(at) < pause {
			kept[id] = at
		}
	}
	t.last = kept
}
