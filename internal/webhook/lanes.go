package webhook

import (
	"context"
	"sync"
)

const (
	// atOnce bounds how many messages a process posts at the same time.
	atOnce = 64
	// atOnceEach bounds those to one endpoint, so that one that hangs holds up
	// itself alone.
	atOnceEach = 4
)

// lanes count what is being posted. They are safe for concurrent use.
type lanes struct {
	mu    sync.Mutex
	all   int
	under map[EndpointID]int
	idle  chan struct{} // closed when nothing is under way any more
}

func newLanes() *lanes { return &lanes{under: map[EndpointID]int{}, idle: make(chan struct{})} }

// room is how many more may be posted, and which endpoints can take none.
func (l *lanes) room() (free int, full []EndpointID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, n := range l.under {
		if n >= atOnceEach {
			full = append(full, id)
		}
	}
	return atOnce - l.all, full
}

// take reports whether one more may be posted to the endpoint, and counts it.
func (l *lanes) take(id EndpointID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all >= atOnce || l.under[id] >= atOnceEach {
		return false
	}
	l.all++
	l.under[id]++
	return true
}

func (l *lanes) giveBack(id EndpointID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all--
	if l.under[id]--; l.under[id] == 0 {
		delete(l.under, id)
	}
	if l.all == 0 {
		close(l.idle)
		l.idle = make(chan struct{})
	}
}

// settled waits until nothing is under way.
func (l *lanes) settled(ctx context.Context) error {
	for {
		l.mu.Lock()
		left, idle := l.all, l.idle
		l.mu.Unlock()
		if left == 0 {
			return nil
		}
		select {
		case <-idle:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
