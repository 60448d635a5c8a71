package e2e

import (
	"net/http"
	"strings"
	"testing"

	. "smartlinks/e2e/site"
)

func TestBadInputIsNamedAndStoresNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		for _, c := range []struct{ what, body, location string }{
			{"negative amount", `{"name": "A", "type": "amount", "amount": {"value": "-1.00", "currency": "EUR"}}`, "body.amount"},
			{"zero", `{"name": "A", "type": "amount", "amount": {"value": "0", "currency": "EUR"}}`, "body.amount"},
			{"three decimals", `{"name": "A", "type": "amount", "amount": {"value": "1.005", "currency": "EUR"}}`, "body.amount"},
			{"grouped", `{"name": "A", "type": "amount", "amount": {"value": "1,500", "currency": "EUR"}}`, "body.amount"},
			{"overflow", `{"name": "A", "type": "amount", "amount": {"value": "99999999999999999999", "currency": "EUR"}}`, "body.amount"},
			{"unknown currency", `{"name": "A", "type": "amount", "amount": {"value": "1.00", "currency": "XXQ"}}`, "body.amount"},
			{"empty name", `{"name": "", ` + FortyNine + `}`, "body.name"},
			{"long name", `{"name": "` + strings.Repeat("a", 10_000) + `", ` + FortyNine + `}`, "body.name"},
			{"control character", `{"name": "a\u0000b", ` + FortyNine + `}`, "body.name"},
			{"reserved path", `{"name": "A", ` + FortyNine + `, "path": "shop"}`, "body.path"},
			{"digit first", `{"name": "A", ` + FortyNine + `, "path": "1a"}`, "body.path"},
			{"slash", `{"name": "A", ` + FortyNine + `, "path": "a/b"}`, "body.path"},
			{"dot", `{"name": "A", ` + FortyNine + `, "path": "a.b"}`, "body.path"},
			{"limit of 0", `{"name": "A", ` + FortyNine + `, "limit": {"kind": "multiple", "max": 0}}`, "body.limit"},
			{"limit of 1001", `{"name": "A", ` + FortyNine + `, "limit": {"kind": "multiple", "max": 1001}}`, "body.limit"},
			{"script URL", `{"name": "A", ` + FortyNine + `, "after_payment": {"redirect_url": "javascript:alert(1)"}}`, "body.after_payment"},
			{"relative URL", `{"name": "A", ` + FortyNine + `, "after_payment": {"redirect_url": "/thanks"}}`, "body.after_payment"},
			{"unknown field", `{"name": "A", ` + FortyNine + `, "colour": "red"}`, "body"},
		} {
			t.Run(c.what, func(t *testing.T) { expectProblem(t, s.API(t, "POST", "/links", c.body), c.location) })
		}
		if a := s.API(t, "POST", "/links", "not JSON"); a.Status != http.StatusBadRequest && a.Status != http.StatusUnprocessableEntity {
			t.Errorf("not JSON: status %d", a.Status)
		}
		list := Decode[struct {
			Data []any `json:"data"`
		}](t, s.API(t, "GET", "/links", ""))
		if len(list.Data) != 0 {
			t.Errorf("bad input was stored: %v", list.Data)
		}
	})
}

func expectProblem(t *testing.T, a Answer, location string) {
	t.Helper()
	ExpectStatus(t, "bad input", a, http.StatusUnprocessableEntity)
	if kind := a.Header.Get("Content-Type"); !strings.HasPrefix(kind, "application/problem+json") {
		t.Errorf("content type %q", kind)
	}
	problem := Decode[struct {
		Errors []struct {
			Location string `json:"location"`
		} `json:"errors"`
	}](t, a)
	for _, e := range problem.Errors {
		if strings.HasPrefix(e.Location, location) {
			return
		}
	}
	t.Errorf("no error names %s: %s", location, a.Body)
}

func TestAPIWithoutATokenTellsNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *site) {
		l := s.CreateLink(t, `{"name": "Secret", `+FortyNine+`}`)
		ExpectStatus(t, "no token", Send(t, "GET", s.URL+"/api/v1/links/"+l.ID, "e2e", "", "", ""), http.StatusUnauthorized)
		ExpectStatus(t, "unknown link", s.API(t, "GET", "/links/lnk_nowhere", ""), http.StatusNotFound)
	})
}
