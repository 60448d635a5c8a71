package api_test

import (
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestATagThatWasChangedMeanwhileStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		made := s.must(201, "POST", "/tags", `{"name": "VIP", "kind": "customer"}`)
		path := "/tags/" + made.at("id")
		if made.Header.Get("Location") != "/api/v1"+path {
			t.Errorf("it is at %s", made.Header.Get("Location"))
		}
		first := s.must(200, "GET", path, "").Header.Get("ETag")
		if first == "" || first != made.Header.Get("ETag") {
			t.Fatalf("made as %s, read as %s", made.Header.Get("ETag"), first)
		}
		second := s.must(200, "PATCH", path, `{"name": "Very important"}`, "If-Match", first)
		if second.Header.Get("ETag") == first || second.at("name") != "Very important" {
			t.Errorf("changed to %s %s", second.Header.Get("ETag"), second.text)
		}
		s.must(412, "PATCH", path, `{"name": "Late"}`, "If-Match", first)
		s.must(412, "PATCH", path, `{"name": ""}`, "If-Match", first)
		s.must(404, "PATCH", "/tags/tag_00000000000000000000000000", `{"name": ""}`, "If-Match", first)
		s.must(200, "PATCH", path, `{"color": "teal"}`, "If-Match", "*")
		if r := s.must(200, "PATCH", path, `{}`); r.at("name") != "Very important" || r.at("color") != "teal" || r.at("kind") != "customer" {
			t.Error(r.text)
		}
	})
}
