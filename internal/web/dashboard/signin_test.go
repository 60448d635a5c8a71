package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestSignInLeadsBackToWhatWasWanted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		b := s.browser(t)
		asked := b.get("/dashboard/acme/links?q=summer")
		if want := "/sign-in?next=" + url.QueryEscape("/dashboard/acme/links?q=summer"); asked.Status != http.StatusSeeOther || asked.Location != want {
			t.Fatalf("a stranger is answered %d %q, want a redirect to %q", asked.Status, asked.Location, want)
		}
		form := b.get(asked.Location)
		if !form.Has(`value="/dashboard/acme/links?q=summer"`) {
			t.Error("the form forgot where to go")
		}
		in := b.post("/sign-in", url.Values{"email": {" Marit@Example.com "}, "password": {password}, "next": {"/dashboard/acme/links?q=summer"}})
		if in.Status != http.StatusSeeOther || in.Location != "/dashboard/acme/links?q=summer" {
			t.Fatalf("signing in: %d %q", in.Status, in.Location)
		}
		if got := b.get(in.Location); got.Status != http.StatusOK {
			t.Errorf("the page after signing in: %d", got.Status)
		}
	})
}

func TestSignInNeverLeadsToAnotherSite(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	s.business(t, "acme", "marit@example.com")
	for _, next := range []string{"//evil.example/", "/\\evil.example/", "https://evil.example/", "/%2Fevil.example/ x", "javascript:alert(1)"} {
		got := s.browser(t).post("/sign-in", url.Values{"email": {"marit@example.com"}, "password": {password}, "next": {next}})
		if got.Location != "/dashboard" {
			t.Errorf("with next=%q signing in leads to %q", next, got.Location)
		}
	}
}

func TestWrongPasswordKeepsTheAddressAndIsThrottled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		b := s.browser(t)
		wrong := url.Values{"email": {"marit@example.com"}, "password": {"guess"}}
		got := b.post("/sign-in", wrong)
		if got.Status != http.StatusUnprocessableEntity || !got.Has(`value="marit@example.com"`, `role="alert"`) {
			t.Fatalf("a wrong password: %d", got.Status)
		}
		if got.Has(`value="guess"`) {
			t.Error("the password stands in the page")
		}
		for range 40 {
			if got = b.post("/sign-in", wrong); got.Status == http.StatusTooManyRequests {
				break
			}
		}
		if got.Status != http.StatusTooManyRequests || !got.Has("Try again") {
			t.Fatalf("guessing on: %d", got.Status)
		}
		right := b.post("/sign-in", url.Values{"email": {"marit@example.com"}, "password": {password}})
		if right.Status != http.StatusTooManyRequests {
			t.Errorf("the right password while throttled: %d", right.Status)
		}
	})
}

func TestSignOutEndsTheSession(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		b := s.signedIn(t, "marit@example.com")
		at, err := url.Parse(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		stolen := b.Jar.Cookies(at)
		if out := b.post("/sign-out", nil); out.Location != "/sign-in" {
			t.Fatalf("signing out: %d %q", out.Status, out.Location)
		}
		thief := s.browser(t)
		thief.Jar.SetCookies(at, stolen)
		if got := thief.get("/dashboard/acme/links"); !strings.HasPrefix(got.Location, "/sign-in") {
			t.Errorf("the old cookie still opens the dashboard: %d %q", got.Status, got.Location)
		}
	})
}

// A session planted in a browser before must not become the member's.
func TestSignInChangesTheToken(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	s.business(t, "acme", "marit@example.com")
	at, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	b := s.signedIn(t, "marit@example.com")
	before := b.Jar.Cookies(at)[0].Value
	b.post("/sign-in", url.Values{"email": {"marit@example.com"}, "password": {password}})
	if after := b.Jar.Cookies(at)[0].Value; after == before {
		t.Error("the token stayed the same")
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	s.business(t, "acme", "marit@example.com")
	b := s.signedIn(t, "marit@example.com")
	for _, path := range []string{"/sign-in", "/sign-out", "/dashboard/acme/links", "/dashboard/acme/products", "/dashboard/acme/page"} {
		r, err := http.NewRequest(http.MethodPost, s.URL+path, strings.NewReader("name=a"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		r.Header.Set("Origin", "https://evil.example")
		if got := b.do(r); got.Status != http.StatusForbidden {
			t.Errorf("POST %s from another site: %d, want 403", path, got.Status)
		}
	}
}

func TestDashboardLeadsToTheOnlyBusinessOrLetsChoose(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	s.business(t, "acme", "marit@example.com")
	b := s.signedIn(t, "marit@example.com")
	if got := b.get("/dashboard"); got.Location != "/dashboard/acme" {
		t.Errorf("with one business: %q", got.Location)
	}
	s.business(t, "zenith", "marit@example.com")
	if got := b.get("/dashboard"); got.Status != http.StatusOK || !got.Has("/dashboard/acme", "/dashboard/zenith") {
		t.Errorf("with two businesses: %d %s", got.Status, got.Said())
	}
	if got := b.get("/dashboard/acme/links"); !got.Has(`href="/dashboard/zenith"`) {
		t.Error("the sidebar does not lead to the other business")
	}
}
