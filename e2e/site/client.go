package site

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"
)

// BrowserAgent is what a person's browser calls itself.
const BrowserAgent = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Visitor is a client that follows no redirect and keeps no cookie.
var Visitor = &http.Client{
	Timeout:       30 * time.Second,
	Transport:     &http.Transport{MaxIdleConnsPerHost: 100},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// Exchange sends a request once. An error says that no whole answer came.
func Exchange(method, address, agent, contentType, body, token string) (Answer, error) {
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	r.Header.Set("User-Agent", agent)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := Visitor.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return Answer{res.StatusCode, res.Header, string(text)}, err
}

func Send(t testing.TB, method, address, agent, contentType, body, token string) Answer {
	t.Helper()
	a, err := Exchange(method, address, agent, contentType, body, token)
	if err != nil {
		t.Errorf("%s %s: %v", method, address, err)
		return Answer{Header: http.Header{}}
	}
	return a
}

func Get(t testing.TB, address string) Answer {
	t.Helper()
	return Send(t, "GET", address, BrowserAgent, "", "", "")
}

func Post(t testing.TB, address string, form url.Values) Answer {
	t.Helper()
	return Send(t, "POST", address, BrowserAgent, "application/x-www-form-urlencoded", form.Encode(), "")
}

// API asks the JSON API.
func (s *Site) API(t testing.TB, method, path, body string) Answer {
	t.Helper()
	contentType := ""
	if body != "" {
		contentType = "application/json"
	}
	return Send(t, method, s.URL+"/api/v1"+path, "e2e", contentType, body, s.Token)
}

// LinkJSON is what these tests read of a link.
type LinkJSON struct {
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

func Decode[T any](t testing.TB, a Answer) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(a.Body), &v); err != nil {
		t.Fatalf("status %d, not JSON: %v\n%s", a.Status, err, a.Body)
	}
	return v
}

func (s *Site) CreateLink(t testing.TB, body string) LinkJSON {
	t.Helper()
	a := s.API(t, "POST", "/links", body)
	if a.Status != http.StatusCreated && a.Status != http.StatusOK {
		t.Fatalf("create a link: status %d\n%s", a.Status, a.Body)
	}
	return Decode[LinkJSON](t, a)
}

func (s *Site) Link(t testing.TB, id string) LinkJSON {
	t.Helper()
	a := s.API(t, "GET", "/links/"+id, "")
	if a.Status != http.StatusOK {
		t.Fatalf("get the link: status %d\n%s", a.Status, a.Body)
	}
	return Decode[LinkJSON](t, a)
}

// Payer is the form of a payment page.
func Payer(email string) url.Values { return url.Values{"name": {"Sanne Visser"}, "email": {email}} }

// PayAs pays at a process and returns the payer's status page.
func (s *Site) PayAs(t testing.TB, at, path, outcome, also string) string {
	t.Helper()
	a := Post(t, at+"/"+Handle+"/"+path, Payer("sanne@example.com"))
	if a.Status != http.StatusSeeOther {
		t.Fatalf("start a payment: status %d, want 303\n%s", a.Status, a.Body)
	}
	return Decide(t, a.Header.Get("Location"), outcome, also)
}

// Decide chooses in the sandbox what comes of a payment.
func Decide(t testing.TB, checkout, outcome, also string) string {
	t.Helper()
	form := url.Values{"outcome": {outcome}}
	if also != "" {
		form.Set("also", also)
	}
	a := Post(t, checkout, form)
	if a.Status != http.StatusSeeOther {
		t.Fatalf("decide %s: status %d, want 303\n%s", outcome, a.Status, a.Body)
	}
	return a.Header.Get("Location")
}

// StatusOf is the JSON of a status page.
func StatusOf(t testing.TB, page string) string {
	t.Helper()
	page, _, _ = strings.Cut(page, "?")
	a := Get(t, page+"/status")
	if a.Status != http.StatusOK {
		return ""
	}
	return Decode[struct {
		Status string `json:"status"`
	}](t, a).Status
}

// IDJSON is the id of what was made.
type IDJSON struct {
	ID string `json:"id"`
}

// First is the id of the first in a list of the API.
func (s *Site) First(t *testing.T, list string) string {
	t.Helper()
	found := Decode[struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}](t, s.API(t, "GET", list, ""))
	if len(found.Data) == 0 {
		t.Fatalf("%s is empty", list)
	}
	return found.Data[0].ID
}

const FortyNine = `"type": "amount", "amount": {"value": "49.00", "currency": "EUR"}`

func AwaitStatus(t *testing.T, page, want string) {
	t.Helper()
	if !Eventually(10*time.Second, func() bool { return StatusOf(t, page) == want }) {
		t.Errorf("status is %q, want %q", StatusOf(t, page), want)
	}
}

func ExpectStatus(t *testing.T, what string, a Answer, want int) {
	t.Helper()
	if a.Status != want {
		t.Errorf("%s: status %d, want %d\n%.500s", what, a.Status, want, a.Body)
	}
}

// Advance moves the test clock, and waits until what fell due has been done.
func (s *Site) Advance(t *testing.T, by string) {
	t.Helper()
	if a := s.API(t, "POST", "/sandbox/clock", `{"advance": "`+by+`"}`); a.Status != http.StatusOK {
		t.Fatalf("move the clock: status %d\n%s", a.Status, a.Body)
	}
}

// Member is an HTTP client that the owner has signed in with.
func (s *Site) Member(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	member := &http.Client{Jar: jar, Timeout: 30 * time.Second}
	res, err := member.PostForm(s.URL+"/sign-in", url.Values{"email": {OwnerEmail}, "password": {OwnerPassword}})
	if err != nil || res.Request.URL.Path == "/sign-in" {
		t.Fatalf("cannot sign in: %v", err)
	}
	Finish(res)
	return member
}

// Finish takes an answer whole: one that is broken off is an error to the server.
func Finish(res *http.Response) {
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
}
