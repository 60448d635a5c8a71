package dashboard

import (
	"maps"
	"net/http"
	"strings"
)

// Patterns are all routes, for tests that walk them.
func (d *Dashboard) Patterns() (patterns []string) {
	d.routes(func(pattern string, _ http.Handler) { patterns = append(patterns, pattern) })
	return patterns
}

// Unsaid are the acts that have no words in the audit log.
func (d *Dashboard) Unsaid() (patterns []string) {
	words := actWords()
	maps.Copy(words, exportWords())
	for _, pattern := range d.Patterns() {
		of := act(pattern)
		if _, said := words[of]; of != "" && !said && !strings.HasPrefix(of, ownActs) {
			patterns = append(patterns, pattern)
		}
		delete(words, of)
	}
	for of := range words {
		patterns = append(patterns, "no such act: "+of)
	}
	return patterns
}
