package guard

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Meter counts what each of many does in this process: so much at once, which
// comes back at so much a second. It is safe for concurrent use.
type Meter[K comparable] struct {
	burst     int
	perSecond rate.Limit

	mu       sync.Mutex
	all      map[K]*rate.Limiter
	forgetAt int
}

// forgetFrom is how many are counted before those are forgotten that have
// everything left.
const forgetFrom = 10_000

// NewMeter returns a meter that has counted nothing.
func NewMeter[K comparable](burst int, perSecond float64) *Meter[K] {
	return &Meter[K]{burst: burst, perSecond: rate.Limit(perSecond), all: map[K]*rate.Limiter{}, forgetAt: forgetFrom}
}

// Spend takes one from what who has left. wait is the time until the next is
// allowed, 0 when this one is; full the time until all are back.
func (m *Meter[K]) Spend(who K, now time.Time) (left int, wait, full time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.all[who]
	if l == nil {
		m.forget(now)
		l = rate.NewLimiter(m.perSecond, m.burst)
		m.all[who] = l
	}
	if !l.AllowN(now, 1) {
		wait = m.in(1 - l.TokensAt(now))
	}
	tokens := max(l.TokensAt(now), 0)
	return int(tokens), wait, m.in(float64(m.burst) - tokens)
}

// Empty reports whether who has nothing left, and takes nothing.
func (m *Meter[K]) Empty(who K, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.all[who]
	return l != nil && l.TokensAt(now) < 1
}

// in is how long so much takes to come back.
func (m *Meter[K]) in(much float64) time.Duration {
	return time.Duration(much / float64(m.perSecond) * float64(time.Second))
}

// forget looks through all of them each time that they have doubled, so that
// many strangers don't make one another slow.
func (m *Meter[K]) forget(now time.Time) {
	if len(m.all) < m.forgetAt {
		return
	}
	for who, l := range m.all {
		if l.TokensAt(now) >= float64(m.burst) {
			delete(m.all, who)
		}
	}
	m.forgetAt = max(forgetFrom, 2*len(m.all))
}

// Len is how many are counted.
func (m *Meter[K]) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.all)
}

// Network is what one visitor may vary at will counted as one: an IPv4 address,
// or the 64 bits that a customer of an IPv6 provider gets at least.
func Network(address netip.Addr) netip.Prefix {
	address = address.Unmap().WithZone("")
	bits := address.BitLen()
	if address.Is6() {
		bits = 64
	}
	network, err := address.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // the address isn't known
	}
	return network
}
