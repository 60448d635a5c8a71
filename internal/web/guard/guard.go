// Package guard is what every request passes before it comes to a room:
// security headers, the check of its origin, limits of size and time, the log,
// and the rescue of handlers that panic.
package guard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/clock"
	"smartlinks/internal/visit/source"
	"smartlinks/internal/web/host"
)

// Config says where the installation is reached and who stands before it.
type Config struct {
	// Addresses makes our web addresses.
	Addresses address.Book
	// TrustedProxies are the networks whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
	Clock          *clock.Clock
	// Begin notes a request of an area, and returns what notes its end; nil:
	// nobody counts.
	Begin func(area string) func(method string, status int, took time.Duration)
	Log   *slog.Logger
}

// Guard protects the rooms of one installation.
type Guard struct {
	Config
	origin *http.CrossOriginProtection
	// atDomain is the same at own domains, where not even the installation is trusted.
	atDomain *http.CrossOriginProtection
	noticed  noticed
}

// New returns a guard. It fails without addresses.
func New(c Config) (*Guard, error) {
	if !c.Addresses.Set() {
		return nil, errors.New("guard: there are no addresses")
	}
	origin := http.NewCrossOriginProtection()
	// Behind a proxy that rewrites Host, our own pages would look foreign.
	if err := origin.AddTrustedOrigin(c.Addresses.Origin()); err != nil {
		return nil, fmt.Errorf("guard: %w", err)
	}
	return &Guard{Config: c, origin: origin, atDomain: http.NewCrossOriginProtection()}, nil
}

// Area is how the requests of one room are guarded.
type Area struct {
	// Name says in the log which room it was.
	Name string
	// Policy is the Content-Security-Policy of its pages.
	Policy string
	// MaxBody is the largest body in bytes. Reading more of it fails with an
	// *http.MaxBytesError.
	MaxBody int64
	// Timeout ends the context of a request; 0 lets it run, as live pages must.
	Timeout time.Duration
	// Foreign accepts requests that browsers send from other sites. It is for
	// rooms where no cookie proves anything: hooks and the API.
	Foreign bool
	// Refuse answers a request that was sent from another site, and Fail one
	// whose handler panicked before it answered.
	Refuse, Fail http.HandlerFunc
}

// Protect puts the area's guards before its handler.
func (g *Guard) Protect(a Area, next http.Handler) http.Handler {
	policy := []string{a.Policy}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := g.Clock.Wall()
		g.noticeProxy(r)
		ctx := context.WithValue(r.Context(), addressKey{}, source.ClientIP(r.RemoteAddr, r.Header["X-Forwarded-For"], g.TrustedProxies))
		if a.Timeout > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, a.Timeout)
			defer cancel()
		}
		r = r.WithContext(ctx)
		out := &answer{ResponseWriter: w}
		if g.Begin != nil {
			end := g.Begin(a.Name)
			defer func() { end(r.Method, out.status, g.Clock.Wall().Sub(began)) }()
		}
		defer g.log(a, out, r, began)
		defer g.rescue(a, out, r)
		g.setHeaders(out.Header(), policy)
		if !a.Foreign && g.originOf(r).Check(r) != nil {
			a.Refuse(out, r)
			return
		}
		if a.MaxBody > 0 && r.Body != nil && r.Body != http.NoBody {
			r.Body = http.MaxBytesReader(out, r.Body, a.MaxBody)
		}
		next.ServeHTTP(out, r)
	})
}

// originOf is what is checked of where a request was sent from. Own domains trust
// themselves alone: a business may have others' pages beside ours at its names.
func (g *Guard) originOf(r *http.Request) *http.CrossOriginProtection {
	if _, is := host.Of(r); is {
		return g.atDomain
	}
	return g.origin
}
