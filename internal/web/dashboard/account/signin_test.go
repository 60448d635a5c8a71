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

func TestSignInLeadsBackToWhatWasWanted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.Browser(t)
		asked := b.Get("/dashboard/acme/links?q=summer")
		if want := "/sign-in?next=" + url.QueryEscape("/dashboard/acme/links?q=summer"); asked.Status != http.StatusSeeOther || asked.Location != want {
			t.Fatalf("a stranger is answered %d %q, want a redirect to %q", asked.Status, asked.Location, want)
		}
		form := b.Get(asked.Location)
		if !form.Has(`value="/dashboard/acme/links?q=summer"`) {
			t.Error("the form forgot where to go")
		}
		in := b.Post("/sign-in", url.Values{"email": {" Marit@Example.com "}, "password": {dashboardtest.Password}, "next": {"/dashboard/acme/links?q=summer"}})
		if in.Status != http.StatusSeeOther || in.Location != "/dashboard/acme/links?q=summer" {
			t.Fatalf("signing in: %d %q", in.Status, in.Location)
		}
		if got := b.Get(in.Location); got.Status != http.StatusOK {
			t.Errorf("the page after signing in: %d", got.Status)
		}
	})
}

func TestSignInNeverLeadsToAnotherSite(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	for _, next := range []string{"//evil.example/", "/\\evil.example/", "https://evil.example/", "/%2Fevil.example/ x", "javascript:alert(1)"} {
		got := s.Browser(t).Post("/sign-in", url.Values{"email": {"marit@example.com"}, "password": {dashboardtest.Password}, "next": {next}})
		if got.Location != "/dashboard" {
			t.Errorf("with next=%q signing in leads to %q", next, got.Location)
		}
	}
}

func TestWrongPasswordKeepsTheAddressAndIsThrottled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.Browser(t)
		wrong := url.Values{"email": {"marit@example.com"}, "password": {"guess"}}
		got := b.Post("/sign-in", wrong)
		if got.Status != http.StatusUnprocessableEntity || !got.Has(`value="marit@example.com"`, `role="alert"`) {
			t.Fatalf("a wrong password: %d", got.Status)
		}
		if got.Has(`value="guess"`) {
			t.Error("the password stands in the page")
		}
		for range 40 {
			if got = b.Post("/sign-in", wrong); got.Status == http.StatusTooManyRequests {
				break
			}
		}
		if got.Status != http.StatusTooManyRequests || !got.Has("Try again") {
			t.Fatalf("guessing on: %d", got.Status)
		}
		right := b.Post("/sign-in", url.Values{"email": {"marit@example.com"}, "password": {dashboardtest.Password}})
		if right.Status != http.StatusTooManyRequests {
			t.Errorf("the right password while throttled: %d", right.Status)
		}
	})
}

func TestSignOutEndsTheSession(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		at, err := url.Parse(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		stolen := b.Jar.Cookies(at)
		if out := b.Post("/sign-out", nil); out.Location != "/sign-in" {
			t.Fatalf("signing out: %d %q", out.Status, out.Location)
		}
		thief := s.Browser(t)
		thief.Jar.SetCookies(at, stolen)
		if got := thief.Get("/dashboard/acme/links"); !strings.HasPrefix(got.Location, "/sign-in") {
			t.Errorf("the old cookie still opens the dashboard: %d %q", got.Status, got.Location)
		}
	})
}

// A session planted in a browser before must not become the member's.
func TestSignInChangesTheToken(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	at, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	b := s.SignedIn(t, "marit@example.com")
	token := func() string {
		for _, c := range b.Jar.Cookies(at) {
			if c.Name == "session" {
				return c.Value
			}
		}
		return ""
	}
	before := token()
	b.Post("/sign-in", url.Values{"email": {"marit@example.com"}, "password": {dashboardtest.Password}})
	if after := token(); after == before || after == "" {
		t.Error("the token stayed the same")
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	for _, path := range []string{"/sign-in", "/sign-out", "/dashboard/acme/links", "/dashboard/acme/products", "/dashboard/acme/page"} {
		r, err := http.NewRequest(http.MethodPost, s.URL+path, strings.NewReader("name=a"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		r.Header.Set("Origin", "https://evil.example")
		if got := b.Send(r); got.Status != http.StatusForbidden {
			t.Errorf("POST %s from another site: %d, want 403", path, got.Status)
		}
	}
}

func TestDashboardLeadsToTheOnlyBusinessOrLetsChoose(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	if got := b.Get("/dashboard"); got.Location != "/dashboard/acme" {
		t.Errorf("with one business: %q", got.Location)
	}
	s.Business(t, "zenith", "marit@example.com")
	if got := b.Get("/dashboard"); got.Status != http.StatusOK || !got.Has("/dashboard/acme", "/dashboard/zenith") {
		t.Errorf("with two businesses: %d %s", got.Status, got.Said())
	}
	if got := b.Get("/dashboard/acme/links"); !got.Has(`href="/dashboard/zenith"`) {
		t.Error("the sidebar does not lead to the other business")
	}
}

// Whoever looks after a business sees who came in and how, who tried, and what was
// changed about it; whoever it was done to gets a mail.
func TestSignInsAndTheirChangesAreNotedAndMailed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		stranger := s.Browser(t)
		for range 9 {
			stranger.Post("/sign-in", url.Values{"email": {"marit@example.com"}, "password": {"guess"}})
		}
		stranger.Post("/sign-in", url.Values{"email": {"nobody@example.com"}, "password": {"guess"}})
		b := s.SignedIn(t, "marit@example.com")
		const mine = "/dashboard/acme/account"
		b.Get("/dashboard/acme/customers.csv")
		b.Get("/dashboard/acme/transactions.csv")
		b.Post(mine+"/password", url.Values{"current_password": {"guess"}, "password": {"zephyr quilt harbour"}})
		s.Mails(t)
		b.Post(mine+"/password", url.Values{"current_password": {dashboardtest.Password}, "password": {"zephyr quilt harbour"}})
		if mails := s.Mails(t); len(mails) != 1 || mails[0].To != "marit@example.com" || !strings.Contains(mails[0].Text, "Your password was changed") || !strings.Contains(mails[0].Text, s.URL+"/sign-in/forgot") && !strings.Contains(mails[0].Text, "/sign-in/forgot") {
			t.Errorf("mails of the new password: %+v", mails)
		}
		b.Post(mine+"/address", url.Values{"current_password": {"zephyr quilt harbour"}, "email": {"marit@other.example"}})
		b.Post("/sign-in/address", url.Values{"token": {dashboardtest.TokenOf(t, s.Mailed(t, "marit@other.example"))}})
		told := map[string]bool{}
		for _, m := range s.Mails(t) {
			told[m.To] = strings.Contains(m.Text, "Your email address was changed")
		}
		if !told["marit@example.com"] || !told["marit@other.example"] {
			t.Errorf("of the new address were told %v", told)
		}
		page := b.Get("/dashboard/acme/settings/audit")
		for what, times := range map[string]int{
			"Gave a wrong password for Marit de Boer": 9, "Signed in with a password": 1, "Exported customers": 1, "Exported transactions": 1,
			"Gave a wrong password in an open session for Marit de Boer": 1, "Changed their password": 1, "Changed their e-mail address": 1,
		} {
			if n := strings.Count(page.Body, "· "+what+"<"); n != times {
				t.Errorf("%q is noted %d times: %s", what, n, page.Said())
			}
		}
	})
}

// The sign-in address is nobody's business but its owner's.
func TestTheSignInAddressIsNotThePublicContact(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	if got := b.Post("/dashboard/acme/account/businesses", url.Values{"business": {"Second"}, "handle": {"second"}, "currency": {"EUR"}, "locale": {"en"}, "time_zone": {"UTC"}}); got.Location != "/dashboard/second" {
		t.Fatalf("adding one: %d %s", got.Status, got.Said())
	}
	made, _, err := s.Businesses.ByHandle(t.Context(), "second")
	if err != nil || made.ContactEmail != "" {
		t.Errorf("its contact is %q, %v", made.ContactEmail, err)
	}
}
