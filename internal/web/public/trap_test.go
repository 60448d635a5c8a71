package public_test

import (
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public/publictest"
)

// Programs that fill in whatever they find start no payment; a person whose browser did
// it loses nothing that they typed.
func TestAFieldThatPeopleDoNotSeeStartsNothing(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	if got := s.Get("/acme/sale"); !got.Has(`<div class="sr-only" aria-hidden="true"><input type="text" name="website" tabindex="-1" autocomplete="off">`) {
		t.Error("the form has no such field")
	}
	typed := url.Values{"name": {"Jonas Lindqvist"}, "email": {"jonas@example.se"}, "website": {"https://spam.example"}}
	got := s.Post("/acme/sale", typed)
	if got.StatusCode != http.StatusUnprocessableEntity || !got.Has("people do not see") || !got.Has("Jonas Lindqvist") || !got.Has("jonas@example.se") || got.Has("spam.example") {
		t.Errorf("%d %s", got.StatusCode, got.Body)
	}
	var started int
	if err := s.DB.Get(t.Context(), &started, `SELECT COUNT(*) FROM attempts`); err != nil || started != 0 {
		t.Errorf("%d payments started, %v", started, err)
	}
	typed.Del("website")
	if got := s.Post("/acme/sale", typed); got.StatusCode != http.StatusSeeOther {
		t.Errorf("without it: %d", got.StatusCode)
	}
}
