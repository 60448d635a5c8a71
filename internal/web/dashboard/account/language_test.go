package account_test

import (
	"net/http"
	"net/url"
	"testing"

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
