package guard_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAProxyThatIsNotConfiguredIsToldOnce(t *testing.T) {
	const unnamed, scheme = "a proxy is not trusted", "the proxy serves https"
	for _, c := range []struct {
		name, url, peer string
		header          []string
		want            string // in the log, "" for nothing
	}{
		{"a private proxy that is not named", "https://pay.example.com", "192.168.1.7:80", []string{"X-Forwarded-For", "203.0.113.5"}, unnamed},
		{"one on this machine", "https://pay.example.com", "[::1]:80", []string{"X-Forwarded-For", "203.0.113.5"}, unnamed},
		{"a named one", "https://pay.example.com", "10.1.2.3:80", []string{"X-Forwarded-For", "203.0.113.5", "X-Forwarded-Proto", "https"}, ""},
		{"https before http", "http://pay.example.com", "10.1.2.3:80", []string{"X-Forwarded-For", "203.0.113.5", "X-Forwarded-Proto", "https"}, scheme},
		{"a stranger who writes the header", "https://pay.example.com", "203.0.113.9:80", []string{"X-Forwarded-For", "203.0.113.5"}, ""},
		{"nobody between", "https://pay.example.com", "192.168.1.7:80", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log bytes.Buffer
			g := mustGuard(t, c.url, &log)
			h := g.Protect(area(), http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			for range 3 {
				r := request(http.MethodGet, "/", c.header...)
				r.RemoteAddr = c.peer
				h.ServeHTTP(httptest.NewRecorder(), r)
			}
			want := 0
			if c.want != "" {
				want = 1
			}
			if n := strings.Count(log.String(), "level=WARN"); n != want || !strings.Contains(log.String(), c.want) {
				t.Errorf("logged %d warnings, want %d with %q:\n%s", n, want, c.want, log.String())
			}
		})
	}
}
