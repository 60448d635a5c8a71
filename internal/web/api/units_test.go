package api_test

import (
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestALinkSellsUnits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		const tickets = `{"name": "Tickets", "amount": {"value": "49.00", "currency": "EUR"}, "limit": {"kind": "multiple", "max": 50, "counts": "units"}, "quantity": {"min": 2, "max": 10}}`
		made := s.must(201, "POST", "/links", tickets)
		if made.at("quantity") != `{"max":10,"min":2}` || made.at("limit.counts") != "units" || made.at("limit.remaining") != "50" || made.at("limit.units_used") != "0" {
			t.Errorf("%s", made.text)
		}
		path := "/links/" + made.at("id")
		if changed := s.must(200, "PATCH", path, `{"quantity": {"max": 4}}`); changed.at("quantity") != `{"max":4,"min":1}` {
			t.Errorf("%s", changed.text)
		}
		if cleared := s.must(200, "PATCH", path, `{"quantity": null, "limit": {"max": 7}}`); cleared.at("quantity") != "null" || cleared.at("limit.counts") != "units" || cleared.at("limit.max") != "7" {
			t.Errorf("%s", cleared.text)
		}
		// Who raises the number says nothing of what is counted.
		for body, counts := range map[string]string{`{"limit": {"kind": "multiple", "max": 8}}`: "units", `{"limit": {"max": 8, "counts": "payments"}}`: "payments"} {
			s.must(200, "PATCH", path, `{"limit": {"max": 7, "counts": "units"}}`)
			if raised := s.must(200, "PATCH", path, body); raised.at("limit.counts") != counts || raised.at("limit.max") != "8" {
				t.Errorf("%s: %s", body, raised.text)
			}
		}
		for body, location := range map[string]string{
			`{"quantity": {"min": 5, "max": 4}}`:                                         "body.quantity.max",
			`{"quantity": {"min": 0, "max": 4}}`:                                         "body.quantity.min",
			`{"quantity": {"max": 1001}}`:                                                "body.quantity.max",
			`{"quantity": {"max": 1.5}}`:                                                 "body.quantity.max",
			`{"limit": {"kind": "once", "counts": "units"}}`:                             "body.limit.counts",
			`{"limit": {"max": 3, "counts": "units"}, "quantity": {"min": 4, "max": 5}}`: "body.quantity.min",
			`{"quantity": {"max": 4}, "payer_amount": {"min": {"value": "10.00", "currency": "EUR"}, "max": {"value": "90.00", "currency": "EUR"}}}`: "body.quantity",
		} {
			if got := s.must(422, "PATCH", path, body); !strings.Contains(got.text, `"location":"`+location+`"`) {
				t.Errorf("%s: %s", body, got.text)
			}
		}
	})
}
