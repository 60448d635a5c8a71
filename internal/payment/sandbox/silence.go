package sandbox

import (
	"errors"
	"sync"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/payment/attempt"
)

// silentFor is how long the answers about a checkout are lost, by the
// application's clock.
const silentFor = time.Minute

// errNoAnswer is what a caller sees of a checkout that was made.
var errNoAnswer = errors.New("sandbox: the answer is lost")

// silence is whose answers are lost. It is kept by this process alone: a
// misbehaviour for trying out, which a restart may end. The zero value is ready.
type silence struct {
	mu    sync.Mutex
	next  map[business.ID]bool
	until map[attempt.ID]time.Time
}

// begin loses the answers about the account's next checkout.
func (s *silence) begin(account business.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == nil {
		s.next, s.until = map[business.ID]bool{}, map[attempt.ID]time.Time{}
	}
	s.next[account] = true
}

// swallows reports whether the answer to this start is lost.
func (s *silence) swallows(account business.ID, attempt attempt.ID, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next[account] {
		delete(s.next, account)
		s.until[attempt] = now.Add(silentFor)
	}
	if now.Before(s.until[attempt]) {
		return true
	}
	delete(s.until, attempt)
	return false
}
