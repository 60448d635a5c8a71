package public_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/public/publictest"
)

// A payer types 500 characters of notes at most. What the page's address adds comes
// behind them and has room of its own.
func TestNotesThatPayersTypeAreBounded(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	for length, want := range map[int]int{500: http.StatusSeeOther, 501: http.StatusUnprocessableEntity} {
		got := s.Post("/acme", url.Values{"name": {"Jonas Lindqvist"}, "email": {"jonas@example.se"}, "amount": {"12.50"}, "notes": {strings.Repeat("n", length)}})
		if got.StatusCode != want {
			t.Errorf("%d characters: %d, want %d", length, got.StatusCode, want)
		}
	}
}
