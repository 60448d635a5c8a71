package frame

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/web/guard"
)

// How much a token may ask of one process: so many requests at once, which come
// back at so many a second.
const (
	burst     = 300
	perSecond = 10
)

// LimitRate refuses a token that asks too much with 429, and tells every request
// how much is left (draft-ietf-httpapi-ratelimit-headers-07; RFC 9110, 10.2.3).
func (a *API) LimitRate(next http.Handler) http.Handler {
	if !a.Limits {
		return next
	}
	m := guard.NewMeter[string](burst, perSecond)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		left, wait, full := m.Spend(CallerOf(r.Context()).ID, a.DB.Clock().Wall())
		h := w.Header()
		h.Set("RateLimit-Limit", strconv.Itoa(burst))
		h.Set("RateLimit-Remaining", strconv.Itoa(left))
		h.Set("RateLimit-Reset", seconds(full))
		if wait > 0 {
			h.Set("Retry-After", seconds(wait))
			NewProblem(fault.TooMany, "This token asks too often. Wait as long as Retry-After says.").Send(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// seconds writes a time in whole seconds, rounded up.
func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }
