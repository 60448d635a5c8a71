package public_test

import (
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
)

// Programs that fill in whatever they find start no payment; a person whose browser did
// it loses nothing that they typed.
func TestAFieldThatPeopleDoNotSeeStartsNothing(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
	if got := s.get("/acme/sale"); !got.has(`<div class="sr-only" aria-hidden="true"><input type="text" name="website" tabindex="-1" autocomplete="off">`) {
		t.Error("the form has no such field")
	}
	typed := url.Values{"name": {"Jonas Lindqvist"}, "email": {"jonas@example.se"}, "website": {"https://spam.example"}}
	got := s.post("/acme/sale", typed)
	if got.StatusCode != http.StatusUnprocessableEntity || !got.has("people do not see") || !got.has("Jonas Lindqvist") || !got.has("jonas@example.se") || got.has("spam.example") {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	var started int
	if err := s.d.Get(t.Context(), &started, `SELECT COUNT(*) FROM attempts`); err != nil || started != 0 {
		t.Errorf("%d payments started, %v", started, err)
	}
	typed.Del("website")
	if got := s.post("/acme/sale", typed); got.StatusCode != http.StatusSeeOther {
		t.Errorf("without it: %d", got.StatusCode)
	}
}
