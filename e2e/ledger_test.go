package e2e

import (
	"sync"
)

// ledger is what payers were told, and what they asked for and may not have
// been told. The two differ where a process died between doing and answering.
type ledger struct {
	mu      sync.Mutex
	asked   map[string]int    // views by path that were asked for
	seen    map[string]int    // of those, the ones that were answered with a page
	tried   map[string]string // the path, by the address of who pressed Pay
	begun   map[string]string // of those, the checkout of who was sent to one
	settled map[string]string // what the provider confirmed to have done, by address
}

func newLedger() *ledger {
	return &ledger{asked: map[string]int{}, seen: map[string]int{}, tried: map[string]string{}, begun: map[string]string{}, settled: map[string]string{}}
}

func (l *ledger) write(entry func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry()
}
