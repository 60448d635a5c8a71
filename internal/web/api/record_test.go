package api_test

import (
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestProgramsRecordPaymentsByHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		l := s.must(201, "POST", "/links", `{"name": "Workshop", "type": "amount", "amount": {"value": "89.00", "currency": "EUR"}, "limit": {"kind": "once"}}`)
		c := s.must(201, "POST", "/customers", `{"name": "Amara Okafor", "email": "amara@example.com"}`)
		path, today := "/links/"+l.at("id")+"/payments", dbtest.Start.Format("2006-01-02")
		for wrong, at := range map[string]string{
			`{"amount": {"value": "89.00", "currency": "EUR"}, "method": "cash", "quantity": 0}`:  "body.quantity",
			`{"amount": {"value": "89.00", "currency": "EUR"}, "method": "cash", "quantity": -1}`: "body.quantity",
			`{"method": "cash"}`: "body.amount", `{"amount": {"value": "0.00", "currency": "EUR"}, "method": "cash"}`: "body.amount.value",
			`{"amount": {"value": "89.001", "currency": "EUR"}, "method": "cash"}`:                            "body.amount.value",
			`{"amount": {"value": "89.00", "currency": "USD"}, "method": "cash"}`:                             "body.amount.currency",
			`{"amount": {"value": "89.00", "currency": "EUR"}, "method": "card"}`:                             "body.method",
			`{"amount": {"value": "89.00", "currency": "EUR"}, "method": "cash", "paid_on": "2999-01-01"}`:    "body.paid_on",
			`{"amount": {"value": "89.00", "currency": "EUR"}, "method": "cash", "paid_on": "1800-01-01"}`:    "body.paid_on",
			`{"amount": {"value": "89.00", "currency": "EUR"}, "method": "cash", "customer_id": "cus_other"}`: "body.customer_id",
		} {
			if r := s.must(422, "POST", path, wrong); r.locations()[0] != at {
				t.Errorf("%s: %s", wrong, r.text)
			}
		}
		right := `{"amount": {"value": "89.00", "currency": "EUR"}, "method": "bank_transfer", "paid_on": "` + today + `", "customer_id": "` + c.at("id") + `", "note": "no reference"}`
		p := s.must(201, "POST", path, right, "Idempotency-Key", "k1")
		again := s.must(201, "POST", path, right, "Idempotency-Key", "k1")
		for at, want := range map[string]string{
			"status": "paid", "provider": "manual", "method": "bank_transfer", "receipt": "TEST-2026-00001", "customer.id": c.at("id"), "channel": "by_hand",
			"recorded.note": "no reference", "recorded.paid_on": today, "net.value": "89.00",
		} {
			if p.at(at) != want || again.at(at) != want {
				t.Errorf("%s is %s, not %s", at, p.at(at), want)
			}
		}
		if r := s.must(409, "POST", path, right); r.at("missing") != "1" || r.at("code") != "limit_reached" {
			t.Errorf("full: %s", r.text)
		}
		s.must(201, "POST", path, `{"amount": {"value": "80.00", "currency": "EUR"}, "method": "cash", "raise_limit": true}`)
		got := s.must(200, "GET", "/links/"+l.at("id"), "")
		for at, want := range map[string]string{"limit.max": "2", "limit.used": "2", "stats.payments": "2", "stats.by_hand.value": "169.00", "stats.conversion": "0"} {
			if got.at(at) != want {
				t.Errorf("%s is %s, not %s", at, got.at(at), want)
			}
		}
		s.must(201, "POST", "/payments/"+p.at("id")+"/refunds", `{}`)
		s.must(404, "POST", "/links/lnk_00000000000000000000000000/payments", `{}`)
		s.must(403, "POST", path, right, "Authorization", "Bearer "+s.tokenOf(s.acme, account.LinksWrite))
		s.must(404, "POST", path, right, "Authorization", "Bearer "+s.tokenOf(businesstest.Make(t, d, "zenith"), account.All))
	})
}

func TestProgramsSetDueDates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		day := func(n int) string { return dbtest.Start.AddDate(0, 0, n).Format("2006-01-02") }
		l := s.must(201, "POST", "/links", `{"name": "Invoice", "type": "amount", "amount": {"value": "89.00", "currency": "EUR"}, "limit": {"kind": "once"}, "due_on": "`+day(-1)+`",
			"reminders": {"offsets": [7, -3, 0]}}`)
		for at, want := range map[string]string{"due_on": day(-1), "overdue": "true", "reminders.frequency": "null", "reminders.offsets": "[-3,0,7]"} {
			if l.at(at) != want {
				t.Errorf("%s is %s, not %s", at, l.at(at), want)
			}
		}
		if got := s.must(200, "GET", "/links?overdue=true", ""); !strings.Contains(got.text, `"id":"`+l.at("id")+`"`) {
			t.Errorf("overdue: %s", got.text)
		}
		if r := s.must(422, "PATCH", "/links/"+l.at("id"), `{"due_on": "soon"}`); r.locations()[0] != "body.due_on" {
			t.Errorf("no day: %s", r.text)
		}
		for body, location := range map[string]string{
			`{"reminders": {"max": 9}}`:                              "body.reminders.max",
			`{"reminders": {"frequency": "daily", "offsets": [-1]}}`: "body.reminders.frequency",
		} {
			if r := s.must(422, "PATCH", "/links/"+l.at("id"), body); r.locations()[0] != location {
				t.Errorf("%s: %s", body, r.text)
			}
		}
		back := s.must(200, "PATCH", "/links/"+l.at("id"), `{"reminders": {"max": 3, "offsets": [-3, 0, 7]}}`) // as the answer has them
		if back.at("reminders.offsets") != "[-3,0,7]" {
			t.Errorf("as they were: %s", back.text)
		}
		later := s.must(200, "PATCH", "/links/"+l.at("id"), `{"due_on": "`+day(5)+`", "reminders": {"frequency": "weekly", "max": 2}}`)
		if later.at("overdue") != "false" || later.at("reminders.frequency") != "weekly" || later.at("reminders.offsets") != "[]" {
			t.Errorf("later: %s", later.text)
		}
		if none := s.must(200, "PATCH", "/links/"+l.at("id"), `{"due_on": null}`); none.at("due_on") != "null" {
			t.Errorf("taken away: %s", none.text)
		}
		if r := s.must(422, "PATCH", "/links/"+l.at("id"), `{"reminders": {"offsets": [0]}}`); r.locations()[0] != "body.reminders.offsets" {
			t.Errorf("no date to count from: %s", r.text)
		}
	})
}
