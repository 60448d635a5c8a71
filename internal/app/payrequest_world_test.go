package app

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/app/server"
	"smartlinks/internal/app/store"
	"smartlinks/internal/business"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment/sandbox"
)

// merchant is a business that comes from PayRequest, on a whole server that answers
// over HTTP, with a system of its own that hears callbacks and webhooks.
type merchant struct {
	t     *testing.T
	srv   *server.Server
	b     business.Business
	url   string
	token string
	shop  string
	heard chan heard
}

// heard is what the merchant's system was posted.
type heard struct {
	path   string
	header http.Header
	body   []byte
}

// merchants runs a test on a server over each engine.
func merchants(t *testing.T, test func(t *testing.T, m *merchant)) {
	run := func(name string, database func(t *testing.T) string) {
		t.Run(name, func(t *testing.T) {
			m := &merchant{t: t, heard: make(chan heard, 20)}
			c := server.Flags{Location: store.Location{Data: t.TempDir(), Database: database(t)}, Addr: "127.0.0.1:0", Sandbox: true, RateLimits: "on", WebhooksAllowPrivate: true}
			var err error
			if m.srv, err = c.Open(t.Context(), slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = m.srv.Close() })
			go func() { _ = m.srv.HTTP.Serve(m.srv.Listener) }()
			m.url = m.srv.System.Addresses.Origin()
			if m.b, err = m.srv.System.Businesses.Create(t.Context(), business.Draft{Name: "Acme", Handle: "acme"}); err != nil {
				t.Fatal(err)
			}
			if _, m.token, err = m.srv.System.Accounts.CreateToken(t.Context(), m.b.ID, "WHMCS", []account.Scope{account.All}); err != nil {
				t.Fatal(err)
			}
			shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				m.heard <- heard{r.URL.Path, r.Header, body}
			}))
			t.Cleanup(shop.Close)
			m.shop = shop.URL
			test(t, m)
		})
	}
	run("sqlite", func(*testing.T) string { return "" })
	run("postgresql", func(t *testing.T) string { return dbtest.NewPostgres(t) })
}

// ask sends JSON with the token, and reads the answer into the documented shape,
// strictly.
func (m *merchant) ask(status int, method, path string, body, into any) {
	m.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		m.t.Fatal(err)
	}
	q, err := http.NewRequestWithContext(m.t.Context(), method, m.url+path, bytes.NewReader(text))
	if err != nil {
		m.t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+m.token)
	if body != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		m.t.Fatal(err)
	}
	defer r.Body.Close()
	answer, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != status {
		m.t.Fatalf("%s %s: %d, want %d: %v %s", method, path, r.StatusCode, status, err, answer)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(answer, into); err != nil {
		m.t.Fatalf("%s %s: %v in %s", method, path, err, answer)
	}
}

// pays opens a page as a payer with a browser of their own, and ends at the sandbox.
func (m *merchant) pays(page string, outcome sandbox.Outcome) (status int) {
	m.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		m.t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	post := func(to string, form url.Values) *http.Response {
		q, err := http.NewRequestWithContext(m.t.Context(), "POST", to, strings.NewReader(form.Encode()))
		if err != nil {
			m.t.Fatal(err)
		}
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		q.Header.Set("Sec-Fetch-Site", "same-origin")
		r, err := browser.Do(q)
		if err != nil {
			m.t.Fatal(err)
		}
		_ = r.Body.Close()
		return r
	}
	r := post(page, url.Values{"name": {"Ann Jansen"}, "email": {"ann@example.com"}})
	if r.StatusCode == http.StatusSeeOther {
		if decided := post(r.Header.Get("Location"), url.Values{"outcome": {string(outcome)}}); decided.StatusCode != http.StatusSeeOther {
			m.t.Fatalf("the sandbox: %d", decided.StatusCode)
		}
		if err := m.srv.System.Settle(m.t.Context()); err != nil {
			m.t.Fatal(err)
		}
	}
	return r.StatusCode
}

// hears waits for what the merchant's system is posted next.
func (m *merchant) hears() heard {
	m.t.Helper()
	select {
	case h := <-m.heard:
		return h
	case <-time.After(30 * time.Second):
		m.t.Fatal("the merchant's system heard nothing")
		return heard{}
	}
}

// silent fails when the merchant's system is posted anything that is due.
func (m *merchant) silent(after string) {
	m.t.Helper()
	if err := m.srv.System.Webhooks.PostDue(m.t.Context()); err != nil {
		m.t.Fatal(err)
	}
	if len(m.heard) > 0 {
		h := <-m.heard
		m.t.Errorf("after %s came %s %s", after, h.path, h.body)
	}
}
