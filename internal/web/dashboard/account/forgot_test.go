package account_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestAForgottenPasswordIsReplacedByMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		elsewhere := s.SignedIn(t, "marit@example.com")
		b := s.Browser(t)
		if page := b.Get("/sign-in"); !page.Has(`href="/sign-in/forgot"`) {
			t.Error("the sign-in does not lead there")
		}
		if got := b.Post("/sign-in/forgot", url.Values{"email": {" Marit@example.com "}}); got.Status != http.StatusOK || !got.Has("Check your inbox") {
			t.Fatalf("asking: %d %s", got.Status, got.Said())
		}
		link := s.Mailed(t, "marit@example.com")
		for range 2 { // looking does not use it up
			if form := b.Get(link); form.Status != http.StatusOK || !form.Has("marit@example.com", `name="password"`) || form.Header.Get("Referrer-Policy") != "no-referrer" {
				t.Fatalf("the page of the link: %d %s", form.Status, form.Said())
			}
		}
		token := dashboardtest.TokenOf(t, link)
		if got := b.Post("/sign-in/password", url.Values{"token": {token}, "password": {"short"}}); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="password-error"`) {
			t.Errorf("a short password: %d", got.Status)
		}
		if got := b.Post("/sign-in/password", url.Values{"token": {token}, "password": {"a fresh password"}}); got.Location != "/sign-in" {
			t.Fatalf("saving: %d %s", got.Status, got.Said())
		}
		if page := b.Get("/sign-in"); !page.Has("Password saved") {
			t.Error("nobody says that it worked")
		}
		if got := elsewhere.Get("/dashboard/acme/links"); !strings.HasPrefix(got.Location, "/sign-in") {
			t.Errorf("another session goes on: %d", got.Status)
		}
		if got := b.Post("/sign-in", url.Values{"email": {"marit@example.com"}, "password": {dashboardtest.Password}}); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("the old password: %d", got.Status)
		}
		if got := b.Post("/sign-in", url.Values{"email": {"marit@example.com"}, "password": {"a fresh password"}}); got.Status != http.StatusSeeOther {
			t.Errorf("the new password: %d", got.Status)
		}
		if got := b.Get(link); got.Status != http.StatusNotFound {
			t.Errorf("the link again: %d", got.Status)
		}
		if got := b.Post("/sign-in/password", url.Values{"token": {token}, "password": {"another password"}}); got.Status != http.StatusNotFound {
			t.Errorf("the token again: %d", got.Status)
		}
	})
}

func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.Browser(t)
		known := b.Post("/sign-in/forgot", url.Values{"email": {"marit@example.com"}})
		unknown := b.Post("/sign-in/forgot", url.Values{"email": {"nobody@example.com"}})
		if known.Status != unknown.Status || strings.ReplaceAll(known.Body, "marit@", "nobody@") != unknown.Body {
			t.Errorf("the answers differ: %d and %d", known.Status, unknown.Status)
		}
		s.Mailed(t, "marit@example.com")
		var stored int
		if err := d.Get(t.Context(), &stored, `SELECT COUNT(*) FROM mailed_links`); err != nil || stored != 2 {
			t.Errorf("%d links were stored, want one for each so that the work is the same: %v", stored, err)
		}
	})
}

func TestMailsForAForgottenPasswordAreFew(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	b := s.Browser(t)
	for range 5 {
		if got := b.Post("/sign-in/forgot", url.Values{"email": {"marit@example.com"}}); got.Status != http.StatusOK || !got.Has("Check your inbox") {
			t.Fatalf("asking often is told: %d", got.Status)
		}
	}
	if mails := s.Mails(t); len(mails) != 3 {
		t.Errorf("%d mails, want 3", len(mails))
	}
}

func TestExpiredAndInventedLinksOpenNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.Browser(t)
		b.Post("/sign-in/forgot", url.Values{"email": {"marit@example.com"}})
		link := s.Mailed(t, "marit@example.com")
		s.Exec(t, `UPDATE mailed_links SET expires_at = $1`, db.At(d.Clock().Wall()))
		for _, path := range []string{link, "/sign-in/password?token=invented", "/sign-in/password", "/sign-in/address?token=invented", "/sign-in/address?token=" + dashboardtest.TokenOf(t, link)} {
			if got := b.Get(path); got.Status != http.StatusNotFound {
				t.Errorf("GET %s: %d", path, got.Status)
			}
		}
		for _, path := range []string{"/sign-in/password", "/sign-in/address"} {
			for _, token := range []string{dashboardtest.TokenOf(t, link), "invented", ""} {
				if got := b.Post(path, url.Values{"token": {token}, "password": {"a fresh password"}}); got.Status != http.StatusNotFound {
					t.Errorf("POST %s: %d", path, got.Status)
				}
			}
		}
	})
}

func TestAChangedPasswordEndsTheLinksInMails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		b.Post("/sign-in/forgot", url.Values{"email": {"marit@example.com"}})
		link := s.Mailed(t, "marit@example.com")
		if got := b.Post("/dashboard/acme/account/password", url.Values{"current_password": {dashboardtest.Password}, "password": {"a fresh password"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("changing: %d %s", got.Status, got.Said())
		}
		if got := b.Get(link); got.Status != http.StatusNotFound {
			t.Errorf("the link afterwards: %d", got.Status)
		}
	})
}
