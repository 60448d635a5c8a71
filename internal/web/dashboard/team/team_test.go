package team_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestSomebodyNewIsInvitedMakesAnAccountAndIsIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		for _, wrong := range []url.Values{{"email": {"sam@example"}, "role": {"staff"}}, {"email": {"marit@example.com"}, "role": {"staff"}}} {
			if got := b.Post("/dashboard/acme/settings/team", wrong); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="email-error"`, `value="`+wrong.Get("email")+`"`) {
				t.Errorf("inviting %v: %d", wrong, got.Status)
			}
		}
		if got := b.Post("/dashboard/acme/settings/team", url.Values{"email": {"Sam@example.com"}, "role": {"staff"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("inviting: %d %s", got.Status, got.Said())
		}
		if page := b.Get("/dashboard/acme/settings/team"); !page.Has("Sam@example.com", "Invited by Marit de Boer, ends 25 Feb 2026") {
			t.Errorf("the page: %s", page.Said())
		}
		link := s.Mailed(t, "Sam@example.com")
		sam := s.Browser(t)
		if page := sam.Get(link); page.Status != http.StatusOK || !page.Has("Join Studio acme", "Marit de Boer", `name="password"`) {
			t.Fatalf("the page of the link: %d %s", page.Status, page.Said())
		}
		form := url.Values{"token": {dashboardtest.TokenOf(t, link)}, "as": {"new"}, "name": {"Sam Bakker"}, "password": {"short"}}
		if got := sam.Post("/sign-in/invitation", form); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="password-error"`, `value="Sam Bakker"`) {
			t.Errorf("a short password: %d", got.Status)
		}
		form.Set("password", dashboardtest.Password)
		if got := sam.Post("/sign-in/invitation", form); got.Location != "/dashboard/acme" {
			t.Fatalf("joining: %d %s", got.Status, got.Said())
		}
		if page := sam.Get("/dashboard/acme/links"); page.Status != http.StatusOK || !page.Has("Sam Bakker", "Staff", "Welcome to Studio acme") {
			t.Errorf("afterwards: %d", page.Status)
		}
		if role := s.Role(t, acme, s.UserID(t, "sam@example.com")); role != account.Staff {
			t.Errorf("the role is %q", role)
		}
		for _, got := range []dashboardtest.Answer{s.Browser(t).Get(link), s.Browser(t).Post("/sign-in/invitation", form), b.Post("/sign-in/invitation", url.Values{"token": {dashboardtest.TokenOf(t, link)}})} {
			if got.Status != http.StatusNotFound {
				t.Errorf("the link again: %d", got.Status)
			}
		}
	})
}

// An invitation is in the language of the business, the role too.
func TestAnInvitationNamesTheRoleInItsLanguage(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	for locale, says := range map[string]string{"en": ", as admin.", "nl": ", als beheerder.", "de": "(Rolle: Admin)", "ar": "بصفة مدير"} {
		if _, err := s.Businesses.Update(t.Context(), acme.ID, 0, business.Patch{Locale: &locale}); err != nil {
			t.Fatal(err)
		}
		if got := b.Post("/dashboard/acme/settings/team", url.Values{"email": {locale + "@example.com"}, "role": {"admin"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("inviting: %d %s", got.Status, got.Said())
		}
		if mails := s.Mails(t); len(mails) != 1 || !strings.Contains(mails[0].Text, says) {
			t.Errorf("in %s the mail lacks %q: %+v", locale, says, mails)
		}
	}
}

// Who has an account is invited in the language that they chose there, also when they are
// invited again.
func TestAnInvitationIsInTheLanguageOfItsAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		s.Business(t, "zenith", "zoe@example.com")
		if got := s.SignedIn(t, "zoe@example.com").Post("/dashboard/zenith/account/language", url.Values{"language": {"de"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("choosing: %d", got.Status)
		}
		b := s.SignedIn(t, "marit@example.com")
		invite := url.Values{"email": {"Zoe@Example.com"}, "role": {"admin"}}
		for range 2 {
			if got := b.Post("/dashboard/acme/settings/team", invite); got.Status != http.StatusSeeOther {
				t.Fatalf("inviting: %d %s", got.Status, got.Said())
			}
			if mails := s.Mails(t); len(mails) != 1 || !strings.Contains(mails[0].Text, "(Rolle: Admin)") {
				t.Errorf("the mail is %+v", mails)
			}
		}
	})
}

func TestSomebodyWithAnAccountJoinsAfterSigningIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		s.Business(t, "zenith", "zoe@example.com")
		s.SignedIn(t, "marit@example.com").Post("/dashboard/acme/settings/team", url.Values{"email": {"zoe@example.com"}, "role": {"admin"}})
		link := s.Mailed(t, "zoe@example.com")
		b := s.Browser(t)
		page := b.Get(link)
		signIn := regexp.MustCompile(`href="(/sign-in\?next=[^"]+)"`).FindStringSubmatch(page.Body)
		if signIn == nil || page.Has(`name="password"`) {
			t.Fatalf("the page of the link: %d %s", page.Status, page.Said())
		}
		if got := b.Post("/sign-in/invitation", url.Values{"token": {dashboardtest.TokenOf(t, link)}}); !strings.HasPrefix(got.Location, "/sign-in") {
			t.Errorf("joining as nobody: %d %q", got.Status, got.Location)
		}
		next, err := url.Parse(signIn[1])
		if err != nil {
			t.Fatal(err)
		}
		in := b.Post("/sign-in", url.Values{"email": {"zoe@example.com"}, "password": {dashboardtest.Password}, "next": {next.Query().Get("next")}})
		if in.Location != link {
			t.Fatalf("signing in leads to %q, not back to the invitation", in.Location)
		}
		if page := b.Get(in.Location); !page.Has("You are signed in as Marit de Boer", "zoe@example.com") { // all owners of this test have one name
			t.Errorf("signed in: %s", page.Said())
		}
		if got := b.Post("/sign-in/invitation", url.Values{"token": {dashboardtest.TokenOf(t, link)}}); got.Location != "/dashboard/acme" {
			t.Fatalf("joining: %d %s", got.Status, got.Said())
		}
		if page := b.Get("/dashboard/acme/settings/team"); page.Status != http.StatusOK || !page.Has("zoe@example.com") {
			t.Errorf("as an admin: %d", page.Status)
		}
	})
}

var invitationInPage = regexp.MustCompile(`/settings/team/invitations/(inv_[a-z0-9]+)/again`)

func TestInvitationsEndWhenTakenBackSentAgainOrTooOld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		b.Post("/dashboard/acme/settings/team", url.Values{"email": {"sam@example.com"}, "role": {"staff"}})
		first := s.Mailed(t, "sam@example.com")
		found := invitationInPage.FindStringSubmatch(b.Get("/dashboard/acme/settings/team").Body)
		if found == nil {
			t.Fatal("it is not listed")
		}
		at := "/dashboard/acme/settings/team/invitations/" + found[1]
		s.Exec(t, `UPDATE invitations SET expires_at = $1`, db.At(d.Clock().Wall()))
		if got := b.Get(first); got.Status != http.StatusNotFound {
			t.Errorf("too old: %d", got.Status)
		}
		if page := b.Get("/dashboard/acme/settings/team"); !page.Has("Expired") {
			t.Error("the page does not say that it is too old")
		}
		if got := b.Post(at+"/again", nil); got.Status != http.StatusSeeOther {
			t.Fatalf("sending again: %d %s", got.Status, got.Said())
		}
		second := s.Mailed(t, "sam@example.com")
		if got := b.Get(first); got.Status != http.StatusNotFound || b.Get(second).Status != http.StatusOK {
			t.Errorf("sent again, the old link is answered %d", got.Status)
		}
		if got := b.Post(at+"/back", nil); got.Status != http.StatusSeeOther {
			t.Fatalf("taking back: %d", got.Status)
		}
		form := url.Values{"token": {dashboardtest.TokenOf(t, second)}, "as": {"new"}, "name": {"Sam"}, "password": {dashboardtest.Password}}
		if got := s.Browser(t).Post("/sign-in/invitation", form); got.Status != http.StatusNotFound {
			t.Errorf("taken back: %d", got.Status)
		}
		for _, act := range []string{"/again", "/back"} {
			if got := b.Post(at+act, nil); got.Status != http.StatusNotFound {
				t.Errorf("%s of one that is gone: %d", act, got.Status)
			}
		}
	})
}

func TestTheLastOwnerStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		marit := s.UserID(t, "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		at := "/dashboard/acme/settings/team/" + string(marit)
		for _, got := range []dashboardtest.Answer{b.Post(at+"/remove", nil), b.Post(at+"/role", url.Values{"role": {"staff"}})} {
			if got.Status != http.StatusConflict || !got.Has("This is the only owner") {
				t.Errorf("the only owner goes: %d", got.Status)
			}
		}
		s.Member(t, acme, "sam@example.com", account.Owner)
		if got := b.Post(at+"/role", url.Values{"role": {"staff"}}); got.Status != http.StatusSeeOther {
			t.Errorf("one of two owners becomes staff: %d %s", got.Status, got.Said())
		}
		if got := b.Get("/dashboard/acme/settings/team"); got.Status != http.StatusForbidden {
			t.Errorf("staff see the settings: %d", got.Status)
		}
	})
}

// Staff, who see no page of the team, leave it from My account, and take out nobody else.
func TestStaffLeaveTheTeam(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		s.Member(t, acme, "sam@example.com", account.Staff)
		s.Member(t, acme, "kim@example.com", account.Staff)
		b := s.SignedIn(t, "sam@example.com")
		const team = "/dashboard/acme/settings/team/"
		for _, other := range []string{"marit@example.com", "kim@example.com"} {
			at := team + string(s.UserID(t, other)) + "/remove"
			if asked, done := b.Get(at), b.Post(at, nil); asked.Status != http.StatusForbidden || done.Status != http.StatusForbidden {
				t.Errorf("staff take out %s: %d, %d", other, asked.Status, done.Status)
			}
		}
		leave := team + string(s.UserID(t, "sam@example.com")) + "/remove"
		if got := b.Get("/dashboard/acme/account"); !got.Has(`href="` + leave + `"`) {
			t.Error("there is no way out of the team in My account")
		}
		if got := b.Get(leave); got.Status != http.StatusOK || !got.Has("You will no longer see its links", `href="/dashboard/acme/account"`) {
			t.Errorf("%d: %s", got.Status, got.Said())
		}
		if got := b.Post(leave, nil); got.Status != http.StatusSeeOther {
			t.Errorf("staff can't leave: %d %s", got.Status, got.Said())
		}
		if got := b.Get("/dashboard/acme/links"); got.Status != http.StatusNotFound {
			t.Errorf("who left sees the links: %d", got.Status)
		}
	})
}

func TestTwoOwnersWhoGoAtOnceLeaveOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		marit := s.UserID(t, "marit@example.com")
		for range 5 {
			s.Exec(t, `DELETE FROM members WHERE business_id = $1`, acme.ID)
			s.Exec(t, `DELETE FROM users WHERE email_folded = 'sam@example.com'`)
			sam := s.Member(t, acme, "sam@example.com", account.Owner)
			s.Exec(t, `INSERT INTO members (business_id, user_id, role, created_at) VALUES ($1, $2, 'owner', 0)`, acme.ID, marit)
			var wg sync.WaitGroup
			wg.Go(func() { _ = s.Accounts.RemoveMember(t.Context(), acme.ID, marit, marit, account.Ending{}) })
			wg.Go(func() { _ = s.Accounts.ChangeRole(t.Context(), acme.ID, sam, sam, account.Staff, account.Ending{}) })
			wg.Wait()
			var owners int
			if err := d.Get(t.Context(), &owners, `SELECT COUNT(*) FROM members WHERE business_id = $1 AND role = 'owner'`, acme.ID); err != nil || owners != 1 {
				t.Fatalf("%d owners are left, %v", owners, err)
			}
		}
	})
}

func TestAdminsManageAllButOwners(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		marit := s.UserID(t, "marit@example.com")
		s.Member(t, acme, "ada@example.com", account.Admin)
		sam := s.Member(t, acme, "sam@example.com", account.Staff)
		b := s.SignedIn(t, "ada@example.com")
		base := "/dashboard/acme/settings/team/"
		for name, got := range map[string]dashboardtest.Answer{
			"remove an owner": b.Post(base+string(marit)+"/remove", nil),
			"demote an owner": b.Post(base+string(marit)+"/role", url.Values{"role": {"staff"}}),
			"make an owner":   b.Post(base+string(sam)+"/role", url.Values{"role": {"owner"}}),
			"invite an owner": b.Post("/dashboard/acme/settings/team", url.Values{"email": {"new@example.com"}, "role": {"owner"}}),
		} {
			if got.Status != http.StatusForbidden {
				t.Errorf("an admin may %s: %d", name, got.Status)
			}
		}
		if len(s.Mails(t)) != 0 {
			t.Error("a refused invitation is mailed")
		}
		if got := b.Post(base+string(sam)+"/role", url.Values{"role": {"admin"}}); got.Status != http.StatusSeeOther || s.Role(t, acme, sam) != account.Admin {
			t.Errorf("making an admin: %d", got.Status)
		}
		if page := b.Get(base + string(sam) + "/remove"); !page.Has("Remove Member sam@example.com from the team?") {
			t.Errorf("asking: %d", page.Status)
		}
		other := s.SignedIn(t, "sam@example.com")
		if got := b.Post(base+string(sam)+"/remove", nil); got.Status != http.StatusSeeOther || s.Role(t, acme, sam) != "" {
			t.Errorf("removing: %d", got.Status)
		}
		if got := other.Get("/dashboard/acme/links"); got.Status != http.StatusNotFound {
			t.Errorf("who was removed still sees %d", got.Status)
		}
		if page := other.Get("/dashboard"); !page.Has("not a member of any business") {
			t.Errorf("and is told: %d", page.Status)
		}
		if got := b.Post(base+string(sam)+"/role", url.Values{"role": {"staff"}}); got.Status != http.StatusNotFound {
			t.Errorf("changing who is gone: %d", got.Status)
		}
	})
}

// An invitation of another business cannot be taken back or sent again.
func TestInvitationsOfOthersDoNotExist(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		s.Business(t, "zenith", "zoe@example.com")
		zoe := s.SignedIn(t, "zoe@example.com")
		zoe.Post("/dashboard/zenith/settings/team", url.Values{"email": {"sam@example.com"}, "role": {"staff"}})
		link := s.Mailed(t, "sam@example.com")
		id := invitationInPage.FindStringSubmatch(zoe.Get("/dashboard/zenith/settings/team").Body)[1]
		b := s.SignedIn(t, "marit@example.com")
		for _, act := range []string{"/again", "/back"} {
			if got := b.Post("/dashboard/acme/settings/team/invitations/"+id+act, nil); got.Status != http.StatusNotFound {
				t.Errorf("%s: %d", act, got.Status)
			}
		}
		zoeID := s.UserID(t, "zoe@example.com")
		for _, got := range []dashboardtest.Answer{
			b.Get("/dashboard/acme/settings/team/" + string(zoeID) + "/remove"), b.Post("/dashboard/acme/settings/team/"+string(zoeID)+"/remove", nil),
			b.Post("/dashboard/acme/settings/team/"+string(zoeID)+"/role", url.Values{"role": {"staff"}}),
		} {
			if got.Status != http.StatusNotFound {
				t.Errorf("a member of another business: %d", got.Status)
			}
		}
		if got := b.Get(link); got.Status != http.StatusOK || len(s.Mails(t)) != 0 {
			t.Errorf("the invitation: %d", got.Status)
		}
	})
}

// Whoever removes or demotes somebody sees what they can still open, and ends it.
func TestFewerRightsShowWhatOutlivesThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		sam := s.Member(t, acme, "sam@example.com", account.Owner)
		hers := s.SignedIn(t, "sam@example.com")
		hers.Post("/dashboard/acme/settings/tokens", url.Values{"name": {"Sam's shop"}, "scope": {"all"}})
		hers.Post("/dashboard/acme/settings/team", url.Values{"email": {"new@example.com"}, "role": {"owner"}})
		invitation := s.Mailed(t, "new@example.com")
		b := s.SignedIn(t, "marit@example.com")
		team := "/dashboard/acme/settings/team"
		if page := b.Get("/dashboard/acme/settings/tokens"); !page.Has("by Member sam@example.com", "Never used") {
			t.Errorf("the tokens: %s", page.Said())
		}
		if page := b.Get(team); !page.Has(team + "/" + string(sam) + "/role?role=staff") {
			t.Errorf("a demotion does not ask first: %s", page.Said())
		}
		for _, ask := range []string{"/role?role=staff", "/role?role=admin", "/remove"} {
			if page := b.Get(team + "/" + string(sam) + ask); page.Status != http.StatusOK || !page.Has("new@example.com", "Sam&#39;s shop", "Everything · Never used", "last seen", `name="sessions"`) {
				t.Errorf("%s: %d %s", ask, page.Status, page.Said())
			}
		}
		token := regexp.MustCompile(`name="token" value="(tok_[a-z0-9]+)"`).FindStringSubmatch(b.Get(team + "/" + string(sam) + "/remove").Body)
		if token == nil {
			t.Fatal("the token is not offered")
		}
		if got := b.Post(team+"/"+string(sam)+"/role", url.Values{"role": {"admin"}, "token": {token[1]}, "sessions": {"on"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("demoting: %d %s", got.Status, got.Said())
		}
		if got := b.Get(invitation); got.Status != http.StatusNotFound {
			t.Errorf("the invitation: %d", got.Status)
		}
		if page := b.Get("/dashboard/acme/settings/tokens"); page.Has("Sam&#39;s shop") {
			t.Error("the token is left")
		}
		if got := hers.Get("/dashboard/acme/links"); !strings.HasPrefix(got.Location, "/sign-in") {
			t.Errorf("the session: %d", got.Status)
		}
		if page := b.Get("/dashboard/acme/settings/audit"); !page.Has("Changed a role", "Ended an invitation that Member sam@example.com had given", "Revoked an API token that", "Signed Member sam@example.com out everywhere") {
			t.Errorf("the audit log: %s", page.Said())
		}
	})
}
