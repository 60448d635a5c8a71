package dashboard_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestANewAddressIsConfirmedByMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		b := s.signedIn(t, "marit@example.com")
		ask := func(email, current string) answer {
			return b.post("/dashboard/acme/account/address", url.Values{"email": {email}, "current_password": {current}})
		}
		if got := ask("new@example.com", "guess"); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="address-password-error"`, `value="new@example.com"`) {
			t.Errorf("with a wrong password: %d", got.Status)
		}
		if got := ask("new@example", password); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="email-error"`) {
			t.Errorf("a broken address: %d", got.Status)
		}
		if got := ask("new@example.com", password); got.Status != http.StatusSeeOther {
			t.Fatalf("asking: %d %s", got.Status, got.Said())
		}
		link := s.mailed(t, "new@example.com")
		if page := b.get("/dashboard/acme/account"); !page.Has("marit@example.com") {
			t.Error("the address changed without a confirmation")
		}
		other := s.browser(t) // whoever reads the mail may do so elsewhere
		if page := other.get(link); page.Status != http.StatusOK || !page.Has("new@example.com") {
			t.Fatalf("the page of the link: %d", page.Status)
		}
		if got := other.post("/sign-in/address", url.Values{"token": {tokenOf(t, link)}}); got.Location != "/sign-in" {
			t.Fatalf("confirming: %d %s", got.Status, got.Said())
		}
		if got := other.post("/sign-in/address", url.Values{"token": {tokenOf(t, link)}}); got.Status != http.StatusNotFound {
			t.Errorf("confirming again: %d", got.Status)
		}
		s.signedIn(t, "new@example.com")
		if got := s.browser(t).post("/sign-in", url.Values{"email": {"marit@example.com"}, "password": {password}}); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("the old address: %d", got.Status)
		}
	})
}

func TestAnAddressOfSomebodyElseIsToldOnlyInTheirMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		s.business(t, "zenith", "zoe@example.com")
		b := s.signedIn(t, "marit@example.com")
		if got := b.post("/dashboard/acme/account/address", url.Values{"email": {"zoe@example.com"}, "current_password": {password}}); got.Status != http.StatusSeeOther {
			t.Fatalf("asking: %d", got.Status)
		}
		link := s.mailed(t, "zoe@example.com")
		if got := b.post("/sign-in/address", url.Values{"token": {tokenOf(t, link)}}); got.Status != http.StatusConflict {
			t.Errorf("confirming: %d %s", got.Status, got.Said())
		}
		s.signedIn(t, "zoe@example.com")
	})
}

func TestTheCurrentPasswordIsNotGuessedByASession(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	s.business(t, "acme", "marit@example.com")
	b := s.signedIn(t, "marit@example.com")
	var got answer
	for range 11 {
		got = b.post("/dashboard/acme/account/password", url.Values{"current_password": {"guess"}, "password": {"a fresh password"}})
	}
	if got.Status != http.StatusTooManyRequests || !got.Has("Try again") {
		t.Errorf("guessing on: %d", got.Status)
	}
	if got := b.post("/dashboard/acme/account/password", url.Values{"current_password": {password}, "password": {"a fresh password"}}); got.Status != http.StatusTooManyRequests {
		t.Errorf("the right one while throttled: %d", got.Status)
	}
}

func TestANameIsChanged(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	s.business(t, "acme", "marit@example.com")
	b := s.signedIn(t, "marit@example.com")
	if got := b.post("/dashboard/acme/account/name", url.Values{"name": {" "}}); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="name-error"`) {
		t.Errorf("no name: %d", got.Status)
	}
	b.post("/dashboard/acme/account/name", url.Values{"name": {"Marit Visser"}})
	if page := b.get("/dashboard/acme/account"); !page.Has("Marit Visser", "Your name is saved") {
		t.Errorf("afterwards: %d", page.Status)
	}
}

var sessionInList = regexp.MustCompile(`name="session" value="([^"]+)"`)

func TestASessionIsEndedFromAnother(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		s.business(t, "zenith", "zoe@example.com")
		laptop, phone, stranger := s.signedIn(t, "marit@example.com"), s.signedIn(t, "marit@example.com"), s.signedIn(t, "zoe@example.com")
		page := laptop.get("/dashboard/acme/account")
		found := sessionInList.FindAllStringSubmatch(page.Body, -1)
		if !page.Has("This browser") || len(found) != 1 {
			t.Fatalf("the list offers to end %d sessions, want the other one", len(found))
		}
		stranger.post("/dashboard/zenith/account/sessions", url.Values{"session": {found[0][1]}})
		if got := phone.get("/dashboard/acme/links"); got.Status != http.StatusOK {
			t.Fatalf("a stranger ended it: %d", got.Status)
		}
		laptop.post("/dashboard/acme/account/sessions", url.Values{"session": {found[0][1]}})
		if got := phone.get("/dashboard/acme/links"); !strings.HasPrefix(got.Location, "/sign-in") {
			t.Errorf("the ended session: %d %q", got.Status, got.Location)
		}
		if got := phone.post("/dashboard/acme/links", url.Values{"name": {"x"}}); got.Location != "/sign-in" {
			t.Errorf("the ended session writes: %d %q", got.Status, got.Location)
		}
		third, fourth := s.signedIn(t, "marit@example.com"), s.signedIn(t, "marit@example.com")
		laptop.post("/dashboard/acme/account/sessions", nil)
		for _, b := range []*browser{third, fourth} {
			if got := b.get("/dashboard/acme/links"); !strings.HasPrefix(got.Location, "/sign-in") {
				t.Errorf("signed out everywhere else: %d", got.Status)
			}
		}
		if got := laptop.get("/dashboard/acme/account"); !got.Has("Signed out of 2 other sessions") || got.Has("everywhere else</") && len(sessionInList.FindAllString(got.Body, -1)) > 0 {
			t.Errorf("this one: %d", got.Status)
		}
	})
}

// Both limits hold in the database too, whatever a browser's cookie says.
func TestSessionsEndByTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		for name, c := range map[string]struct{ created, seen time.Duration }{
			"idle": {13 * time.Hour, 13 * time.Hour}, "absolute": {31 * 24 * time.Hour, time.Minute},
		} {
			b := s.signedIn(t, "marit@example.com")
			now := d.Clock().Wall()
			s.exec(t, `UPDATE sign_ins SET created_at = $1, seen_at = $2`, db.At(now.Add(-c.created)), db.At(now.Add(-c.seen)))
			if got := b.get("/dashboard/acme/links"); !strings.HasPrefix(got.Location, "/sign-in") {
				t.Errorf("%s: %d", name, got.Status)
			}
		}
		b := s.signedIn(t, "marit@example.com")
		s.exec(t, `UPDATE sign_ins SET seen_at = $1`, db.At(d.Clock().Wall().Add(-time.Hour)))
		b.get("/dashboard/acme/links")
		if page := b.get("/dashboard/acme/account"); !page.Has("last seen just now") {
			t.Error("being used does not show")
		}
	})
}
