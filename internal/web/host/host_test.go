package host_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/business"
	"smartlinks/internal/web/host"
)

// handler is an installation at pay.example where acme has pay.acme.example and zenith
// pay.zenith.example.
func handler() http.Handler {
	own := map[string]business.ID{"pay.acme.example": "biz_acme", "pay.zenith.example": "biz_zenith"}
	return host.Handler(host.Config{
		Addresses: addresstest.Book(), Find: func(name string) (business.ID, bool) { id, is := own[name]; return id, is },
		Installation: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, is := host.Of(r); is {
				w.WriteHeader(http.StatusTeapot)
			}
			_, _ = w.Write([]byte("installation"))
		}),
		Domain: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			at, _ := host.Of(r)
			_, _ = w.Write([]byte(string(at.Business) + " " + at.Host))
		}),
	})
}

func TestTheHostDecides(t *testing.T) {
	for name, want := range map[string]string{
		"pay.example": "installation", "PAY.example.:443": "installation", "pay.example:8443": "installation",
		"localhost:8080": "installation", "x.localhost": "installation", "127.0.0.1:8080": "installation", "[::1]:8080": "installation", "203.0.113.7": "installation", "smartlinks": "installation", "": "installation",
		"pay.acme.example": "biz_acme pay.acme.example", "Pay.Acme.Example.:443": "biz_acme pay.acme.example",
		"evil.example": "", "x.pay.example": "", "pay.example.evil.example": "", "pay.acme.example.evil.example": "", "xpay.acme.example": "", "acme.example": "",
		"pay.example@evil.example": "", "127.0.0.1.evil.example": "", "evil.example:pay.example": "", "pay.acme.example..": "",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = name
		r.Header.Set("X-Forwarded-Host", "pay.zenith.example")
		w := httptest.NewRecorder()
		handler().ServeHTTP(w, r)
		if want == "" && w.Code != http.StatusMisdirectedRequest || want != "" && w.Body.String() != want {
			t.Errorf("%q: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestHealthIsToldToEverybody(t *testing.T) {
	for path, code := range map[string]int{"/healthz": 200, "/readyz": 200, "/healthz/": 421, "/metrics": 421, "//healthz": 421} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host, r.URL.Path = "evil.example", path
		w := httptest.NewRecorder()
		handler().ServeHTTP(w, r)
		if w.Code != code {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// One name's connection must not carry another's requests (domain fronting).
func TestTheConnectionIsForTheSameName(t *testing.T) {
	for _, c := range []struct {
		asked, host string
		fine        bool
	}{
		{"pay.acme.example", "pay.acme.example", true}, {"PAY.acme.example", "pay.acme.example:443", true}, {"pay.example", "pay.example", true},
		{"", "pay.example", true}, {"", "127.0.0.1", true}, {"pay.example", "localhost", true},
		{"pay.acme.example", "pay.zenith.example", false}, {"pay.acme.example", "pay.example", false}, {"pay.example", "pay.acme.example", false},
		{"", "pay.acme.example", false}, {"pay.acme.example", "127.0.0.1", false}, {"evil.example", "pay.example", false}, {"evil.example", "pay.acme.example", false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host, r.TLS = c.host, &tls.ConnectionState{ServerName: c.asked}
		w := httptest.NewRecorder()
		handler().ServeHTTP(w, r)
		if (w.Code == 200) != c.fine {
			t.Errorf("connected to %q, asked for %q: %d", c.asked, c.host, w.Code)
		}
	}
}
