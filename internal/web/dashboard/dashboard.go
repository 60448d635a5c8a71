// Package dashboard is what members of a business see: sign-in, smart links
// with their figures, products and the settings of the payment page. Every page
// is made on the server and works without a script. The folders below are its parts;
// here they become one.
package dashboard

import (
	"net/http"

	"smartlinks/internal/web/dashboard/frame"
)

// Config is what the dashboard is made of.
type Config = frame.Config

// Dashboard serves /dashboard, /setup, /sign-in and /sign-out, and what lies
// below them.
type Dashboard struct{ *frame.Dashboard }

// New returns the dashboard. Call Close when the server shuts down.
func New(c Config) *Dashboard { return &Dashboard{frame.New(c)} }

// Handler serves the dashboard. Requests that change something must have passed
// a check of their origin before they come here.
func (d *Dashboard) Handler() http.Handler {
	mux := http.NewServeMux()
	d.routes(mux.Handle)
	return d.WithSession(mux)
}

// Patterns are all routes, for tests that walk them.
func (d *Dashboard) Patterns() (patterns []string) {
	d.routes(func(pattern string, _ http.Handler) { patterns = append(patterns, pattern) })
	return patterns
}
