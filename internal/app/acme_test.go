package app

import (
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

func TestACertificateNeedsAName(t *testing.T) {
	secure, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer secure.Close()
	for text, fine := range map[string]bool{
		"https://pay.example.com": true, "https://pay.example.com:8443": true,
		"http://pay.example.com": false, "https://192.0.2.1": false, "https://[2001:db8::1]": false,
	} {
		public, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		c, err := acmeFlags{HTTPAddr: "127.0.0.1:0"}.openCertificates(public, secure, t.TempDir(), slog.New(slog.DiscardHandler))
		if (err == nil) != fine {
			t.Errorf("%s: %v", text, err)
		}
		if c != nil {
			if err := c.close(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestPlainHTTPLeadsToThePublicAddress(t *testing.T) {
	public := &url.URL{Scheme: "https", Host: "pay.example.com"}
	for asked, want := range map[string]string{
		"/": "https://pay.example.com/", "/acme/12,50?x=%2F": "https://pay.example.com/acme/12,50?x=%2F",
		"//evil.example/x": "https://pay.example.com//evil.example/x", "/a%2Fb": "https://pay.example.com/a%2Fb",
	} {
		r := httptest.NewRequest(http.MethodGet, "http://other.example/", nil)
		u, err := url.ParseRequestURI(asked)
		if err != nil {
			t.Fatal(err)
		}
		r.URL, r.Host = u, "other.example"
		w := httptest.NewRecorder()
		toHTTPS(public).ServeHTTP(w, r)
		if got := w.Header().Get("Location"); w.Code != http.StatusMovedPermanently || got != want {
			t.Errorf("%s: %d to %s, want %s", asked, w.Code, got, want)
		}
	}
}
