package webhook

import (
	"context"
	"sync"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// listening remembers which businesses have no endpoints, so that what happens often asks
// the database nothing for them. An endpoint that any process makes is told to all.
type listening struct {
	mu    sync.Mutex
	quiet map[business.ID]bool
	turn  int // rises when what is remembered is dropped
}

// endpointTopic is under which processes hear that a business has a new endpoint.
const endpointTopic = "endpoint"

// keptQuiet bounds how many businesses are remembered.
const keptQuiet = 10_000

func (l *listening) onNotice(topic, key string) {
	if topic != endpointTopic && topic != "*" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn++
	if topic == "*" {
		l.quiet = nil
	}
	delete(l.quiet, business.ID(key))
}

// Listens reports whether the business has endpoints at all.
func (h *Webhooks) Listens(ctx context.Context, tx *db.Tx, businessID business.ID) (heard bool, err error) {
	l := &h.listening
	l.mu.Lock()
	quiet, turn := l.quiet[businessID], l.turn
	l.mu.Unlock()
	if quiet {
		return false, nil
	}
	if err := tx.Get(ctx, &heard, `SELECT EXISTS (SELECT 1 FROM webhook_endpoints WHERE business_id = $1)`, businessID); err != nil || heard {
		return heard, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.turn == turn { // no endpoint was made while we looked
		if l.quiet == nil || len(l.quiet) >= keptQuiet {
			l.quiet = map[business.ID]bool{}
		}
		l.quiet[businessID] = true
	}
	return false, nil
}
