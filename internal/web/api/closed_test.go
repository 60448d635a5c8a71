package api_test

import (
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestWhereAClosedLinkLeadsIsSetAndCleared(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		next := s.must(201, "POST", "/links", `{"name": "April", "amount": {"value": "1.00", "currency": "EUR"}}`).at("id")
		made := s.must(201, "POST", "/links", `{"name": "March", "amount": {"value": "1.00", "currency": "EUR"}, "thanks": "See you",
			"when_closed": {"message": "Again in April", "next": "`+next+`", "redirect": true}}`)
		id := made.at("id")
		for path, want := range map[string]string{
			"thanks": "See you", "when_closed.message": "Again in April", "when_closed.next": next, "when_closed.url": "null", "when_closed.redirect": "true",
		} {
			if got := made.at(path); got != want {
				t.Errorf("%s is %s, want %s", path, got, want)
			}
		}
		if got := s.must(200, "PATCH", "/links/"+id, `{"when_closed": {"next": null, "url": "https://example.com/"}}`); got.at("when_closed.message") != "Again in April" || got.at("when_closed.url") != "https://example.com/" {
			t.Errorf("a part is changed: %s", got.text)
		}
		if got := s.must(200, "PATCH", "/links/"+id, `{"when_closed": null}`); got.at("when_closed") != "null" {
			t.Errorf("cleared: %s", got.text)
		}
		if got := s.must(422, "PATCH", "/links/"+next, `{"when_closed": {"next": "lnk_00000000000000000000000000"}}`); !strings.Contains(got.text, `"body.when_closed.next"`) {
			t.Errorf("refused: %s", got.text)
		}
		s.must(200, "PATCH", "/links/"+next, `{"when_closed": {"next": "`+id+`"}}`)
		s.must(422, "PATCH", "/links/"+id, `{"when_closed": {"next": "`+next+`"}}`)
	})
}
