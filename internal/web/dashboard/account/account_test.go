package account_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestANewAddressIsConfirmedByMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		ask := func(email, current string) dashboardtest.Answer {
			return b.Post("/dashboard/acme/account/address", url.Values{"email": {email}, "current_password": {current}})
		}
		if got := ask("new@example.com", "guess"); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="address-password-error"`, `value="new@example.com"`) {
			t.Errorf("with a wrong password: %d", got.Status)
		}
		if got := ask("new@example", dashboardtest.Password); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="email-error"`) {
			t.Errorf("a broken address: %d", got.Status)
		}
		if got := ask("new@example.com", dashboardtest.Password); got.Status != http.StatusSeeOther {
			t.Fatalf("asking: %d %s", got.Status, got.Said())
		}
		link := s.Mailed(t, "new@example.com")
		if page := b.Get("/dashboard/acme/account"); !page.Has("marit@example.com") {
			t.Error("the address changed without a confirmation")
		}
		other := s.Browser(t) // whoever reads the mail may do so elsewhere
		if page := other.Get(link); page.Status != http.StatusOK || !page.Has("new@example.com") {
			t.Fatalf("the page of the link: %d", page.Status)
		}
		if got := other.Post("/sign-in/address", url.Values{"token": {dashboardtest.TokenOf(t, link)}}); got.Location != "/sign-in" {
			t.Fatalf("confirming: %d %s", got.Status, got.Said())
		}
		if got := other.Post("/sign-in/address", url.Values{"token": {dashboardtest.TokenOf(t, link)}}); got.Status != http.StatusNotFound {
			t.Errorf("confirming again: %d", got.Status)
		}
		s.SignedIn(t, "new@example.com")
		if got := s.Browser(t).Post("/sign-in", url.Values{"email": {"marit@example.com"}, "password": {dashboardtest.Password}}); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("the old address: %d", got.Status)
		}
	})
}

// A new address that nobody has confirmed is shown, sent again with another link, and taken
// back; once it is confirmed, or its link has ended, nothing of it is left.
func TestANewAddressThatWaitsIsShownSentAgainAndCancelled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		const page = "/dashboard/acme/account"
		waits := func(want bool) {
			t.Helper()
			if got := b.Get(page); got.Status != http.StatusOK || got.Has("new@example.com", "waits to be confirmed", "/address/cancel") != want {
				t.Errorf("it waits is %v not shown: %d %s", want, got.Status, got.Said())
			}
		}
		ask := func() (link string) {
			t.Helper()
			if got := b.Post(page+"/address", url.Values{"email": {"new@example.com"}, "current_password": {dashboardtest.Password}}); got.Status != http.StatusSeeOther {
				t.Fatalf("asking: %d %s", got.Status, got.Said())
			}
			return s.Mailed(t, "new@example.com")
		}
		dead := func(what, link string) {
			t.Helper()
			if got := s.Browser(t).Post("/sign-in/address", url.Values{"token": {dashboardtest.TokenOf(t, link)}}); got.Status != http.StatusNotFound {
				t.Errorf("%s: %d", what, got.Status)
			}
		}
		waits(false)
		if got := b.Post(page+"/address/again", nil); got.Status != http.StatusNotFound {
			t.Errorf("sending what was not asked for: %d", got.Status)
		}
		first := ask()
		waits(true)
		if got := b.Post(page+"/address/again", nil); got.Status != http.StatusSeeOther {
			t.Fatalf("sending again: %d %s", got.Status, got.Said())
		}
		second := s.Mailed(t, "new@example.com")
		dead("the first link", first)
		waits(true)
		if got := b.Post(page+"/address/cancel", nil); got.Status != http.StatusSeeOther {
			t.Errorf("cancelling: %d", got.Status)
		}
		waits(false)
		dead("the cancelled link", second)
		third := ask()
		s.Exec(t, `UPDATE mailed_links SET expires_at = $1`, db.At(d.Clock().Wall()))
		waits(false)
		dead("an expired link", third)
		ask()
		if got := b.Post(page+"/address/again", nil); got.Status != http.StatusSeeOther {
			t.Errorf("sending again: %d", got.Status)
		}
		last := s.Mailed(t, "new@example.com")
		if got := b.Post(page+"/address/again", nil); got.Status != http.StatusTooManyRequests || !got.Has("waits to be confirmed") {
			t.Errorf("the sixth mail: %d %s", got.Status, got.Said())
		}
		if got := s.Browser(t).Post("/sign-in/address", url.Values{"token": {dashboardtest.TokenOf(t, last)}}); got.Status != http.StatusSeeOther {
			t.Errorf("the last link: %d %s", got.Status, got.Said())
		}
		s.SignedIn(t, "new@example.com")
	})
}

func TestAnAddressOfSomebodyElseIsToldOnlyInTheirMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		s.Business(t, "zenith", "zoe@example.com")
		b := s.SignedIn(t, "marit@example.com")
		if got := b.Post("/dashboard/acme/account/address", url.Values{"email": {"zoe@example.com"}, "current_password": {dashboardtest.Password}}); got.Status != http.StatusSeeOther {
			t.Fatalf("asking: %d", got.Status)
		}
		link := s.Mailed(t, "zoe@example.com")
		if got := b.Post("/sign-in/address", url.Values{"token": {dashboardtest.TokenOf(t, link)}}); got.Status != http.StatusConflict {
			t.Errorf("confirming: %d %s", got.Status, got.Said())
		}
		s.SignedIn(t, "zoe@example.com")
	})
}

func TestTheCurrentPasswordIsNotGuessedByASession(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	var got dashboardtest.Answer
	for range 11 {
		got = b.Post("/dashboard/acme/account/password", url.Values{"current_password": {"guess"}, "password": {"a fresh password"}})
	}
	if got.Status != http.StatusTooManyRequests || !got.Has("Try again") {
		t.Errorf("guessing on: %d", got.Status)
	}
	if got := b.Post("/dashboard/acme/account/password", url.Values{"current_password": {dashboardtest.Password}, "password": {"a fresh password"}}); got.Status != http.StatusTooManyRequests {
		t.Errorf("the right one while throttled: %d", got.Status)
	}
}

func TestANameIsChanged(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	if got := b.Post("/dashboard/acme/account/name", url.Values{"name": {" "}}); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="name-error"`) {
		t.Errorf("no name: %d", got.Status)
	}
	b.Post("/dashboard/acme/account/name", url.Values{"name": {"Marit Visser"}})
	if page := b.Get("/dashboard/acme/account"); !page.Has("Marit Visser", "Name saved") {
		t.Errorf("afterwards: %d", page.Status)
	}
}

var sessionInList = regexp.MustCompile(`name="session" value="([^"]+)"`)

func TestASessionIsEndedFromAnother(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		s.Business(t, "zenith", "zoe@example.com")
		laptop, phone, stranger := s.SignedIn(t, "marit@example.com"), s.SignedIn(t, "marit@example.com"), s.SignedIn(t, "zoe@example.com")
		page := laptop.Get("/dashboard/acme/account")
		found := sessionInList.FindAllStringSubmatch(page.Body, -1)
		if !page.Has("This browser") || len(found) != 1 {
			t.Fatalf("the list offers to end %d sessions, want the other one", len(found))
		}
		stranger.Post("/dashboard/zenith/account/sessions", url.Values{"session": {found[0][1]}})
		if got := phone.Get("/dashboard/acme/links"); got.Status != http.StatusOK {
			t.Fatalf("a stranger ended it: %d", got.Status)
		}
		laptop.Post("/dashboard/acme/account/sessions", url.Values{"session": {found[0][1]}})
		if got := phone.Get("/dashboard/acme/links"); !strings.HasPrefix(got.Location, "/sign-in") {
			t.Errorf("the ended session: %d %q", got.Status, got.Location)
		}
		if got := phone.Post("/dashboard/acme/links", url.Values{"name": {"x"}}); got.Status != http.StatusUnauthorized {
			t.Errorf("the ended session writes: %d %q", got.Status, got.Location)
		}
		third, fourth := s.SignedIn(t, "marit@example.com"), s.SignedIn(t, "marit@example.com")
		laptop.Post("/dashboard/acme/account/sessions", nil)
		for _, b := range []*dashboardtest.Browser{third, fourth} {
			if got := b.Get("/dashboard/acme/links"); !strings.HasPrefix(got.Location, "/sign-in") {
				t.Errorf("signed out everywhere else: %d", got.Status)
			}
		}
		if got := laptop.Get("/dashboard/acme/account"); !got.Has("Signed out of 2 other sessions") || got.Has("everywhere else</") && len(sessionInList.FindAllString(got.Body, -1)) > 0 {
			t.Errorf("this one: %d", got.Status)
		}
	})
}

// Both limits hold in the database too, whatever a browser's cookie says.
func TestSessionsEndByTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		for name, c := range map[string]struct{ created, seen time.Duration }{
			"idle": {13 * time.Hour, 13 * time.Hour}, "absolute": {31 * 24 * time.Hour, time.Minute},
		} {
			b := s.SignedIn(t, "marit@example.com")
			now := d.Clock().Wall()
			s.Exec(t, `UPDATE sign_ins SET created_at = $1, seen_at = $2`, db.At(now.Add(-c.created)), db.At(now.Add(-c.seen)))
			if got := b.Get("/dashboard/acme/links"); !strings.HasPrefix(got.Location, "/sign-in") {
				t.Errorf("%s: %d", name, got.Status)
			}
		}
		b := s.SignedIn(t, "marit@example.com")
		s.Exec(t, `UPDATE sign_ins SET seen_at = $1`, db.At(d.Clock().Wall().Add(-time.Hour)))
		b.Get("/dashboard/acme/links")
		if page := b.Get("/dashboard/acme/account"); !page.Has("last seen just now") {
			t.Error("being used does not show")
		}
	})
}
