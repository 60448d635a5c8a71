package api

import (
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"smartlinks/internal/account"
	"smartlinks/internal/fault"
)

// How much a token may ask of one process: so many requests at once, which come
// back at so many a second.
const (
	burst     = 300
	perSecond = 10
)

// meter counts what each token asks. It is safe for concurrent use.
type meter struct {
	mu     sync.Mutex
	tokens map[account.TokenID]*rate.Limiter
}

// spend takes one request from what the token has left. wait is the time until
// the next is allowed, 0 when this one is; full the time until all are back.
func (m *meter) spend(id account.TokenID, now time.Time) (left int, wait, full time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.tokens[id]
	if l == nil {
		m.forget(now)
		l = rate.NewLimiter(perSecond, burst)
		m.tokens[id] = l
	}
	if !l.AllowN(now, 1) {
		wait = in((1 - l.TokensAt(now)) / perSecond)
	}
	tokens := max(l.TokensAt(now), 0)
	return int(tokens), wait, in((burst - tokens) / perSecond)
}

func in(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }

// forgetAt is how many tokens are counted before those are forgotten that have
// everything left.
const forgetAt = 10_000

func (m *meter) forget(now time.Time) {
	if len(m.tokens) < forgetAt {
		return
	}
	for id, l := range m.tokens {
		if l.TokensAt(now) >= burst {
			delete(m.tokens, id)
		}
	}
}

// limitRate refuses a token that asks too much with 429, and tells every request
// how much is left (draft-ietf-httpapi-ratelimit-headers-07; RFC 9110, 10.2.3).
func (a *rooms) limitRate(next http.Handler) http.Handler {
	if !a.Limits {
		return next
	}
	m := &meter{tokens: map[account.TokenID]*rate.Limiter{}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		left, wait, full := m.spend(callerOf(r.Context()).token, a.DB.Clock().Wall())
		h := w.Header()
		h.Set("RateLimit-Limit", strconv.Itoa(burst))
		h.Set("RateLimit-Remaining", strconv.Itoa(left))
		h.Set("RateLimit-Reset", seconds(full))
		if wait > 0 {
			h.Set("Retry-After", seconds(wait))
			newProblem(fault.TooMany, "This token asks too often. Wait as long as Retry-After says.").send(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// seconds writes a time in whole seconds, rounded up.
func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }
