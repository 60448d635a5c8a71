package account_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestTheSecondStepTakesACodeOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		phone, _ := s.TurnOn(t, s.SignedIn(t, "marit@example.com"))

		b := s.HalfIn(t, "marit@example.com")
		if got := b.Get("/dashboard/acme/links"); !strings.HasPrefix(got.Location, "/sign-in") {
			t.Errorf("the password alone opens the dashboard: %d", got.Status)
		}
		if page := b.Get("/sign-in/code"); page.Status != http.StatusOK || !page.Has("one-time-code") {
			t.Errorf("the page: %d", page.Status)
		}
		for name, code := range map[string]string{"of turning on": phone.Code(-1), "too early": phone.Code(2), "too late": phone.Code(-2), "none": ""} {
			if got := b.Code(code); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="code-error"`) {
				t.Errorf("the code %s: %d", name, got.Status)
			}
		}
		at, _ := url.Parse(s.URL)
		before := b.Jar.Cookies(at)[0].Value
		if got := b.Code(phone.Code(0)[:3] + " " + phone.Code(0)[3:]); got.Location != "/dashboard/acme/products" {
			t.Fatalf("the code: %d %q %s", got.Status, got.Location, got.Said())
		}
		if b.Jar.Cookies(at)[0].Value == before {
			t.Error("the token stayed the same")
		}
		if got := b.Get("/dashboard/acme/links"); got.Status != http.StatusOK {
			t.Errorf("afterwards: %d", got.Status)
		}
		s.Exec(t, `DELETE FROM throttles`)
		other := s.HalfIn(t, "marit@example.com")
		if got := other.Code(phone.Code(0)); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("the code again: %d", got.Status)
		}
		persian := strings.NewReplacer("0", "۰", "1", "۱", "2", "۲", "3", "٣", "4", "٤", "5", "٥", "6", "۶", "7", "۷", "8", "８", "9", "９")
		if got := other.Code(persian.Replace(phone.Code(1))); got.Status != http.StatusSeeOther {
			t.Errorf("the next code, from a clock that is ahead and a Persian, Arabic or Japanese keyboard: %d", got.Status)
		}
	})
}

func TestOneCodeSentAtOnceTwiceOpensOneSession(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		phone, codes := s.TurnOn(t, s.SignedIn(t, "marit@example.com"))
		for name, code := range map[string]string{"app": phone.Code(0), "recovery": codes[3]} {
			var opened atomic.Int64
			var wg sync.WaitGroup
			for range 3 {
				b := s.HalfIn(t, "marit@example.com")
				wg.Go(func() {
					if got := b.Code(code); got.Status == http.StatusSeeOther {
						opened.Add(1)
					}
				})
			}
			wg.Wait()
			if opened.Load() != 1 {
				t.Errorf("%s: %d sessions", name, opened.Load())
			}
			s.Exec(t, `DELETE FROM throttles`)
		}
	})
}

func TestCodesAreNotGuessed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		phone, codes := s.TurnOn(t, s.SignedIn(t, "marit@example.com"))
		b := s.HalfIn(t, "marit@example.com")
		for range 5 {
			if got := b.Code("000000"); got.Status != http.StatusUnprocessableEntity {
				t.Fatalf("a wrong code: %d", got.Status)
			}
		}
		for _, code := range []string{"000000", phone.Code(0), codes[0]} {
			if got := b.Code(code); got.Status != http.StatusTooManyRequests {
				t.Errorf("guessing on with %q: %d", code, got.Status)
			}
		}
		if got := s.HalfIn(t, "marit@example.com").Code(phone.Code(0)); got.Status != http.StatusTooManyRequests {
			t.Errorf("from another browser: %d", got.Status)
		}
	})
}

func TestARecoveryCodeWorksOnceAndNewOnesReplaceAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		_, codes := s.TurnOn(t, b)
		typed := strings.ToUpper(strings.ReplaceAll(codes[0], "-", " "))
		if got := s.HalfIn(t, "marit@example.com").Code(typed); got.Status != http.StatusSeeOther {
			t.Fatalf("a recovery code: %d %s", got.Status, got.Said())
		}
		if got := s.HalfIn(t, "marit@example.com").Code(codes[0]); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("again: %d", got.Status)
		}
		if page := b.Get("/dashboard/acme/account"); !page.Has("9 recovery codes left") {
			t.Error("nobody says how many are left")
		}
		if got := b.Post("/dashboard/acme/account/two-step/codes", url.Values{"current_password": {"guess"}}); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="two-step-password-error"`) {
			t.Errorf("new codes with a wrong password: %d", got.Status)
		}
		fresh := dashboardtest.CodesInPage.FindAllStringSubmatch(b.Submit("/dashboard/acme/account/two-step/codes", url.Values{"current_password": {dashboardtest.Password}}).Body, -1)
		if len(fresh) != 10 {
			t.Fatalf("%d new codes", len(fresh))
		}
		if got := s.HalfIn(t, "marit@example.com").Code(codes[1]); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("an old code: %d", got.Status)
		}
		if got := s.HalfIn(t, "marit@example.com").Code(fresh[0][1]); got.Status != http.StatusSeeOther {
			t.Errorf("a new code: %d", got.Status)
		}
		var stored []string
		if err := d.Select(t.Context(), &stored, `SELECT hash FROM recovery_codes`); err != nil || len(stored) != 9 || strings.Contains(strings.Join(stored, " "), fresh[1][1]) {
			t.Errorf("stored %v, %v", stored, err)
		}
	})
}

func TestTheKeyIsSealed(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	phone, _ := s.TurnOn(t, s.SignedIn(t, "marit@example.com"))
	var stored string
	if err := s.DB.Get(t.Context(), &stored, `SELECT totp_secret FROM users`); err != nil || stored == "" || strings.Contains(stored, phone.Key) {
		t.Errorf("stored %q, %v", stored, err)
	}
}

func TestTurningTheSecondStepOffTakesThePassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		_, codes := s.TurnOn(t, b)
		half := s.HalfIn(t, "marit@example.com")
		if got := b.Post("/dashboard/acme/account/two-step/off", url.Values{"current_password": {"guess"}}); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("without it: %d", got.Status)
		}
		s.HalfIn(t, "marit@example.com")
		if got := b.Post("/dashboard/acme/account/two-step/off", url.Values{"current_password": {dashboardtest.Password}}); got.Status != http.StatusSeeOther {
			t.Fatalf("with it: %d %s", got.Status, got.Said())
		}
		// Who stood before the code must begin anew: a code is worth nothing now.
		if got := half.Code(codes[0]); got.Location != "/sign-in" {
			t.Errorf("a code afterwards: %d %q", got.Status, got.Location)
		}
		s.SignedIn(t, "marit@example.com")
	})
}

// A password that is changed between the two steps ends what was begun.
func TestAChangedPasswordEndsASignInThatWaitsForItsCode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		phone, _ := s.TurnOn(t, b)
		half := s.HalfIn(t, "marit@example.com")
		b.Post("/dashboard/acme/account/password", url.Values{"current_password": {dashboardtest.Password}, "password": {"a fresh password"}})
		if got := half.Code(phone.Code(0)); got.Location != "/sign-in" {
			t.Errorf("the code: %d %q", got.Status, got.Location)
		}
		if got := half.Get("/dashboard/acme/links"); got.Status == http.StatusOK {
			t.Error("it is signed in")
		}
	})
}

// A key that is damaged, or was sealed with another, locks nobody out: recovery codes are
// not sealed, and the page of the code tells to use one.
func TestAnAppsKeyWhoseSealIsBrokenLeavesTheRecoveryCodes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		owner := s.SignedIn(t, "marit@example.com")
		const page = "/dashboard/acme/account/two-step"
		prepare := url.Values{"current_password": {dashboardtest.Password}}
		if got := owner.Post(page+"/prepare", prepare); got.Location != page {
			t.Fatalf("preparing: %d %s", got.Status, got.Said())
		}
		s.Exec(t, `UPDATE users SET totp_draft = 'v1.AAAA'`)
		if got := owner.Get(page); got.Location != "/dashboard/acme/account#two-step" {
			t.Errorf("a draft that can't be opened: %d %s", got.Status, got.Said())
		}
		if got := owner.Post(page, url.Values{"code": {"000000"}}); got.Status != http.StatusNotFound {
			t.Errorf("its code: %d %s", got.Status, got.Said())
		}
		phone, codes := s.TurnOn(t, owner)
		s.Exec(t, `UPDATE users SET totp_secret = 'v1.AAAA'`)
		b := s.HalfIn(t, "marit@example.com")
		if got := b.Code(phone.Code(0)); got.Status != http.StatusUnprocessableEntity || !got.Has("Use one of your recovery codes", "one-time-code") {
			t.Errorf("a code of the app: %d %s", got.Status, got.Said())
		}
		if got := b.Code(codes[0]); got.Status != http.StatusSeeOther {
			t.Errorf("a recovery code: %d %s", got.Status, got.Said())
		}
		if got := b.Post(page+"/off", prepare); got.Status != http.StatusSeeOther {
			t.Errorf("turning it off: %d %s", got.Status, got.Said())
		}
		s.TurnOn(t, b)
	})
}
