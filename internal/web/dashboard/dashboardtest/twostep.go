package dashboardtest

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"smartlinks/internal/db"
)

var (
	keyInPage   = regexp.MustCompile(`font-mono[^>]*><bdi dir="ltr">([A-Z2-7 ]+)</bdi>`)
	CodesInPage = regexp.MustCompile(`<bdi dir="ltr" class="break-all">([a-z2-7-]+)</bdi>`)
)

// app is an authenticator app that holds the key of somebody.
type app struct {
	t   *testing.T
	d   *db.DB
	Key string
}

// Code is what the app shows, steps of 30 seconds from now.
func (a app) Code(steps int) string {
	a.t.Helper()
	code, err := totp.GenerateCode(a.Key, a.d.Clock().Wall().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		a.t.Fatal(err)
	}
	return code
}

// TurnOn lets the person in the browser sign in with an app, by the code of the
// step before now, and returns the app and the recovery codes.
func (s *Site) TurnOn(t *testing.T, b *Browser) (app, []string) {
	t.Helper()
	if got := b.Post("/dashboard/acme/account/two-step/prepare", url.Values{"current_password": {Password}}); got.Location != "/dashboard/acme/account/two-step" {
		t.Fatalf("preparing: %d %s", got.Status, got.Said())
	}
	page := b.Get("/dashboard/acme/account/two-step")
	found := keyInPage.FindStringSubmatch(page.Body)
	if found == nil || !page.Has("data:image/svg+xml;base64,") {
		t.Fatalf("no key in the page: %s", page.Said())
	}
	phone := app{t, s.DB, strings.ReplaceAll(found[1], " ", "")}
	if got := b.Post("/dashboard/acme/account/two-step", url.Values{"code": {"000000"}}); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="code-error"`) {
		t.Fatalf("a wrong first code: %d", got.Status)
	}
	done := b.Submit("/dashboard/acme/account/two-step", url.Values{"code": {phone.Code(-1)}})
	var codes []string
	for _, found := range CodesInPage.FindAllStringSubmatch(done.Body, -1) {
		codes = append(codes, found[1])
	}
	if done.Status != http.StatusOK || len(codes) != 10 || !done.Has("download=") {
		t.Fatalf("turning on: %d, %d codes %s", done.Status, len(codes), done.Said())
	}
	if again := b.Get("/dashboard/acme/account/two-step/codes"); again.Location != "/dashboard/acme/account#two-step" || again.Has(codes[0]) {
		t.Errorf("opened again: %d, %s", again.Status, again.Location)
	}
	s.Exec(t, `DELETE FROM throttles`)
	return phone, codes
}

// HalfIn gives the password and stands before the code.
func (s *Site) HalfIn(t *testing.T, email string) *Browser {
	t.Helper()
	b := s.Browser(t)
	got := b.Post("/sign-in", url.Values{"email": {email}, "password": {Password}, "next": {"/dashboard/acme/products"}})
	if got.Location != "/sign-in/code" {
		t.Fatalf("the password leads to %d %q", got.Status, got.Location)
	}
	return b
}

func (b *Browser) Code(code string) Answer {
	return b.Post("/sign-in/code", url.Values{"code": {code}})
}
