package account_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// Who was taken out of their last business has an account still: it is shown outside of any
// business, and is changed, handed out and removed there.
func TestWhoBelongsToNoBusinessHasTheirAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		sam := s.Member(t, acme, "sam@example.com", account.Staff)
		b := s.SignedIn(t, "sam@example.com")
		const own = "/dashboard/account"
		if got := b.Get(own); got.Location != "/dashboard/acme/account" {
			t.Errorf("a member is led to %q, %d", got.Location, got.Status)
		}
		if got := b.Get("/dashboard/acme/account"); got.Has("/account/remove") || !got.Has("once you belong to no business") {
			t.Errorf("a member: %s", got.Said())
		}
		if got := b.Post(own+"/remove", url.Values{"current_password": {dashboardtest.Password}}); got.Status == http.StatusSeeOther {
			t.Error("a member has removed their account")
		}
		marit := s.SignedIn(t, "marit@example.com")
		if got := marit.Post("/dashboard/acme/settings/team/"+string(sam)+"/remove", nil); got.Status != http.StatusSeeOther {
			t.Fatalf("taken out of the team: %d %s", got.Status, got.Said())
		}
		b = s.SignedIn(t, "sam@example.com")
		if got := b.Get("/dashboard"); !got.Has("not a member of any business", `href="`+own+`"`) {
			t.Errorf("where they come to: %s", got.Said())
		}
		page := b.Get(own)
		if page.Status != http.StatusOK || !page.Has("sam@example.com", `action="`+own+`/password"`, `action="/sign-out"`, own+"/data.json") || page.Has("acme") {
			t.Fatalf("their account: %d %s", page.Status, page.Said())
		}
		if got := b.Submit(own+"/name", url.Values{"name": {"Sam Beck"}}); got.Status != http.StatusOK || !got.Has("Sam Beck", "Name saved") {
			t.Errorf("another name: %d %s", got.Status, got.Said())
		}
		if got := b.Post(own+"/address", url.Values{"email": {"new@example.com"}, "current_password": {dashboardtest.Password}}); got.Location != own {
			t.Errorf("a new address: %d %s", got.Status, got.Said())
		}
		if got := b.Post("/sign-in/address", url.Values{"token": {dashboardtest.TokenOf(t, s.Mailed(t, "new@example.com"))}}); got.Status != http.StatusSeeOther {
			t.Errorf("the new address: %d %s", got.Status, got.Said())
		}
		const fresh = "a house by the lake"
		if got := b.Post(own+"/password", url.Values{"current_password": {dashboardtest.Password}, "password": {fresh}}); got.Location != own {
			t.Errorf("a new password: %d %s", got.Status, got.Said())
		}
		if got := b.Get(own + "/data.json"); !got.Has(`"name": "Sam Beck"`, `"email": "new@example.com"`, `"businesses": []`) || !strings.Contains(got.Header.Get("Content-Disposition"), "account.json") {
			t.Errorf("their data: %s", got.Body)
		}
		if got := b.Get("/dashboard/acme/account"); got.Status != http.StatusNotFound {
			t.Errorf("the business that they left: %d", got.Status)
		}
		if got := b.Post(own+"/remove", url.Values{"current_password": {"guess"}}); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="removal-password-error"`) {
			t.Errorf("removed by a guess: %d %s", got.Status, got.Said())
		}
		if got := b.Submit(own+"/remove", url.Values{"current_password": {fresh}}); !got.Has("Your account is removed", `action="/sign-in"`) {
			t.Errorf("removed: %d %s", got.Status, got.Said())
		}
		if got := b.Get(own); got.Status != http.StatusSeeOther || !strings.HasPrefix(got.Location, "/sign-in") {
			t.Errorf("afterwards: %d %q", got.Status, got.Location)
		}
		if got := s.Browser(t).Post("/sign-in", url.Values{"email": {"new@example.com"}, "password": {fresh}}); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("signing in afterwards: %d", got.Status)
		}
	})
}
