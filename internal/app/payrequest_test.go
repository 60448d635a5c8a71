package app

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	process "os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment/sandbox"
)

// merchant is a business that comes from PayRequest, on a whole server that answers
// over HTTP, with a system of its own that hears callbacks and webhooks.
type merchant struct {
	t     *testing.T
	srv   *server
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
			c := serveCommand{storeFlags: storeFlags{Data: t.TempDir(), Database: database(t)}, Addr: "127.0.0.1:0", Sandbox: true, RateLimits: "on", WebhooksAllowPrivate: true}
			var err error
			if m.srv, err = c.open(t.Context(), slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = m.srv.close() })
			go func() { _ = m.srv.http.Serve(m.srv.listener) }()
			m.url = m.srv.settings.Addresses.Origin()
			if m.b, err = m.srv.system.Businesses.Create(t.Context(), business.Draft{Name: "Acme", Handle: "acme"}); err != nil {
				t.Fatal(err)
			}
			if _, m.token, err = m.srv.system.Accounts.CreateToken(t.Context(), m.b.ID, "WHMCS", []account.Scope{account.All}); err != nil {
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
		if err := m.srv.system.Settle(m.t.Context()); err != nil {
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
	if err := m.srv.system.Webhooks.PostDue(m.t.Context()); err != nil {
		m.t.Fatal(err)
	}
	if len(m.heard) > 0 {
		h := <-m.heard
		m.t.Errorf("after %s came %s %s", after, h.path, h.body)
	}
}

// granted is the loop that PayRequest documents: who is found is let in.
func (m *merchant) granted(description string) bool {
	m.t.Helper()
	var r struct {
		Success bool
		Data    []struct {
			ID, Status, Description, Currency string
			Amount                            float64
		}
	}
	m.ask(200, "GET", "/api/v1/payments?status=paid&description="+url.QueryEscape(description), nil, &r)
	if !r.Success {
		m.t.Error("no success")
	}
	return len(r.Data) > 0
}

func TestTheLoopOfPayRequestLetsNobodyInWhoHasNotPaid(t *testing.T) {
	merchants(t, func(t *testing.T, m *merchant) {
		var on struct{ PayRequest bool }
		if m.ask(200, "PATCH", "/api/v1/business", map[string]any{"payrequest": true}, &on); !on.PayRequest {
			t.Fatal("the switch stays off")
		}
		var made struct {
			Success bool
			Data    struct{ ID, URL string }
		}
		m.ask(201, "POST", "/api/v1/payment-links", map[string]any{"description": "Course 7", "amount": "49.00", "currency": "EUR"}, &made)
		for _, outcome := range []sandbox.Outcome{sandbox.Failed, sandbox.Canceled, sandbox.Expired, sandbox.Pending} {
			if m.pays(made.Data.URL, outcome); m.granted("course 7") {
				t.Errorf("let in after %s", outcome)
			}
		}
		if m.pays(made.Data.URL, sandbox.Paid); !m.granted("COURSE 7") || m.granted("Course 8") {
			t.Error("who paid is not let in, or somebody else is")
		}
		m.ask(422, "GET", "/api/v1/payments?status=succeeded&description=Course", nil, nil)
	})
}

// curl runs the real one, as PHP's libcurl sends a form.
func (m *merchant) curl(path string, fields ...string) (status, address string, raw string) {
	m.t.Helper()
	arguments := []string{"--silent", "--show-error", "--max-time", "30"}
	for _, f := range fields {
		arguments = append(arguments, "--data-urlencode", f)
	}
	out, err := process.CommandContext(m.t.Context(), "curl", append(arguments, m.url+path)...).Output()
	if err != nil {
		m.t.Fatalf("curl: %v", err)
	}
	var r struct {
		Status any
		URL    string
	}
	if err := json.Unmarshal(out, &r); err != nil {
		m.t.Fatalf("%v in %s", err, out)
	}
	return fmt.Sprint(r.Status), r.URL, string(out)
}

// invoice is the form of the WHMCS module.
func (m *merchant) invoice(title string, more ...string) []string {
	return append([]string{
		"token=" + m.token, "type=paymentlink", "title=" + title, "amount=49.00", "name=Ann Jansen", "email=ann@example.com", "description=Hosting for a year", "return=response",
		"response=https://billing.example.com/viewinvoice.php?id=" + title, "testmode=on", "website=https://billing.example.com", "callback=" + m.shop + "/callback.php",
	}, more...)
}

func TestTheWHMCSModuleIsPaidAndTold(t *testing.T) {
	if _, err := process.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	merchants(t, func(t *testing.T, m *merchant) {
		status, page, raw := m.curl("/create", m.invoice("1042")...)
		if status != "success" || !strings.HasPrefix(page, m.url+"/acme/link-1042-") {
			t.Fatal(raw)
		}
		if _, again, raw := m.curl("/create", m.invoice("1042")...); again != page {
			t.Errorf("the same call: %s", raw)
		}
		for _, other := range [][]string{m.invoice("1043"), m.invoice("1042", "amount=50.00"), m.invoice("1042", "email=bea@example.com"), m.invoice("1042", "currency=USD"), m.invoice("1042", "type=direct")} {
			if _, another, raw := m.curl("/create", other...); another == page || another == "" {
				t.Errorf("%q: %s", other[12:], raw)
			}
		}
		if code := m.pays(page, sandbox.Pending); code != http.StatusSeeOther {
			t.Fatalf("paying: %d", code)
		}
		m.silent("a pending payment")
		_, second, _ := m.curl("/create", m.invoice("1044", "response=")...)
		if code := m.pays(second, sandbox.Paid); code != http.StatusSeeOther {
			t.Fatalf("paying: %d", code)
		}
		h := m.hears()
		form, err := url.ParseQuery(string(h.body))
		if err != nil || h.path != "/callback.php" || h.header.Get("Content-Type") != "application/x-www-form-urlencoded" || len(form) != 4 ||
			form.Get("status") != "PAID" || form.Get("title") != "1044" || form.Get("link") != second || form.Get("amount") != "49.00" {
			t.Errorf("the callback: %s %v %s", h.path, h.header, h.body)
		}
		_, paid, raw := m.curl("/create", m.invoice("1044", "response=")...)
		if !strings.HasPrefix(paid, m.url+"/pay/pay_") {
			t.Fatalf("once it is paid: %s", raw)
		}
		r, err := http.Get(paid)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		if text, _ := io.ReadAll(r.Body); r.StatusCode != http.StatusOK || strings.Contains(string(text), `name="email"`) || !strings.Contains(string(text), "49.00") {
			t.Errorf("the page of what is paid: %d", r.StatusCode)
		}
		if code := m.pays(second, sandbox.Paid); code != http.StatusGone {
			t.Errorf("a link for one payment is paid twice: %d", code)
		}
		m.silent("a second payer who could not pay")
	})
}

func TestTheOldCallOfPayRequest(t *testing.T) {
	merchants(t, func(t *testing.T, m *merchant) {
		type answer struct{ Status, URL, Error string }
		call := func(status int, fields map[string]any) (a answer) {
			t.Helper()
			m.ask(status, "POST", "/api/create/", fields, &a)
			return a
		}
		old := map[string]any{"token": m.token, "id": 17, "title": "Ticket", "amount": "12,25", "type": "direct", "response": "https://shop.example.com/thanks"}
		made := call(200, old)
		if made.Status != "success" || call(200, old).URL != made.URL {
			t.Errorf("made: %+v", made)
		}
		old["amount"] = 12.25 // a number is the same amount
		if call(200, old).URL != made.URL {
			t.Error("a number makes another link")
		}
		if m.pays(made.URL, sandbox.Paid); !strings.Contains(call(200, old).URL, "/pay/") {
			t.Error("its paid page is not shown")
		}
		for field, wrong := range map[string]any{"amount": "1,500", "type": "subscription", "response": "javascript:alert(1)", "callback": "ftp://shop.example.com", "email": "ann", "testmode": "perhaps",
			"currency": "XXQ", "title": " "} {
			fields := map[string]any{"token": m.token, "title": "Wrong", "amount": "5", "type": "link", field: wrong}
			text, _ := json.Marshal(fields)
			r, err := http.Post(m.url+"/create", "application/json", bytes.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			var refused struct {
				Success *bool
				Errors  map[string][]string
			}
			err = json.NewDecoder(r.Body).Decode(&refused)
			_ = r.Body.Close()
			if err != nil || r.StatusCode != 422 || refused.Success == nil || *refused.Success || len(refused.Errors) != 1 || len(refused.Errors[field]) != 1 {
				t.Errorf("%s=%v: %d %+v %v", field, wrong, r.StatusCode, refused, err)
			}
		}
		var urls sync.Map
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				text, _ := json.Marshal(map[string]any{"token": m.token, "title": "At once", "amount": "5", "type": "link"})
				r, err := http.Post(m.url+"/create", "application/json", bytes.NewReader(text))
				if err != nil {
					t.Error(err)
					return
				}
				defer r.Body.Close()
				var a answer
				if err := json.NewDecoder(r.Body).Decode(&a); err != nil || a.Status != "success" {
					t.Errorf("at once: %d %v %+v", r.StatusCode, err, a)
				}
				urls.Store(a.URL, true)
			})
		}
		all.Wait()
		n := 0
		urls.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			t.Errorf("the same call at once made %d links", n)
		}
		m.token = "sl_unknown"
		r, err := http.Post(m.url+"/create", "", strings.NewReader("token=sl_unknown&title=x&amount=5"))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		if text, _ := io.ReadAll(r.Body); r.StatusCode != 401 || !strings.Contains(string(text), `"success":false`) {
			t.Errorf("without a token: %d %s", r.StatusCode, text)
		}
	})
}

func TestNobodyWhoTriesOutIsCharged(t *testing.T) {
	merchants(t, func(t *testing.T, m *merchant) {
		if err := m.srv.system.DB.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE businesses SET provider = 'mollie', provider_mode = 'live' WHERE id = $1`, m.b.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for _, on := range []any{true, "true", "on", "1", "yes", 1} {
			m.ask(422, "POST", "/create", map[string]any{"token": m.token, "title": "x", "amount": "5", "testmode": on}, nil)
		}
		for _, off := range []any{false, "", "off", "0", nil} {
			m.ask(200, "POST", "/create", map[string]any{"token": m.token, "title": "x", "amount": "5", "testmode": off}, nil)
		}
	})
}

func TestPaymentRequestsAreMadeAtTheRoot(t *testing.T) {
	merchants(t, func(t *testing.T, m *merchant) {
		type request struct {
			ID, URL, Status, Currency string
			Amount                    float64
			Customer                  struct{ ID, Email string }
			CreatedAt                 time.Time  `json:"created_at"`
			ExpiresAt                 *time.Time `json:"expires_at"`
			DueDate                   string     `json:"due_date"`
		}
		var made request
		m.ask(201, "POST", "/v1/payment-requests", map[string]any{
			"customer": map[string]any{"name": "Bea", "email": "bea@example.com"}, "amount": 120.5, "currency": "EUR", "description": "Invoice 7", "due_date": "2026-12-31", "delivery": []string{"email"},
			"reminders": map[string]any{"enabled": true, "cadence": "weekly", "max": 3},
		}, &made)
		if made.Status != "open" || made.Amount != 120.5 || made.Customer.Email != "bea@example.com" || made.Customer.ID == "" || made.DueDate != "2026-12-31" || made.CreatedAt.IsZero() {
			t.Errorf("made: %+v", made)
		}
		var l struct {
			Limit      struct{ Kind string }
			Deliveries []struct{ Channel, Address string }
			Reminders  struct {
				Frequency string
				Max       int
			}
		}
		m.ask(200, "GET", "/api/v1/links/"+made.ID, nil, &l)
		if l.Limit.Kind != "once" || len(l.Deliveries) != 1 || l.Deliveries[0].Address != "bea@example.com" || l.Reminders.Frequency != "weekly" || l.Reminders.Max != 3 {
			t.Errorf("its link: %+v", l)
		}
		m.ask(201, "POST", "/api/v1/payment-links", map[string]any{"description": "No request", "amount": 1}, nil)
		var list struct {
			Data  []request
			Total int
		}
		m.pays(made.URL, sandbox.Paid)
		for _, path := range []string{"/v1/payment-requests", "/api/v1/payment-requests?per_page=5&page=1"} {
			if m.ask(200, "GET", path, nil, &list); len(list.Data) != 1 || list.Total != 1 || list.Data[0].ID != made.ID || list.Data[0].Status != "paid" {
				t.Errorf("%s: %+v", path, list)
			}
		}
		for _, wrong := range []map[string]any{
			{"amount": 1, "description": "x", "customer": map[string]any{"email": "bea"}}, {"amount": 1, "description": "x", "customer": map[string]any{"email": "b@example.com"}, "due_date": "soon"},
			{"amount": 1, "description": "x", "customer": map[string]any{"email": "b@example.com"}, "delivery": []string{"fax"}},
			{"amount": 1, "description": "x", "customer": map[string]any{"email": "b@example.com"}, "reminders": map[string]any{"cadence": "hourly"}},
			{"amount": 1, "description": "x"},
		} {
			m.ask(422, "POST", "/v1/payment-requests", wrong, nil)
		}
	})
}

func TestEndpointsAreToldAsPayRequestDid(t *testing.T) {
	merchants(t, func(t *testing.T, m *merchant) {
		var made struct{ ID, Secret, Format string }
		m.ask(422, "POST", "/api/v1/webhook-endpoints", map[string]any{"url": m.shop, "format": "xml"}, nil)
		m.ask(201, "POST", "/api/v1/webhook-endpoints", map[string]any{"url": m.shop + "/hook", "events": []string{"payment.succeeded"}, "format": "payrequest"}, &made)
		var l struct{ Data struct{ ID, URL string } }
		m.ask(201, "POST", "/api/v1/payment-links", map[string]any{"description": "Course", "amount": 12.5}, &l)
		m.pays(l.Data.URL, sandbox.Paid)
		h := m.hears()
		mac := hmac.New(sha256.New, []byte(made.Secret))
		mac.Write(h.body)
		if got := h.header.Get("X-PayRequest-Signature"); got != "sha256="+hex.EncodeToString(mac.Sum(nil)) || h.header.Get("Content-Type") != "application/json" {
			t.Errorf("signed %q", got)
		}
		var e struct {
			Event     string    `json:"event"`
			Timestamp time.Time `json:"timestamp"`
			Data      struct {
				ID          string      `json:"id"`
				Amount      json.Number `json:"amount"`
				Currency    string      `json:"currency"`
				Description string      `json:"description"`
				LinkID      string      `json:"payment_link_id"`
				Method      *string     `json:"payment_method"`
				Reference   *string     `json:"reference"`
				PaidAt      time.Time   `json:"paid_at"`
				Customer    struct {
					ID    string `json:"id"`
					Name  string `json:"name"`
					Email string `json:"email"`
				} `json:"customer"`
			} `json:"data"`
		}
		d := json.NewDecoder(bytes.NewReader(h.body))
		d.DisallowUnknownFields()
		if err := d.Decode(&e); err != nil || e.Event != "payment.succeeded" || e.Data.Amount.String() != "12.50" || !bytes.Contains(h.body, []byte(`"amount":12.50`)) || e.Data.LinkID != l.Data.ID ||
			e.Data.Customer.Email != "ann@example.com" || e.Data.Description != "Course" || e.Data.PaidAt.IsZero() || e.Timestamp.IsZero() {
			t.Errorf("%v in %s", err, h.body)
		}
		if m.ask(200, "PATCH", "/api/v1/webhook-endpoints/"+made.ID, map[string]any{"format": "standard"}, &made); made.Format != "standard" {
			t.Errorf("changed: %+v", made)
		}
		m.pays(l.Data.URL, sandbox.Paid)
		if h := m.hears(); h.header.Get("X-PayRequest-Signature") != "" || h.header.Get("Webhook-Signature") == "" {
			t.Errorf("in the standard format: %v", h.header)
		}
	})
}
