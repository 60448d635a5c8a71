package api_test

import (
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestManyPeopleAreAskedByOneCall(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		body := func(more string) string {
			return `{"name": "Membership", "channels": ["email"], "message": "For {course}: {link}", "reminders": {"frequency": "weekly", "max": 3}` + more + `, "rows": [
				{"name": "Ann", "email": "ann@example.com", "amount": {"value": "90.00", "currency": "EUR"}, "reference": "M-1", "variables": {"course": "Pottery"}},
				{"name": "Ben", "email": "ben@", "amount": {"value": "45.00", "currency": "EUR"}, "reference": "M-2", "variables": {"course": "Glass"}}]}`
		}
		made := s.must(202, "POST", "/links/batch", body(""))
		for path, want := range map[string]string{"status": "running", "total": "2", "failed": "1", "sent": "0", "name": "Membership"} {
			if got := made.at(path); got != want {
				t.Errorf("%s is %s, want %s", path, got, want)
			}
		}
		if same := s.must(409, "POST", "/links/batch", body("")); same.at("id") != made.at("id") {
			t.Errorf("the same rows answer %s", same.text)
		}
		s.must(202, "POST", "/links/batch", body(`, "again": true, "send_at": "2026-12-01T09:00"`))
		if stopped := s.must(200, "POST", "/batches/"+made.at("id")+"/stop", ""); stopped.at("status") != "stopped" || s.must(200, "GET", "/batches/"+made.at("id"), "").text != stopped.text {
			t.Errorf("stopped, it is %s", stopped.text)
		}
		for location, wrong := range map[string]string{
			"body.message": strings.Replace(body(""), "{course}", "{nobody}", 1),
			"body.send_at": body(`, "send_at": "2020-01-01T09:00"`), "body.reminders.max": strings.Replace(body(""), `"max": 3`, `"max": 99`, 1),
		} {
			if got := s.must(422, "POST", "/links/batch", wrong); !strings.Contains(got.text, `"`+location+`"`) {
				t.Errorf("%s: %s", location, got.text)
			}
		}
		// What is wrong with a row fails that row alone, whatever it is.
		whole := `{"name": "Ann", "email": "ann@example.com", "amount": {"value": "90.00", "currency": "EUR"}, "reference": "M-1", "variables": {"course": "Pottery"}}`
		for _, amount := range []string{`"amount": {"value": "0.00", "currency": "EUR"}, `, `"amount": {"value": "9,0", "currency": "EUR"}, `, `"amount": {"value": "9.00", "currency": "XXQ"}, `, `"amount": {"value": "99999999999.00", "currency": "EUR"}, `, ``} {
			asked := strings.Replace(body(`, "again": true, "send_at": "2026-12-01T09:00"`), whole, whole+", "+strings.NewReplacer("Ann", "Cleo", "ann@", "cleo@", "M-1", "M-3", `"amount": {"value": "90.00", "currency": "EUR"}, `, amount).Replace(whole), 1)
			got := s.must(202, "POST", "/links/batch", asked)
			if got.at("total") != "3" || got.at("failed") != "2" || !strings.Contains(got.text, `{"number":1,"status":"waiting"`) || !strings.Contains(got.text, `{"number":2,"status":"failed","reason":"`) {
				t.Errorf("%s: %s", amount, got.text)
			}
		}
		long := s.must(202, "POST", "/links/batch", strings.Replace(body(`, "again": true, "send_at": "2026-12-01T09:00"`), "M-1", strings.Repeat("M", 61), 1))
		if long.at("failed") != "2" || !strings.Contains(long.text, `"reason":"Reference: Use at most 60 characters."`) {
			t.Errorf("a long reference: %s", long.text)
		}
	})
}
