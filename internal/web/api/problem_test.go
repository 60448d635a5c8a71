package api_test

import (
	"strings"
	"testing"

	"smartlinks/internal/db/dbtest"
)

// What the validation of a request refuses says what to send instead.
func TestARefusedFieldSaysWhatToSend(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	for _, c := range []struct{ method, path, body, want string }{
		{"POST", "/coupons", `{"name": "Members", "percent": 10}`, `Send text in quotation marks, such as "12".`},
		{"POST", "/links", `{"name": "A", "amount": "5.00"}`, `Send an object, such as {"name": "value"}.`},
		{"POST", "/links", `{"name": "A", "amount": {"value": "5.00", "currency": "EUR"}, "limit": {"kind": "twice"}}`, "Send one of these: unlimited, once, multiple."},
		{"POST", "/links", `{"name": "A", "amount": {"value": "5.00", "currency": "EUR"}, "limit": {"kind": "multiple", "max": 1.5}}`, "Send a whole number without quotation marks, such as 12."},
		{"POST", "/links", `{"name": "A", "active": "yes"}`, "Send true or false, without quotation marks."},
		{"POST", "/links", `{"name": "A", "tags": "VIP"}`, `Send a list in square brackets, such as ["value"].`},
		{"POST", "/payment-links", `{"description": "A", "amount": null}`, "Send a value of the kind that /api/docs shows for this."},
		{"POST", "/links", `{"name": "A"} and more`, "This can't be read as JSON: invalid character 'a' after top-level value."},
		{"GET", "/payment-links?page=99999999", "", "Send a number of at most 1000000."},
	} {
		status := 422
		if strings.HasSuffix(c.body, "more") {
			status = 400
		}
		answer := s.must(status, c.method, c.path, c.body)
		wrong, _ := answer.json["errors"].([]any)
		if len(wrong) != 1 {
			t.Errorf("%s %s %s: %v", c.method, c.path, c.body, answer.json)
			continue
		}
		if got := wrong[0].(map[string]any)["message"]; got != c.want {
			t.Errorf("%s %s %s says %q, not %q", c.method, c.path, c.body, got, c.want)
		}
	}
}

// A number that the schema takes for whole and Go can't read is refused at its field.
func TestANumberThatCannotBeReadIsRefusedAtItsField(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	for _, number := range []string{"1e1", "99999999999999999999"} {
		answer := s.must(422, "POST", "/links", `{"name": "A", "amount": {"value": "5.00", "currency": "EUR"}, "limit": {"kind": "multiple", "max": `+number+`}}`)
		wrong, _ := answer.json["errors"].([]any)
		if len(wrong) != 1 {
			t.Fatalf("%s: %v", number, answer.json)
		}
		got := wrong[0].(map[string]any)
		if got["location"] != "body.limit.max" || got["message"] != "Send a whole number in plain digits, such as 12, in place of "+number+"." {
			t.Errorf("%s: %v", number, got)
		}
	}
}
