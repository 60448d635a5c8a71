package dashboard_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/customer"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// Whatever stands in the query of a page, as a cursor, an amount, a day or a way
// back: the page is shown, or says what is wrong.
func FuzzNoPageIsAnError(f *testing.F) {
	s := dashboardtest.New(f, dbtest.SQLite(f))
	acme := s.Business(f, "acme", "marit@example.com")
	l := s.Link(f, acme, link.Fields{Name: "Sale", Tags: tag.Named("VIP")})
	ann := s.Customer(f, acme, customer.Fields{Name: "Ann", Email: "ann@example.com"})
	s.Attempt(f, acme, l, "Ann", "ann@example.com", sandbox.Paid)
	b := s.SignedIn(f, "marit@example.com")
	base, err := url.Parse(s.URL)
	if err != nil {
		f.Fatal(err)
	}
	cookies := b.Jar.Cookies(base)
	replace := strings.NewReplacer("{handle}", "acme", "/links/{id}", "/links/"+string(l.ID), "/customers/{id}", "/customers/"+string(ann.ID), "{kind}", "link", "{$}", "", "{rest...}", "x")
	var pages []string
	for _, pattern := range s.Dashboard.Patterns() {
		path, get := strings.CutPrefix(pattern, "GET ")
		if path = replace.Replace(path); get && !strings.Contains(path, "{") && !strings.HasSuffix(path, "/live") {
			pages = append(pages, path)
		}
	}
	queries := []string{
		"", "cursor=%00", "cursor=%ff", "cursor=eyJzIjoiIn0", "cursor=bnVsbA", "cursor=-1", "min=1.500&max=1,500", "min=-1&max=1e9", "min=99999999999999999999", "from=2026-02-30&to=0000-00-00", "from=9999-12-31&to=1", "q=%25_%27%22%5c", "q=" + strings.Repeat("a", 3000),
		"sort=nothing&dir=up", "status=%00&tag=%ff", "next=//evil.example&token=%00", "amount=%D9%A4&currency=XXX&type=none&limit=x", "by=none&span=9999999d&days=-1", "product=x&customer=%2e%2e&back=https://evil.example", "as=%0d%0a", "%zz", ";&=", "must=x&path=%2f%2f&copy=1",
	}
	for at := range max(len(pages), len(queries)) { // every page once, and every query
		f.Add(uint16(at), queries[at%len(queries)])
	}
	f.Fuzz(func(t *testing.T, at uint16, query string) {
		page := pages[int(at)%len(pages)]
		r := httptest.NewRequest(http.MethodGet, page, nil)
		r.URL.RawQuery = query
		for _, c := range cookies {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		s.Config.Handler.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("GET %s?%s: %d", page, query, w.Code)
		}
		if to := w.Header().Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n")) {
			t.Fatalf("GET %s?%s leads to %q", page, query, to)
		}
	})
}
