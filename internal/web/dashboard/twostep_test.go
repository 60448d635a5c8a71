package dashboard_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

var (
	keyInPage   = regexp.MustCompile(`font-mono[^>]*><bdi dir="ltr">([A-Z2-7 ]+)</bdi>`)
	codesInPage = regexp.MustCompile(`<bdi dir="ltr" class="break-all">([a-z2-7-]+)</bdi>`)
)

// app is an authenticator app that holds the key of somebody.
type app struct {
	t   *testing.T
	d   *db.DB
	key string
}

// code is what the app shows, steps of 30 seconds from now.
func (a app) code(steps int) string {
	a.t.Helper()
	code, err := totp.GenerateCode(a.key, a.d.Clock().Wall().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		a.t.Fatal(err)
	}
	return code
}

// turnOn lets the person in the browser sign in with an app, by the code of the
// step before now, and returns the app and the recovery codes.
func (s *site) turnOn(t *testing.T, b *browser) (app, []string) {
	t.Helper()
	if got := b.post("/dashboard/acme/account/two-step/prepare", url.Values{"current_password": {password}}); got.Location != "/dashboard/acme/account/two-step" {
		t.Fatalf("preparing: %d %s", got.Status, got.Said())
	}
	page := b.get("/dashboard/acme/account/two-step")
	found := keyInPage.FindStringSubmatch(page.Body)
	if found == nil || !page.Has("data:image/svg+xml;base64,") {
		t.Fatalf("no key in the page: %s", page.Said())
	}
	phone := app{t, s.DB, strings.ReplaceAll(found[1], " ", "")}
	if got := b.post("/dashboard/acme/account/two-step", url.Values{"code": {"000000"}}); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="code-error"`) {
		t.Fatalf("a wrong first code: %d", got.Status)
	}
	done := b.post("/dashboard/acme/account/two-step", url.Values{"code": {phone.code(-1)}})
	var codes []string
	for _, found := range codesInPage.FindAllStringSubmatch(done.Body, -1) {
		codes = append(codes, found[1])
	}
	if done.Status != http.StatusOK || len(codes) != 10 || !done.Has("download=") {
		t.Fatalf("turning on: %d, %d codes %s", done.Status, len(codes), done.Said())
	}
	s.exec(t, `DELETE FROM throttles`)
	return phone, codes
}

// halfIn gives the password and stands before the code.
func (s *site) halfIn(t *testing.T, email string) *browser {
	t.Helper()
	b := s.browser(t)
	got := b.post("/sign-in", url.Values{"email": {email}, "password": {password}, "next": {"/dashboard/acme/products"}})
	if got.Location != "/sign-in/code" {
		t.Fatalf("the password leads to %d %q", got.Status, got.Location)
	}
	return b
}

func (b *browser) code(code string) answer {
	return b.post("/sign-in/code", url.Values{"code": {code}})
}

func TestTheSecondStepTakesACodeOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		phone, _ := s.turnOn(t, s.signedIn(t, "marit@example.com"))

		b := s.halfIn(t, "marit@example.com")
		if got := b.get("/dashboard/acme/links"); !strings.HasPrefix(got.Location, "/sign-in") {
			t.Errorf("the password alone opens the dashboard: %d", got.Status)
		}
		if page := b.get("/sign-in/code"); page.Status != http.StatusOK || !page.Has("one-time-code") {
			t.Errorf("the page: %d", page.Status)
		}
		for name, code := range map[string]string{"of turning on": phone.code(-1), "too early": phone.code(2), "too late": phone.code(-2), "none": ""} {
			if got := b.code(code); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="code-error"`) {
				t.Errorf("the code %s: %d", name, got.Status)
			}
		}
		at, _ := url.Parse(s.URL)
		before := b.Jar.Cookies(at)[0].Value
		if got := b.code(phone.code(0)[:3] + " " + phone.code(0)[3:]); got.Location != "/dashboard/acme/products" {
			t.Fatalf("the code: %d %q %s", got.Status, got.Location, got.Said())
		}
		if b.Jar.Cookies(at)[0].Value == before {
			t.Error("the token stayed the same")
		}
		if got := b.get("/dashboard/acme/links"); got.Status != http.StatusOK {
			t.Errorf("afterwards: %d", got.Status)
		}
		s.exec(t, `DELETE FROM throttles`)
		other := s.halfIn(t, "marit@example.com")
		if got := other.code(phone.code(0)); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("the code again: %d", got.Status)
		}
		if got := other.code(phone.code(1)); got.Status != http.StatusSeeOther {
			t.Errorf("the next code, from a clock that is ahead: %d", got.Status)
		}
	})
}

func TestOneCodeSentAtOnceTwiceOpensOneSession(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		phone, codes := s.turnOn(t, s.signedIn(t, "marit@example.com"))
		for name, code := range map[string]string{"app": phone.code(0), "recovery": codes[3]} {
			var opened atomic.Int64
			var wg sync.WaitGroup
			for range 3 {
				b := s.halfIn(t, "marit@example.com")
				wg.Go(func() {
					if got := b.code(code); got.Status == http.StatusSeeOther {
						opened.Add(1)
					}
				})
			}
			wg.Wait()
			if opened.Load() != 1 {
				t.Errorf("%s: %d sessions", name, opened.Load())
			}
			s.exec(t, `DELETE FROM throttles`)
		}
	})
}

func TestCodesAreNotGuessed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		phone, codes := s.turnOn(t, s.signedIn(t, "marit@example.com"))
		b := s.halfIn(t, "marit@example.com")
		for range 5 {
			if got := b.code("000000"); got.Status != http.StatusUnprocessableEntity {
				t.Fatalf("a wrong code: %d", got.Status)
			}
		}
		for _, code := range []string{"000000", phone.code(0), codes[0]} {
			if got := b.code(code); got.Status != http.StatusTooManyRequests {
				t.Errorf("guessing on with %q: %d", code, got.Status)
			}
		}
		if got := s.halfIn(t, "marit@example.com").code(phone.code(0)); got.Status != http.StatusTooManyRequests {
			t.Errorf("from another browser: %d", got.Status)
		}
	})
}

func TestARecoveryCodeWorksOnceAndNewOnesReplaceAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		b := s.signedIn(t, "marit@example.com")
		_, codes := s.turnOn(t, b)
		typed := strings.ToUpper(strings.ReplaceAll(codes[0], "-", " "))
		if got := s.halfIn(t, "marit@example.com").code(typed); got.Status != http.StatusSeeOther {
			t.Fatalf("a recovery code: %d %s", got.Status, got.Said())
		}
		if got := s.halfIn(t, "marit@example.com").code(codes[0]); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("again: %d", got.Status)
		}
		if page := b.get("/dashboard/acme/account"); !page.Has("9 recovery codes left") {
			t.Error("nobody says how many are left")
		}
		if got := b.post("/dashboard/acme/account/two-step/codes", url.Values{"current_password": {"guess"}}); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="two-step-password-error"`) {
			t.Errorf("new codes with a wrong password: %d", got.Status)
		}
		fresh := codesInPage.FindAllStringSubmatch(b.post("/dashboard/acme/account/two-step/codes", url.Values{"current_password": {password}}).Body, -1)
		if len(fresh) != 10 {
			t.Fatalf("%d new codes", len(fresh))
		}
		if got := s.halfIn(t, "marit@example.com").code(codes[1]); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("an old code: %d", got.Status)
		}
		if got := s.halfIn(t, "marit@example.com").code(fresh[0][1]); got.Status != http.StatusSeeOther {
			t.Errorf("a new code: %d", got.Status)
		}
		var stored []string
		if err := d.Select(t.Context(), &stored, `SELECT hash FROM recovery_codes`); err != nil || len(stored) != 9 || strings.Contains(strings.Join(stored, " "), fresh[1][1]) {
			t.Errorf("stored %v, %v", stored, err)
		}
	})
}

func TestTheKeyIsSealed(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	s.business(t, "acme", "marit@example.com")
	phone, _ := s.turnOn(t, s.signedIn(t, "marit@example.com"))
	var stored string
	if err := s.DB.Get(t.Context(), &stored, `SELECT totp_secret FROM users`); err != nil || stored == "" || strings.Contains(stored, phone.key) {
		t.Errorf("stored %q, %v", stored, err)
	}
}

func TestTurningTheSecondStepOffTakesThePassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		b := s.signedIn(t, "marit@example.com")
		_, codes := s.turnOn(t, b)
		half := s.halfIn(t, "marit@example.com")
		if got := b.post("/dashboard/acme/account/two-step/off", url.Values{"current_password": {"guess"}}); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("without it: %d", got.Status)
		}
		s.halfIn(t, "marit@example.com")
		if got := b.post("/dashboard/acme/account/two-step/off", url.Values{"current_password": {password}}); got.Status != http.StatusSeeOther {
			t.Fatalf("with it: %d %s", got.Status, got.Said())
		}
		// Who stood before the code must begin anew: a code is worth nothing now.
		if got := half.code(codes[0]); got.Location != "/sign-in" {
			t.Errorf("a code afterwards: %d %q", got.Status, got.Location)
		}
		s.signedIn(t, "marit@example.com")
	})
}

// A password that is changed between the two steps ends what was begun.
func TestAChangedPasswordEndsASignInThatWaitsForItsCode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		b := s.signedIn(t, "marit@example.com")
		phone, _ := s.turnOn(t, b)
		half := s.halfIn(t, "marit@example.com")
		b.post("/dashboard/acme/account/password", url.Values{"current_password": {password}, "password": {"a fresh password"}})
		if got := half.code(phone.code(0)); got.Location != "/sign-in" {
			t.Errorf("the code: %d %q", got.Status, got.Location)
		}
		if got := half.get("/dashboard/acme/links"); got.Status == http.StatusOK {
			t.Error("it is signed in")
		}
	})
}
