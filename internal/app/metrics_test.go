package app

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestWhoMayReadTheMetrics(t *testing.T) {
	for _, c := range []struct {
		token, peer string
		header      map[string]string
		may         bool
	}{
		{"", "127.0.0.1:4000", nil, true},
		{"", "[::1]:4000", nil, true},
		{"", "10.1.2.3:4000", nil, true},
		{"", "203.0.113.7:4000", nil, false},
		{"", "127.0.0.1:4000", map[string]string{"X-Forwarded-For": "203.0.113.7"}, false},
		{"", "127.0.0.1:4000", map[string]string{"Forwarded": "for=203.0.113.7"}, false},
		{"secret", "127.0.0.1:4000", nil, false},
		{"secret", "203.0.113.7:4000", map[string]string{"Authorization": "Bearer secret"}, true},
		{"secret", "203.0.113.7:4000", map[string]string{"Authorization": "Bearer secrets"}, false},
		{"secret", "203.0.113.7:4000", map[string]string{"Authorization": "secret"}, false},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil)
		r.RemoteAddr = c.peer
		for name, value := range c.header {
			r.Header.Set(name, value)
		}
		if may := mayScrape(r, c.token); may != c.may {
			t.Errorf("%+v: may read is %v", c, may)
		}
	}
}
