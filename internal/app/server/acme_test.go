package server

import (
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"smartlinks/internal/address/addresstest"
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
		flags := acmeFlags{ACME: true, HTTPAddr: "127.0.0.1:0"}
		if err := flags.check(addresstest.At(text)); (err == nil) != fine {
			t.Errorf("%s: %v", text, err)
		}
		if !fine {
			continue
		}
		c, err := flags.openCertificates(addresstest.At(text), secure, t.TempDir(), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestPlainHTTPLeadsToThePublicAddress(t *testing.T) {
	public := addresstest.At("https://pay.example.com")
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
		toHTTPS(public, func(name string) bool { return name == "pay.acme.example" }).ServeHTTP(w, r)
		if got := w.Header().Get("Location"); w.Code != http.StatusMovedPermanently || got != want {
			t.Errorf("%s: %d to %s, want %s", asked, w.Code, got, want)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "http://pay.acme.example/sale?via=qr", nil)
	w := httptest.NewRecorder()
	toHTTPS(public, func(name string) bool { return name == "pay.acme.example" }).ServeHTTP(w, r)
	if got := w.Header().Get("Location"); w.Code != http.StatusFound || got != "https://pay.acme.example/sale?via=qr" {
		t.Errorf("an own domain: %d to %s", w.Code, got)
	}
}
