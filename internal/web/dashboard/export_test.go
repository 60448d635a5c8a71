package dashboard

import "net/http"

// Patterns are all routes, for tests that walk them.
func (d *Dashboard) Patterns() (patterns []string) {
	d.routes(func(pattern string, _ http.Handler) { patterns = append(patterns, pattern) })
	return patterns
}
