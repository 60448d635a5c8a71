package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// browserAgent is what a person's browser calls itself.
const browserAgent = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"

// answer is what came back.
type answer struct {
	Status int
	Header http.Header
	Body   string
}

// visitor is a client that follows no redirect and keeps no cookie.
var visitor = &http.Client{
	Timeout:       30 * time.Second,
	Transport:     &http.Transport{MaxIdleConnsPerHost: 100},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// exchange sends a request once. An error says that no whole answer came.
func exchange(method, address, agent, contentType, body, token string) (answer, error) {
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("User-Agent", agent)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := visitor.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, string(text)}, err
}

func send(t testing.TB, method, address, agent, contentType, body, token string) answer {
	t.Helper()
	a, err := exchange(method, address, agent, contentType, body, token)
	if err != nil {
		t.Errorf("%s %s: %v", method, address, err)
		return answer{Header: http.Header{}}
	}
	return a
}

func get(t testing.TB, address string) answer {
	t.Helper()
	return send(t, "GET", address, browserAgent, "", "", "")
}

func post(t testing.TB, address string, form url.Values) answer {
	t.Helper()
	return send(t, "POST", address, browserAgent, "application/x-www-form-urlencoded", form.Encode(), "")
}

// api asks the JSON API.
func (s *site) api(t testing.TB, method, path, body string) answer {
	t.Helper()
	contentType := ""
	if body != "" {
		contentType = "application/json"
	}
	return send(t, method, s.URL+"/api/v1"+path, "e2e", contentType, body, s.Token)
}

// linkJSON is what these tests read of a link.
type linkJSON struct {
	ID     string `json:"id"`
	URL    string `json:"url"`
	Path   string `json:"path"`
	Status string `json:"status"`
	Active bool   `json:"active"`
	Limit  struct {
		Kind      string `json:"kind"`
		Used      int    `json:"used"`
		Held      int    `json:"held"`
		Remaining *int   `json:"remaining"`
		Badge     string `json:"badge"`
	} `json:"limit"`
	Stats struct {
		Views      int     `json:"views"`
		Payments   int     `json:"payments"`
		Bots       int     `json:"bots"`
		Conversion float64 `json:"conversion"`
		Revenue    struct {
			Value    string `json:"value"`
			Currency string `json:"currency"`
		} `json:"revenue"`
	} `json:"stats"`
}

func decode[T any](t testing.TB, a answer) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(a.Body), &v); err != nil {
		t.Fatalf("status %d, not JSON: %v\n%s", a.Status, err, a.Body)
	}
	return v
}

func (s *site) createLink(t testing.TB, body string) linkJSON {
	t.Helper()
	a := s.api(t, "POST", "/links", body)
	if a.Status != http.StatusCreated && a.Status != http.StatusOK {
		t.Fatalf("create a link: status %d\n%s", a.Status, a.Body)
	}
	return decode[linkJSON](t, a)
}

func (s *site) link(t testing.TB, id string) linkJSON {
	t.Helper()
	a := s.api(t, "GET", "/links/"+id, "")
	if a.Status != http.StatusOK {
		t.Fatalf("get the link: status %d\n%s", a.Status, a.Body)
	}
	return decode[linkJSON](t, a)
}

// payer is the form of a payment page.
func payer(email string) url.Values { return url.Values{"name": {"Sanne Visser"}, "email": {email}} }

// payAs pays at a process and returns the payer's status page.
func (s *site) payAs(t testing.TB, at, path, outcome, also string) string {
	t.Helper()
	a := post(t, at+"/"+handle+"/"+path, payer("sanne@example.com"))
	if a.Status != http.StatusSeeOther {
		t.Fatalf("start a payment: status %d, want 303\n%s", a.Status, a.Body)
	}
	return decide(t, a.Header.Get("Location"), outcome, also)
}

// decide chooses in the sandbox what comes of a payment.
func decide(t testing.TB, checkout, outcome, also string) string {
	t.Helper()
	form := url.Values{"outcome": {outcome}}
	if also != "" {
		form.Set("also", also)
	}
	a := post(t, checkout, form)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("decide %s: status %d, want 303\n%s", outcome, a.Status, a.Body)
	}
	return a.Header.Get("Location")
}

// statusOf is the JSON of a status page.
func statusOf(t testing.TB, page string) string {
	t.Helper()
	page, _, _ = strings.Cut(page, "?")
	a := get(t, page+"/status")
	if a.Status != http.StatusOK {
		return ""
	}
	return decode[struct {
		Status string `json:"status"`
	}](t, a).Status
}
