package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestAForgottenPasswordIsReplacedByMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		elsewhere := s.signedIn(t, "marit@example.com")
		b := s.browser(t)
		if page := b.get("/sign-in"); !page.Has(`href="/sign-in/forgot"`) {
			t.Error("the sign-in does not lead there")
		}
		if got := b.post("/sign-in/forgot", url.Values{"email": {" Marit@example.com "}}); got.Status != http.StatusOK || !got.Has("Look into your inbox") {
			t.Fatalf("asking: %d %s", got.Status, got.Said())
		}
		link := s.mailed(t, "marit@example.com")
		for range 2 { // looking does not use it up
			if form := b.get(link); form.Status != http.StatusOK || !form.Has("marit@example.com", `name="password"`) || form.Header.Get("Referrer-Policy") != "no-referrer" {
				t.Fatalf("the page of the link: %d %s", form.Status, form.Said())
			}
		}
		token := tokenOf(t, link)
		if got := b.post("/sign-in/password", url.Values{"token": {token}, "password": {"short"}}); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="password-error"`) {
			t.Errorf("a short password: %d", got.Status)
		}
		if got := b.post("/sign-in/password", url.Values{"token": {token}, "password": {"a fresh password"}}); got.Location != "/sign-in" {
			t.Fatalf("saving: %d %s", got.Status, got.Said())
		}
		if page := b.get("/sign-in"); !page.Has("new password is saved") {
			t.Error("nobody says that it worked")
		}
		if got := elsewhere.get("/dashboard/acme/links"); !strings.HasPrefix(got.Location, "/sign-in") {
			t.Errorf("another session goes on: %d", got.Status)
		}
		if got := b.post("/sign-in", url.Values{"email": {"marit@example.com"}, "password": {password}}); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("the old password: %d", got.Status)
		}
		if got := b.post("/sign-in", url.Values{"email": {"marit@example.com"}, "password": {"a fresh password"}}); got.Status != http.StatusSeeOther {
			t.Errorf("the new password: %d", got.Status)
		}
		if got := b.get(link); got.Status != http.StatusNotFound {
			t.Errorf("the link again: %d", got.Status)
		}
		if got := b.post("/sign-in/password", url.Values{"token": {token}, "password": {"another password"}}); got.Status != http.StatusNotFound {
			t.Errorf("the token again: %d", got.Status)
		}
	})
}

// tokenOf is the secret in the link of a mail.
func tokenOf(t *testing.T, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil || u.Query().Get("token") == "" {
		t.Fatalf("no token in %q", link)
	}
	return u.Query().Get("token")
}

func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		b := s.browser(t)
		known := b.post("/sign-in/forgot", url.Values{"email": {"marit@example.com"}})
		unknown := b.post("/sign-in/forgot", url.Values{"email": {"nobody@example.com"}})
		if known.Status != unknown.Status || strings.ReplaceAll(known.Body, "marit@", "nobody@") != unknown.Body {
			t.Errorf("the answers differ: %d and %d", known.Status, unknown.Status)
		}
		s.mailed(t, "marit@example.com")
		var stored int
		if err := d.Get(t.Context(), &stored, `SELECT COUNT(*) FROM mailed_links`); err != nil || stored != 2 {
			t.Errorf("%d links were stored, want one for each so that the work is the same: %v", stored, err)
		}
	})
}

func TestMailsForAForgottenPasswordAreFew(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	s.business(t, "acme", "marit@example.com")
	b := s.browser(t)
	for range 5 {
		if got := b.post("/sign-in/forgot", url.Values{"email": {"marit@example.com"}}); got.Status != http.StatusOK || !got.Has("Look into your inbox") {
			t.Fatalf("asking often is told: %d", got.Status)
		}
	}
	if mails := s.mails(t); len(mails) != 3 {
		t.Errorf("%d mails, want 3", len(mails))
	}
}

func TestExpiredAndInventedLinksOpenNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		b := s.browser(t)
		b.post("/sign-in/forgot", url.Values{"email": {"marit@example.com"}})
		link := s.mailed(t, "marit@example.com")
		s.exec(t, `UPDATE mailed_links SET expires_at = $1`, db.At(d.Clock().Wall()))
		for _, path := range []string{link, "/sign-in/password?token=invented", "/sign-in/password", "/sign-in/address?token=invented", "/sign-in/address?token=" + tokenOf(t, link)} {
			if got := b.get(path); got.Status != http.StatusNotFound {
				t.Errorf("GET %s: %d", path, got.Status)
			}
		}
		for _, path := range []string{"/sign-in/password", "/sign-in/address"} {
			for _, token := range []string{tokenOf(t, link), "invented", ""} {
				if got := b.post(path, url.Values{"token": {token}, "password": {"a fresh password"}}); got.Status != http.StatusNotFound {
					t.Errorf("POST %s: %d", path, got.Status)
				}
			}
		}
	})
}

func TestAChangedPasswordEndsTheLinksInMails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		b := s.signedIn(t, "marit@example.com")
		b.post("/sign-in/forgot", url.Values{"email": {"marit@example.com"}})
		link := s.mailed(t, "marit@example.com")
		if got := b.post("/dashboard/acme/account/password", url.Values{"current_password": {password}, "password": {"a fresh password"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("changing: %d %s", got.Status, got.Said())
		}
		if got := b.get(link); got.Status != http.StatusNotFound {
			t.Errorf("the link afterwards: %d", got.Status)
		}
	})
}
