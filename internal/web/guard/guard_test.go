package guard_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/clock"
	"smartlinks/internal/web/guard"
)

func mustGuard(t *testing.T, address string, log io.Writer) *guard.Guard {
	t.Helper()
	g, err := guard.New(guard.Config{
		Addresses: addresstest.At(address), TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, Clock: clock.System(),
		Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// area answers 403 and 500 in words that tests can tell apart.
func area() guard.Area {
	return guard.Area{
		Name: "test", Policy: guard.PayerPolicy,
		Refuse: func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "foreign", http.StatusForbidden) },
		Fail:   func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "sorry", http.StatusInternalServerError) },
	}
}

func request(method, target string, header ...string) *http.Request {
	r := httptest.NewRequestWithContext(context.Background(), method, target, http.NoBody)
	r.RemoteAddr = "10.1.2.3:4711"
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func TestAGuardNeedsAddresses(t *testing.T) {
	if _, err := guard.New(guard.Config{}); err == nil {
		t.Error("none are accepted")
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	g := mustGuard(t, "https://pay.example.com", io.Discard)
	own := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
	for _, c := range []struct {
		method string
		header []string
		status int
	}{
		{http.MethodPost, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{http.MethodPost, []string{"Sec-Fetch-Site", "same-site"}, 403},
		{http.MethodPost, []string{"Origin", "https://evil.example"}, 403},
		{http.MethodPost, []string{"Origin", "null"}, 403},
		{http.MethodPost, []string{"Sec-Fetch-Site", "same-origin"}, 204},
		{http.MethodPost, nil, 204}, // no browser
		// The proxy rewrote Host, so our own page looks foreign.
		{http.MethodPost, []string{"Origin", "https://pay.example.com"}, 204},
		{http.MethodPost, []string{"Origin", "https://pay.example.com", "Sec-Fetch-Site", "cross-site"}, 204},
		{http.MethodGet, []string{"Sec-Fetch-Site", "cross-site"}, 204},
	} {
		w := httptest.NewRecorder()
		g.Protect(area(), http.HandlerFunc(own)).ServeHTTP(w, request(c.method, "http://inside:8080/x", c.header...))
		if w.Code != c.status {
			t.Errorf("%s %v: %d, want %d", c.method, c.header, w.Code, c.status)
		}
	}
	foreign := area()
	foreign.Foreign = true
	w := httptest.NewRecorder()
	g.Protect(foreign, http.HandlerFunc(own)).ServeHTTP(w, request(http.MethodPost, "/hooks", "Sec-Fetch-Site", "cross-site"))
	if w.Code != http.StatusNoContent {
		t.Errorf("a hook: %d", w.Code)
	}
}

func TestEveryAnswerHasItsHeaders(t *testing.T) {
	for address, hsts := range map[string]string{"https://pay.example.com": "max-age=63072000", "http://127.0.0.1:8080": ""} {
		g := mustGuard(t, address, io.Discard)
		w := httptest.NewRecorder()
		g.Protect(area(), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin") // a room knows better
		})).ServeHTTP(w, request(http.MethodGet, "/"))
		for name, want := range map[string]string{
			"Content-Security-Policy": guard.PayerPolicy, "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "strict-origin-when-cross-origin", "Strict-Transport-Security": hsts, "Cross-Origin-Resource-Policy": "cross-origin",
		} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", address, name, got, want)
			}
		}
	}
}

func TestAPanicIsAnErrorPageAndALineInTheLog(t *testing.T) {
	var log bytes.Buffer
	g := mustGuard(t, "https://pay.example.com", &log)
	w := httptest.NewRecorder()
	g.Protect(area(), http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("no luck") })).
		ServeHTTP(w, request(http.MethodGet, "/acme?email=jonas@example.com"))
	if w.Code != http.StatusInternalServerError || !strings.Contains(w.Body.String(), "sorry") {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "no luck") || !strings.Contains(log.String(), "guard_test.go") {
		t.Errorf("the log has no cause or no stack: %s", &log)
	}
}

// Half a page must not look whole: the connection is cut.
func TestAPanicWithinAnAnswerCutsIt(t *testing.T) {
	g := mustGuard(t, "https://pay.example.com", io.Discard)
	server := httptest.NewServer(g.Protect(area(), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "half")
		panic("no luck")
	})))
	defer server.Close()
	answer, err := server.Client().Get(server.URL)
	if err == nil {
		_, err = io.ReadAll(answer.Body)
		_ = answer.Body.Close()
	}
	if err == nil {
		t.Error("the answer looks whole")
	}
}

func TestTheLogKeepsSecretsToItself(t *testing.T) {
	var log bytes.Buffer
	g := mustGuard(t, "https://pay.example.com", &log)
	h := g.Protect(area(), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "12345") }))
	for _, target := range []string{"/acme/sale?name=Jonas&email=jonas@example.com", "/pay/pay_secret", "/pay/pay_secret/status", "/sandbox/sbx_secret", "/r/secret"} {
		h.ServeHTTP(httptest.NewRecorder(), request(http.MethodGet, target, "X-Forwarded-For", "203.0.113.77", "Cookie", "visit-x=secret", "Referer", "https://x/?secret"))
	}
	for _, secret := range []string{"Jonas", "jonas", "secret", "203.0.113.77", "10.1.2.3"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log tells %q:\n%s", secret, &log)
		}
	}
	for _, told := range []string{"path=/acme/sale ", "status=200", "bytes=5", "ip=203.0.113.xxx", "method=GET"} {
		if !strings.Contains(log.String(), told) {
			t.Errorf("the log lacks %q:\n%s", told, &log)
		}
	}
}

func TestReadingIsLoggedQuietly(t *testing.T) {
	for _, c := range []struct {
		method string
		status int
		level  string
	}{{"GET", 200, "DEBUG"}, {"HEAD", 304, "DEBUG"}, {"GET", 404, "INFO"}, {"POST", 303, "INFO"}, {"GET", 503, "WARN"}} {
		var log bytes.Buffer
		mustGuard(t, "https://pay.example.com", &log).
			Protect(area(), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(c.status) })).
			ServeHTTP(httptest.NewRecorder(), request(c.method, "/"))
		if !strings.Contains(log.String(), "level="+c.level) {
			t.Errorf("%s %d: %s", c.method, c.status, &log)
		}
	}
}

func TestTheClientIsWhoTheTrustedProxySays(t *testing.T) {
	g := mustGuard(t, "https://pay.example.com", io.Discard)
	for _, c := range []struct{ remote, forwarded, want, masked string }{
		{"10.1.2.3:1", "198.51.100.7", "198.51.100.7", "198.51.100.xxx"},
		{"10.1.2.3:1", "6.6.6.6, 198.51.100.7", "198.51.100.7", "198.51.100.xxx"},
		{"192.0.2.9:1", "198.51.100.7", "192.0.2.9", "192.0.2.xxx"}, // not our proxy
		{"[2001:db8:1:2::3]:1", "", "2001:db8:1:2::3", "2001:db8:1::xxx"},
		{"@", "", "invalid IP", ""},
	} {
		var got netip.Addr
		var masked string
		r := request(http.MethodGet, "/", "X-Forwarded-For", c.forwarded)
		r.RemoteAddr = c.remote
		g.Protect(area(), http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			got, masked = guard.ClientIP(r), guard.MaskedIP(r)
		})).ServeHTTP(httptest.NewRecorder(), r)
		if got.String() != c.want || masked != c.masked {
			t.Errorf("%+v: %s, %s", c, got, masked)
		}
	}
}

func TestBodiesAndTimeAreBounded(t *testing.T) {
	g := mustGuard(t, "https://pay.example.com", io.Discard)
	a := area()
	a.MaxBody, a.Timeout = 10, time.Minute
	r := request(http.MethodPost, "/")
	r.Body = io.NopCloser(strings.NewReader("more than ten bytes"))
	g.Protect(a, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		var large *http.MaxBytesError
		if !errors.As(err, &large) {
			t.Errorf("a large body: %v", err)
		}
		if _, bounded := r.Context().Deadline(); !bounded {
			t.Error("no deadline")
		}
	})).ServeHTTP(httptest.NewRecorder(), r)
}

// What net/http says itself names clients.
func TestTheServersOwnErrorsNameNobody(t *testing.T) {
	var log bytes.Buffer
	untimed := func(_ []string, a slog.Attr) slog.Attr { // the numbers below may stand in a time
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}
	server := guard.Server(http.NotFoundHandler(), slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: untimed})))
	for _, said := range []string{
		"http: TLS handshake error from 203.0.113.77:4711: EOF", "http: TLS handshake error from [2001:db8:1:2::77]:4711: EOF",
		"http: TLS handshake error from [fe80::77%eth0]:4711: EOF", "http2: 203.0.113.77 went away",
	} {
		server.ErrorLog.Print(said)
	}
	if strings.Contains(log.String(), "77") || strings.Contains(log.String(), "4711") || !strings.Contains(log.String(), "from 203.0.113.xxx: EOF") || !strings.Contains(log.String(), "from 2001:db8:1::xxx: EOF") {
		t.Errorf("the log says\n%s", &log)
	}
}

// Whoever sends headers without end, or slowly, holds a connection and little else.
func TestHeadersAreBounded(t *testing.T) {
	server := httptest.NewUnstartedServer(nil)
	server.Config = guard.Server(http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	server.Start()
	defer server.Close()
	for size, want := range map[int]int{8 << 10: http.StatusNotFound, 64 << 10: http.StatusRequestHeaderFieldsTooLarge} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Cookie", strings.Repeat("x", size))
		answer, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("headers of %d bytes: %d, want %d", size, answer.StatusCode, want)
		}
	}
	if c := server.Config; c.ReadHeaderTimeout > 10*time.Second || c.ReadHeaderTimeout == 0 || c.ReadTimeout > time.Minute || c.ReadTimeout == 0 || c.WriteTimeout == 0 || c.IdleTimeout == 0 {
		t.Errorf("a slow client has %v for headers, %v for a request", c.ReadHeaderTimeout, c.ReadTimeout)
	}
}
