package account_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestTheDashboardIsInTheLanguageThatAMemberChooses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		if page := b.GetIn("de-AT,de;q=0.9", "/dashboard/acme/account"); !page.Has(`<html lang="de" dir="ltr"`, "Mein Konto") {
			t.Error("without a choice the page is not in the browser's language")
		}
		if page := b.Get("/dashboard/acme/account"); !page.Has(`<html lang="en" dir="ltr"`, "My account") {
			t.Error("a browser that says nothing is not answered in English")
		}
		if got := b.Post("/dashboard/acme/account/language", url.Values{"language": {"tlh"}}); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="language-error"`) {
			t.Errorf("a language that there is not: %d", got.Status)
		}
		if got := b.Post("/dashboard/acme/account/language", url.Values{"language": {"ar"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("choosing: %d %s", got.Status, got.Said())
		}
		if page := b.GetIn("de", "/dashboard/acme/account"); !page.Has(`<html lang="ar" dir="rtl"`, "حسابي", "تم حفظ اللغة", `<option value="ar" selected`) {
			t.Error("the choice does not outweigh the browser")
		}
		if page := s.Browser(t).GetIn("nl", "/sign-in"); !page.Has(`<html lang="nl" dir="ltr"`) {
			t.Error("the page before signing in does not follow the browser")
		}
	})
}

// Mails about an account are no business's: they come in the language that its owner chose,
// else in that of their business.
func TestMailsAboutAnAccountAreInItsOwnersLanguage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		nl := "nl"
		if _, err := s.Businesses.Update(t.Context(), acme.ID, 0, business.Patch{Locale: &nl}); err != nil {
			t.Fatal(err)
		}
		b := s.SignedIn(t, "marit@example.com")
		want := func(when, words string) {
			t.Helper()
			if all := s.Mails(t); len(all) != 1 || !strings.Contains(all[0].Text, words) {
				t.Errorf("%s: not one with %q: %+v", when, words, all)
			}
		}
		change := func(from, to string) {
			t.Helper()
			if got := b.Post("/dashboard/acme/account/password", url.Values{"current_password": {from}, "password": {to}}); got.Status != http.StatusSeeOther {
				t.Fatalf("changing the password: %d %s", got.Status, got.Said())
			}
		}
		change(dashboardtest.Password, "a fresh password")
		want("a new password, without a choice", "Hallo Marit")
		b.Post("/dashboard/acme/account/language", url.Values{"language": {"de"}})
		change("a fresh password", dashboardtest.Password)
		want("a new password", "Guten Tag Marit")
		b.Post("/dashboard/acme/account/address", url.Values{"email": {"new@example.com"}, "current_password": {dashboardtest.Password}})
		want("a new address", "bestätigen")
		s.Browser(t).Post("/sign-in/forgot", url.Values{"email": {"marit@example.com"}})
		want("a forgotten password", "Passwort")
	})
}
