package api_test

import (
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestProgramsOfPayRequestGoOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		r := s.must(201, "POST", "/payment-links", `{"description": "Early Bird Registration 2025", "amount": 49.00, "currency": "EUR"}`)
		if r.at("success") != "true" || r.at("data.url") != "https://pay.example/acme/early-bird-registration-2025" || r.at("data.amount") != "49.00" ||
			r.at("data.currency") != "EUR" || r.at("data.description") != "Early Bird Registration 2025" || r.at("data.created_at") == "nothing" {
			t.Errorf("made: %s", r.text)
		}
		if l := s.must(200, "GET", "/links/"+r.at("data.id"), ""); l.at("amount.value") != "49.00" || l.at("name") != "Early Bird Registration 2025" || l.at("limit.kind") != "unlimited" {
			t.Errorf("it is no link like any other: %s", l.text)
		}
		if again := s.must(201, "POST", "/payment-links", `{"description": "Early bird registration 2025", "amount": 7}`); again.at("data.url") != "https://pay.example/acme/early-bird-registration-2025-2" || again.at("data.amount") != "7.00" {
			t.Errorf("the same description: %s", again.text)
		}
		if text := s.must(201, "POST", "/payment-links", `{"description": "Said in words", "amount": "12.25"}`); text.at("data.amount") != "12.25" {
			t.Errorf("an amount as a text: %s", text.text)
		}
		long := strings.Repeat("Ten words ", 30)
		s.must(201, "POST", "/payment-links", `{"description": "`+strings.TrimSpace(long)+`", "amount": 0.5}`)
		for query, n := range map[string]int{"": 4, "?description=registration": 2, "?page=2&per_page=3": 1, "?page=9": 0, "?description=EARLY+bird+registration+2025": 2, "?description=nothing": 0, "?description=" + strings.ReplaceAll(strings.TrimSpace(long), " ", "+"): 1} {
			if r := s.must(200, "GET", "/payment-links"+query, ""); r.at("success") != "true" || len(r.json["data"].([]any)) != n {
				t.Errorf("%q: %s", query, r.text)
			}
		}
		page := s.must(200, "GET", "/payment-links?limit=2", "")
		if rest := s.must(200, "GET", "/payment-links?limit=2&cursor="+page.at("next_cursor"), ""); len(rest.json["data"].([]any)) != 2 || rest.at("current_page") != "2" || rest.at("total") != "4" || rest.at("last_page") != "2" || rest.at("next_cursor") != "null" {
			t.Errorf("the second page: %s", rest.text)
		}
		for body, where := range map[string]string{
			`{"description": "", "amount": 1}`: "body.description", `{"description": "x", "amount": -1}`: "body.amount", `{"description": "x", "amount": 1.234}`: "body.amount",
			`{"description": "x", "amount": 1e3}`: "body.amount", `{"description": "x", "amount": "12,25"}`: "body.amount", `{"description": "x", "amount": true}`: "body.amount", `{"description": "x"}`: "body.amount", `{"description": "x", "amount": 1, "currency": "XXQ"}`: "body.currency",
		} {
			if r := s.must(422, "POST", "/payment-links", body); len(r.locations()) != 1 || r.locations()[0] != where {
				t.Errorf("%s: %s", body, r.text)
			}
		}
	})
}
