package app

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/app/server"
	"smartlinks/internal/business"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/web/ui"
)

// whole is a whole server at https://pay.example with one business, behind a
// proxy at 192.0.2.1, and what it writes to its log.
type whole struct {
	t *testing.T
	*server.Server
	once    sync.Once
	log     safeBuffer
	cookies map[string]string
	b       business.Business
	token   string
}

// safeBuffer is a bytes.Buffer for several writers.
type safeBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

const (
	ownersEmail    = "marit@atelier.example"
	ownersPassword = "zephyr quilt harbour"
)

func mustWhole(t *testing.T, testMode bool) *whole {
	t.Helper()
	return mustWholeOn(t, testMode, "")
}

// ask sends a request as a browser of a visitor at 203.0.113.77 does; a form
// makes it a POST. Cookies are kept.
func (w *whole) ask(method, target string, form url.Values, header ...string) *httptest.ResponseRecorder {
	w.t.Helper()
	var body io.Reader = http.NoBody
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequestWithContext(w.t.Context(), method, target, body)
	r.RemoteAddr, r.Host = "192.0.2.1:4711", "pay.example"
	r.Header.Set("X-Forwarded-For", "203.0.113.77")
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for name, value := range w.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
			continue
		}
		r.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	w.HTTP.Handler.ServeHTTP(answer, r)
	for _, c := range answer.Result().Cookies() {
		w.cookies[c.Name] = c.Value
	}
	return answer
}

func (w *whole) signIn() {
	w.t.Helper()
	if got := w.ask("POST", "/sign-in", url.Values{"email": {ownersEmail}, "password": {ownersPassword}}); got.Code != http.StatusSeeOther {
		w.t.Fatalf("signing in: %d", got.Code)
	}
}

// pay starts a payment of the link and returns its page and its checkout.
func (w *whole) pay() (page, checkout string) {
	w.t.Helper()
	got := w.ask("POST", "/atelier/seat", url.Values{"name": {"Quirin Vandersloot"}, "email": {"quirin@sloot.example"}, "notes": {"a note for nobody"}})
	checkout, ours := strings.CutPrefix(got.Header().Get("Location"), "https://pay.example")
	if got.Code != http.StatusSeeOther || !ours {
		w.t.Fatalf("paying: %d, %q", got.Code, got.Header().Get("Location"))
	}
	got = w.ask("POST", checkout, url.Values{"outcome": {string(sandbox.Paid)}})
	page, _ = strings.CutPrefix(got.Header().Get("Location"), "https://pay.example")
	if !strings.HasPrefix(page, "/pay/") {
		w.t.Fatalf("deciding: %d, %q", got.Code, got.Header().Get("Location"))
	}
	return page, checkout
}

// addresses are some of each kind that the server answers, also with errors.
func (w *whole) addresses(page, checkout string) []string {
	return []string{
		"/", "/setup", "/sign-in", "/sign-in/forgot", "/sign-in/password?token=x", "/sign-in/invitation?token=x", "/sign-in/code", "/nothing", "/dashboard", "/dashboard/atelier",
		"/dashboard/atelier/links", "/dashboard/atelier/links.csv", "/dashboard/atelier/settings/email", "/dashboard/nobody", "/dashboard/atelier/account", "/dashboard/%00",
		"/api/docs", "/api/v1/openapi.json", "/api/v1/links", "/api/v1/nothing", "/api/nothing", "/mailbox", "/mailbox.json", "/mailbox/x",
		"/atelier", "/atelier/seat", "/atelier/seat/qr.svg", "/atelier/seat/qr.png", "/atelier/49", "/atelier/nothing", "/atelier/shop", "/nobody", "/%00", "/%2e%2e/%2e%2e", "//twice//", "/atelier/../x",
		page, page + "/status", page + "/receipt", checkout, "/pay/x", "/sandbox/x", "/r/x", "/s/x", "/images/x/y", "/images/x/look.css",
		"/hooks/stripe/x", "/hooks/sms/twilio/x", "/healthz", "/readyz", "/metrics", "/static/nothing", ui.Asset("app.css"), "/brand/nothing", "/robots.txt", "/favicon.ico",
	}
}

func TestEveryAnswerOfTheServerHasItsHeaders(t *testing.T) {
	w := mustWhole(t, true)
	page, checkout := w.pay()
	for _, signedIn := range []bool{false, true} {
		if signedIn {
			w.signIn()
		}
		for _, target := range w.addresses(page, checkout) {
			for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"} {
				var form url.Values
				if method == "POST" {
					form = url.Values{}
				}
				got := w.ask(method, target, form, "Authorization", "Bearer "+w.token)
				h, at := got.Header(), method+" "+target
				if got.Code >= 500 && method != "PUT" {
					t.Errorf("%s: %d", at, got.Code)
				}
				policies := h.Values("Content-Security-Policy")
				if len(policies) != 1 || !strings.HasPrefix(policies[0], "default-src 'none'") || !strings.Contains(policies[0], "frame-ancestors") || !strings.Contains(policies[0], "base-uri 'none'") ||
					strings.Contains(policies[0], "unsafe-eval") || strings.Contains(policies[0], "http:") || strings.Contains(policies[0], "https:") ||
					strings.Contains(policies[0], "unsafe-inline") {
					t.Errorf("%s: policy %q", at, policies)
				}
				for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Strict-Transport-Security": "max-age=63072000"} {
					if h.Get(name) != want {
						t.Errorf("%s: %s is %q", at, name, h.Get(name))
					}
				}
				if !slices.Contains([]string{"strict-origin-when-cross-origin", "no-referrer"}, h.Get("Referrer-Policy")) {
					t.Errorf("%s: Referrer-Policy is %q", at, h.Get("Referrer-Policy"))
				}
				if h.Get("Access-Control-Allow-Origin") != "" || h.Get("Server") != "" || h.Get("X-Powered-By") != "" {
					t.Errorf("%s: %v", at, h)
				}
				for _, c := range got.Result().Cookies() {
					if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly && c.Name != "__Host-theme" || c.SameSite != http.SameSiteLaxMode && c.SameSite != http.SameSiteStrictMode || c.Domain != "" || c.Path != "/" {
						t.Errorf("%s sets %v", at, c)
					}
				}
				if private.MatchString(target) && !strings.Contains(h.Get("Cache-Control"), "no-store") && got.Code != http.StatusMovedPermanently && !(target == "/metrics" && got.Code == http.StatusNotFound) {
					t.Errorf("%s may be kept: %q", at, h.Get("Cache-Control"))
				}
			}
		}
	}
}

// private are the addresses whose answers nobody may keep.
var private = regexp.MustCompile(`^/(dashboard|sign-in|setup|api/v1/links|pay/|sandbox/|mailbox|s/|hooks/|metrics|readyz)`)

// spoofed is a host that is let in, because nobody can have it.
const spoofed = "evil-example"

var evil = regexp.MustCompile(`evil.example`)

// Absolute addresses come from the configuration.
func TestTheHostOfARequestLeadsNowhere(t *testing.T) {
	w := mustWhole(t, true)
	page, checkout := w.pay()
	for _, signedIn := range []bool{false, true} {
		if signedIn {
			w.signIn()
		}
		for _, target := range w.addresses(page, checkout) {
			if got := w.ask("GET", target, nil, "Host", "evil.example"); got.Code != http.StatusMisdirectedRequest && target != "/healthz" && target != "/readyz" {
				t.Errorf("%s of a host that is nobody's: %d", target, got.Code)
			}
			got := w.ask("GET", target, nil, "Host", spoofed, "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "gopher", "Forwarded", "host=evil.example", "X-Original-Url", "/evil.example",
				"Authorization", "Bearer "+w.token)
			for name, values := range got.Header() {
				if evil.MatchString(strings.Join(values, " ")) {
					t.Errorf("%s: %s: %q", target, name, values)
				}
			}
			if evil.MatchString(got.Body.String()) {
				t.Errorf("%s repeats the host", target)
			}
		}
	}
	w.ask("POST", "/sign-in/forgot", url.Values{"email": {ownersEmail}}, "Host", spoofed, "X-Forwarded-Host", "evil.example")
	if letter := w.letter("password"); !strings.Contains(letter, "https://pay.example/sign-in/password?token=") || evil.MatchString(letter) {
		t.Errorf("the mail leads to\n%s", letter)
	}
}

// letter is the newest mail that holds the word.
func (w *whole) letter(word string) string {
	w.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if err := w.System.Messages.SendDue(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
		all, err := mailbox.New(w.System.DB, false).List(w.t.Context(), mailbox.Filter{Limit: 50})
		if err != nil {
			w.t.Fatal(err)
		}
		for _, m := range all {
			if strings.Contains(m.Text, word) {
				return m.Text
			}
		}
	}
	w.t.Fatalf("no mail about %s", word)
	return ""
}

// A whole journey, heard by a log that tells all it can: who paid, by which
// secret somebody came in, and from where is not in it.
func TestTheLogOfAJourneyTellsNoSecret(t *testing.T) {
	w := mustWhole(t, true)
	w.ask("GET", "/atelier/seat?name=Quirin&email=quirin@sloot.example&utm_source=news", nil, "Referer", "https://mail.example/inbox/secretive")
	page, checkout := w.pay()
	w.ask("GET", page, nil)
	w.ask("GET", page+"/receipt", nil)
	w.ask("GET", checkout, nil)
	w.ask("POST", "/sign-in", url.Values{"email": {ownersEmail}, "password": {"a guess at it"}})
	w.ask("POST", "/sign-in/forgot", url.Values{"email": {ownersEmail}})
	reset := regexp.MustCompile(`token=([\w-]+)`).FindStringSubmatch(w.letter("password"))[1]
	w.ask("GET", "/sign-in/password?token="+reset, nil)
	w.signIn()
	w.ask("GET", "/dashboard/atelier/links?q=Vandersloot", nil)
	w.ask("GET", "/api/v1/payments?q=quirin@sloot.example", nil, "Authorization", "Bearer "+w.token)
	w.ask("GET", "/api/v1/payments", nil, "Authorization", "Bearer sl_wrongwrongwrong")
	w.ask("POST", "/hooks/sandbox/"+string(w.b.ID), url.Values{"id": {"forged-body"}}, sandbox.SignatureHeader, "t=1,v1=forgedsignature")
	w.ask("GET", "/hooks/sms/messagebird/"+string(w.b.ID)+"?report=reporttoken&originator=31612345678", nil)
	w.ask("GET", "/r/AbCdEfGhJkLm", nil)
	w.ask("POST", "/s/AbCdEfGhJkLm", url.Values{})
	w.ask("GET", "/metrics", nil, "Authorization", "Bearer a token for figures")
	log := w.log.String()
	if strings.Count(log, "msg=request") < 17 || !strings.Contains(log, "ip=203.0.113.xxx") {
		t.Fatalf("the log lacks requests:\n%s", log)
	}
	secrets := []string{
		"203.0.113.77", "192.0.2.1:", "Quirin", "quirin", "Vandersloot", "sloot.example", "a note for nobody", "secretive", ownersEmail, ownersPassword, "guess", reset, w.token, "wrongwrongwrong",
		"forged-body", "forgedsignature", "reporttoken", "31612345678", "AbCdEfGhJkLm", "a token for figures", strings.TrimPrefix(page, "/pay/"), strings.TrimPrefix(checkout, "/sandbox/"),
	}
	for _, value := range w.cookies {
		if len(value) > 20 {
			secrets = append(secrets, value)
		}
	}
	for _, secret := range secrets {
		for line := range strings.Lines(log) {
			if strings.Contains(line, secret) {
				t.Errorf("the log tells %q: %s", secret, line)
			}
		}
	}
}

// What lets anybody pay with play money, read mails or move the clock is not
// there where real money moves.
func TestNothingOfTestModeIsThereWithoutIt(t *testing.T) {
	w := mustWhole(t, false)
	w.signIn()
	for _, target := range []string{
		"/mailbox", "/mailbox.json", "/mailbox/x", "/mailbox/x/html", "/sandbox/x", "/api/v1/sandbox/clock", "/dashboard/atelier/test-clock", "/hooks/sandbox/" + string(w.b.ID),
	} {
		for _, method := range []string{"GET", "POST"} {
			var form url.Values
			if method == "POST" {
				form = url.Values{"advance": {"48h"}, "outcome": {"paid"}}
			}
			got := w.ask(method, target, form, "Authorization", "Bearer "+w.token)
			if got.Code != http.StatusNotFound && !(strings.HasPrefix(target, "/hooks/") && method == "POST" && got.Code == http.StatusBadRequest) {
				t.Errorf("%s %s: %d", method, target, got.Code)
			}
		}
	}
	if got := w.ask("POST", "/atelier/seat", url.Values{"name": {"Jonas"}, "email": {"jonas@example.com"}}); got.Code != http.StatusServiceUnavailable {
		t.Errorf("paying without a provider: %d", got.Code)
	}
}

// Who guesses can't be somebody new with every request by saying so.
func TestASpoofedAddressEscapesNoThrottle(t *testing.T) {
	for name, peer := range map[string]string{"not our proxy": "198.51.100.9:1", "our proxy": "192.0.2.1:1"} {
		w := mustWhole(t, true)
		guess := func(i int) int {
			r := httptest.NewRequestWithContext(t.Context(), "POST", "/sign-in", strings.NewReader(url.Values{"email": {"nobody" + strconv.Itoa(i) + "@example.com"}, "password": {"guess"}}.Encode()))
			r.RemoteAddr, r.Host = peer, "pay.example"
			for _, header := range []string{"X-Real-Ip", "Forwarded", "True-Client-Ip", "Cf-Connecting-Ip", "X-Client-Ip"} {
				r.Header.Set(header, "6.6.6."+strconv.Itoa(i))
			}
			r.Header.Set("X-Forwarded-For", "6.6.6."+strconv.Itoa(i))
			if peer == "192.0.2.1:1" { // the proxy adds whom it saw
				r.Header.Set("X-Forwarded-For", "6.6.6."+strconv.Itoa(i)+", 203.0.113.77")
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			answer := httptest.NewRecorder()
			w.HTTP.Handler.ServeHTTP(answer, r)
			return answer.Code
		}
		for i := range 30 {
			if got := guess(i); got != http.StatusUnprocessableEntity {
				t.Fatalf("%s: guess %d: %d", name, i, got)
			}
		}
		if got := guess(99); got != http.StatusTooManyRequests {
			t.Errorf("%s: after thirty guesses: %d", name, got)
		}
	}
}
