package api_test

import (
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
)

// waits lets somebody wait for a link that was made full for it.
func (s *site) waits(email string) (linkID, id string) {
	s.t.Helper()
	linkID = s.must(201, "POST", "/links", `{"name": "Full", "amount": {"value": "1.00", "currency": "EUR"}, "limit": {"kind": "once"}, "waiting_list": true}`).at("id")
	s.must(201, "POST", "/links/"+linkID+"/payments", `{"amount": {"value": "1.00", "currency": "EUR"}, "method": "cash"}`)
	e, err := s.waiting.Join(s.t.Context(), s.acme, link.ID(linkID), email, "en", 1)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.messages.SendDue(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	return linkID, string(e.ID)
}

func TestWhoWaitsIsListedOfferedAPlaceAndTakenOff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		linkID, id := s.waits("mara@example.com")
		list := s.must(200, "GET", "/links/"+linkID+"/waiting-list", "").rows()
		if len(list) != 1 || list[0].at("id") != id || list[0].at("email") != "mara@example.com" || list[0].at("status") != "waiting" || list[0].at("quantity") != "1" || list[0].at("offered_until") != "null" {
			t.Fatalf("the list is %v", list)
		}
		s.must(409, "POST", "/waiting-list/"+id+"/offer", "")
		if raised := s.must(200, "PATCH", "/links/"+linkID, `{"limit": {"kind": "multiple", "max": 2}}`); raised.at("status") != "limit_reached" || raised.at("limit.held") != "1" {
			t.Errorf("raised: %s", raised.text)
		}
		if list = s.must(200, "GET", "/links/"+linkID+"/waiting-list", "").rows(); list[0].at("status") != "offered" || list[0].at("offered_until") != "2026-02-19T09:42:00Z" {
			t.Errorf("offered: %v", list)
		}
		s.must(204, "DELETE", "/waiting-list/"+id, "")
		if gone := s.must(200, "GET", "/waiting-list/"+id, ""); gone.at("status") != "ended" || gone.at("offered_until") != "null" {
			t.Errorf("without an offer: %s", gone.text)
		}
		if again := s.must(200, "POST", "/waiting-list/"+id+"/offer", ""); again.at("status") != "offered" {
			t.Errorf("offered again: %s", again.text)
		}
		s.must(409, "POST", "/waiting-list/"+id+"/offer", "")
		s.must(204, "DELETE", "/waiting-list/"+id, "")
		if l := s.must(200, "GET", "/links/"+linkID, ""); l.at("limit.held") != "0" || l.at("status") != "active" {
			t.Errorf("taken off: %s", l.text)
		}
		s.must(422, "PATCH", "/links/"+linkID, `{"when_closed": {"url": "https://example.com/", "redirect": true}}`)
		s.must(422, "PATCH", "/links/"+linkID, `{"offer_hours": 200}`)
	})
}
