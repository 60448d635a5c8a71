package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	process "os/exec"
	"strings"
	"sync"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/payment/sandbox"
)

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
		if err := m.srv.System.DB.InTx(t.Context(), func(tx *db.Tx) error {
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
