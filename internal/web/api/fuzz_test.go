package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/api"
)

// Whatever stands in a query, as a cursor, a filter, an amount or a time, and
// whatever If-Match and Idempotency-Key say: no operation fails of itself.
func FuzzNoQueryIsAnError(f *testing.F) {
	s := newSiteFor(f, dbtest.SQLite(f), func(*api.Config) {})
	id := s.must(201, "POST", "/links", early).at("id")
	s.must(201, "POST", "/links", `{"name": "Second", "amount": {"value": "1.00", "currency": "EUR"}}`)
	cursor := s.must(200, "GET", "/links?limit=1", "").at("next_cursor")
	paths := []string{"/links/" + id, "/links/" + id + "/activity", "/links/" + id + "/analytics", "/links/" + id + "/batches"}
	for _, o := range s.operations() {
		if o.method == http.MethodGet && !strings.Contains(o.path, "{") {
			paths = append(paths, o.path)
		}
	}
	slices.Sort(paths)
	for _, query := range []string{
		"cursor=" + cursor, "cursor=" + cursor[:len(cursor)-3], "cursor=eyJzIjoiIiwiayI6IiIsImkiOiIifQ", "cursor=e30", "cursor=bnVsbA", "cursor=%00", "cursor=%ff", "cursor=9223372036854775808", "cursor=-1", "cursor=1,2",
		"limit=0", "limit=1e9", "from=0000-00-00&to=9999-12-31", "from=-1", "from=2026-02-30T25:61:61Z", "q=%25_%5c'\"", "q=" + strings.Repeat("a", 5000), "sort=-nothing", "status=,,,", "tags=%00,%ff", "description=%ff", "customer_id=../x", "%zz", ";", "",
	} {
		for at := range paths {
			f.Add(uint8(at), query, `"1"`, "key")
		}
	}
	for _, match := range []string{"", "*", `W/"1"`, `""`, `"`, `"-1"`, `"01"`, `"9223372036854775808"`, "1, 2", `"1" `} {
		f.Add(uint8(0), "", match, match)
	}
	f.Fuzz(func(t *testing.T, at uint8, query, match, key string) {
		for _, method := range []string{http.MethodGet, http.MethodPatch, http.MethodPost} {
			path := paths[int(at)%len(paths)]
			r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(`{"notes": "x"}`))
			r.URL.RawQuery = query
			r.Header = http.Header{"Authorization": {"Bearer " + s.token}, "Content-Type": {"application/json"}, "If-Match": {match}, "Idempotency-Key": {key}}
			w := httptest.NewRecorder()
			s.handler.ServeHTTP(w, r)
			if w.Code >= 500 {
				t.Fatalf("%s %s?%s, If-Match %q, key %q: %d %s", method, path, query, match, key, w.Code, w.Body)
			}
		}
	})
}

// Whatever bytes a program sends as a token or a body.
func FuzzNoBodyIsAnError(f *testing.F) {
	s := newSiteFor(f, dbtest.SQLite(f), func(*api.Config) {})
	var paths []string
	for _, o := range s.operations() {
		if o.method == http.MethodPost && !strings.Contains(o.path, "{") {
			paths = append(paths, o.path)
		}
	}
	slices.Sort(paths)
	for _, body := range []string{
		early, "{}", "null", "[]", `"x"`, `{"name": "\u0000"}`, `{"name": "\ud800"}`, `{"name": "x", "amount": {"value": "1e400", "currency": "EUR"}}`, `{"amount": {"value": 49.00}}`, `{"amount": 49.000000000000000001, "description": "x"}`, `{"amount": 1e999}`, `{"amount": 92233720368547758.08, "description": "x"}`,
		`{"limit": {"kind": "multiple", "max": 1e18}}`, `{"links": [` + strings.Repeat("{},", 50) + `{}]}`, strings.Repeat(`{"a":`, 5000), `{"name": "x"}{"name": "y"}`, `{"name": "x", "name": "y"}`, "\xff\xfe", `{"advance": "9999999h"}`, `{"url": "http://[::1%25]:99999/"}`,
	} {
		for at := range paths {
			f.Add(uint8(at), body, "application/json", "")
		}
	}
	f.Add(uint8(0), early, "text/plain; charset=\"", "Bearer \x00")
	f.Add(uint8(0), early, "application/cbor", "bearer")
	f.Fuzz(func(t *testing.T, at uint8, body, kind, authorization string) {
		path := paths[int(at)%len(paths)]
		if authorization == "" {
			authorization = "Bearer " + s.token
		}
		r := httptest.NewRequest(http.MethodPost, "/api/v1"+path, strings.NewReader(body))
		r.Header = http.Header{"Authorization": {authorization}, "Content-Type": {kind}, "Accept": {kind}}
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("POST %s %q as %q: %d %s", path, body, kind, w.Code, w.Body)
		}
		if to := w.Header().Get("Location"); to != "" {
			if u, err := url.Parse(to); err != nil || u.IsAbs() || !strings.HasPrefix(to, "/api/v1/") {
				t.Fatalf("POST %s %q leads to %q", path, body, to)
			}
		}
	})
}
