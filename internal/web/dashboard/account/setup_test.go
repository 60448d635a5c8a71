package account_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func goodSetup() url.Values {
	return url.Values{
		"business": {"Café Zoë"}, "handle": {""}, "currency": {"USD"}, "time_zone": {"Europe/Amsterdam"}, "locale": {"nl"},
		"owner_name": {"Zoë Jansen"}, "email": {"zoe@example.com"}, "password": {dashboardtest.Password},
	}
}

func TestANewInstallationIsSetUpInTheBrowser(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		b := s.Browser(t)
		for _, path := range []string{"/", "/sign-in"} {
			if got := b.Get(path); got.Location != "/setup" {
				t.Errorf("%s of an empty installation leads to %q", path, got.Location)
			}
		}
		if form := b.Get("/setup"); form.Status != http.StatusOK || !form.Has(`name="business"`, `name="password"`, `value="Europe/Amsterdam"`, `Asia/Calcutta`) {
			t.Fatalf("the form: %d", form.Status)
		}
		done := b.Post("/setup", goodSetup())
		if done.Status != http.StatusSeeOther || done.Location != "/dashboard/cafe-zoe" {
			t.Fatalf("setting up: %d %q %s", done.Status, done.Location, done.Said())
		}
		if got := b.Get("/dashboard/cafe-zoe/links"); got.Status != http.StatusOK || !got.Has("Zoë Jansen", "Owner", "You have set up Café Zoë") {
			t.Errorf("the dashboard afterwards: %d", got.Status)
		}
		made, _, err := s.Businesses.ByHandle(context.Background(), "cafe-zoe")
		if err != nil || made.Currency != "USD" || made.TimeZone != "Europe/Amsterdam" || made.Locale != "nl" || made.ContactEmail != "" {
			t.Errorf("stored %+v, %v", made, err)
		}
		stranger := s.Browser(t)
		if got := stranger.Get("/setup"); got.Location != "/sign-in" {
			t.Errorf("the form afterwards: %d %q", got.Status, got.Location)
		}
		if got := stranger.Get("/"); got.Location != "/dashboard" {
			t.Errorf("the top of the site afterwards: %q", got.Location)
		}
		again := goodSetup()
		again.Set("email", "eve@example.com")
		again.Set("handle", "eve")
		if got := stranger.Post("/setup", again); got.Status != http.StatusUnprocessableEntity || !got.Has("set up already") {
			t.Errorf("setting up again: %d %s", got.Status, got.Said())
		}
	})
}

// What the browser tells is filled in: the language, and the currency of a country that it
// names.
func TestTheFormOfANewInstallationFollowsTheBrowser(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	for accept, want := range map[string][2]string{
		"nl-NL,nl;q=0.9,en;q=0.8": {"EUR", "nl"}, "de-CH": {"CHF", "de"}, "ar-AE,ar": {"AED", "ar"}, "en-GB": {"GBP", "en"},
		"de": {"EUR", "de"}, "": {"EUR", "en"}, "tlh, pt-BR": {"BRL", "en"}, "x;;q=": {"EUR", "en"},
	} {
		page := s.Browser(t).GetIn(accept, "/setup")
		if !page.Has(`<option value="`+want[0]+`" selected`, `<option value="`+want[1]+`" selected`) {
			t.Errorf("%q is not answered with %v", accept, want)
		}
	}
}

func TestMistakesInSettingUpAreToldAtTheirFields(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	b := s.Browser(t)
	for input, value := range map[string]string{
		"business": "", "handle": "dashboard", "currency": "EURO", "time_zone": "Mars/Olympus", "locale": "tlh",
		"owner_name": "bad\x02", "email": "zoe@example", "password": "short",
	} {
		got := b.Post("/setup", dashboardtest.With(goodSetup(), input, value))
		if got.Status != http.StatusUnprocessableEntity || !got.Has(`id="`+input+`-error"`) {
			t.Errorf("%s = %q: %d", input, value, got.Status)
		}
		if input != "business" && !got.Has(`value="Café Zoë"`) || got.Has(dashboardtest.Password) {
			t.Errorf("%s = %q: what was typed is lost, or the password is shown", input, value)
		}
	}
	all := b.Post("/setup", url.Values{"handle": {"x y"}, "email": {"zoe"}, "password": {"short"}})
	if !all.Has(`id="business-error"`, `id="handle-error"`, `id="email-error"`, `id="password-error"`) {
		t.Errorf("not all mistakes are told at once: %s", all.Said())
	}
}

func TestOfManyWhoSetUpAtOnceOneWins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		var won atomic.Int64
		var wg sync.WaitGroup
		for _, name := range []string{"ann", "ben", "cem", "dan"} {
			b := s.Browser(t)
			wg.Go(func() {
				form := goodSetup()
				form.Set("handle", name+"-books")
				form.Set("email", name+"@example.com")
				if got := b.Post("/setup", form); got.Status == http.StatusSeeOther {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		all, err := s.Businesses.List(context.Background())
		if won.Load() != 1 || len(all) != 1 || err != nil {
			t.Errorf("%d were told that they set up, %d businesses exist, %v", won.Load(), len(all), err)
		}
	})
}

func TestSettingUpTakesTheCodeFromTheLog(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.NewWithSetupCode(t, d, "abcd-efgh-jkmn-pqrs")
		b := s.Browser(t)
		if got := b.Get("/setup"); got.Status != http.StatusOK || got.Has(`name="business"`) || !got.Has(`name="code"`) {
			t.Errorf("without a code: %d %s", got.Status, got.Said())
		}
		if got := b.Get("/setup?code=guess"); got.Status != http.StatusForbidden || got.Has(`name="business"`) {
			t.Errorf("with a wrong code: %d", got.Status)
		}
		for _, code := range []string{"", "guess"} {
			if got := b.Post("/setup", dashboardtest.With(goodSetup(), "code", code)); got.Status != http.StatusForbidden {
				t.Errorf("sent with the code %q: %d", code, got.Status)
			}
		}
		if all, err := s.Businesses.List(context.Background()); err != nil || len(all) != 0 {
			t.Fatalf("a stranger made %d businesses, %v", len(all), err)
		}
		if got := b.Get("/setup?code=abcd-efgh-jkmn-pqrs"); !got.Has(`name="business"`) {
			t.Errorf("with the code: %d", got.Status)
		}
		if got := b.Post("/setup", dashboardtest.With(goodSetup(), "code", "abcd-efgh-jkmn-pqrs")); got.Status != http.StatusSeeOther {
			t.Errorf("sent with the code: %d %s", got.Status, got.Said())
		}
	})
}

func TestTheSetupCodeIsNotGuessed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const code = "abcd-efgh-jkmn-pqrs"
		s := dashboardtest.NewWithSetupCode(t, d, code)
		b := s.Browser(t)
		for i := range 20 {
			if got := b.Get("/setup?code=guess"); got.Status != http.StatusForbidden {
				t.Fatalf("guess %d: %d", i, got.Status)
			}
		}
		for _, typed := range []string{"guess", code} {
			if got := b.Get("/setup?code=" + typed); got.Status != http.StatusTooManyRequests {
				t.Errorf("%q after twenty guesses: %d", typed, got.Status)
			}
			if got := b.Post("/setup", dashboardtest.With(goodSetup(), "code", typed)); got.Status != http.StatusTooManyRequests {
				t.Errorf("%q sent after twenty guesses: %d", typed, got.Status)
			}
		}
		var buckets []string
		if err := d.Select(t.Context(), &buckets, `SELECT bucket FROM throttles`); err != nil || len(buckets) != 1 || strings.Contains(buckets[0], "127.0.0.1") {
			t.Errorf("the throttle is kept as %q, %v", buckets, err)
		}
	})
}

func TestAnOwnerAddsABusinessAndSwitches(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		if page := b.Get("/dashboard/acme/links"); !page.Has(`href="/dashboard/acme/account/businesses/new"`) {
			t.Error("the switcher does not offer another business")
		}
		if form := b.Get("/dashboard/acme/account/businesses/new"); form.Status != http.StatusOK || form.Has(`name="password"`) {
			t.Errorf("the form: %d", form.Status)
		}
		wrong := b.Post("/dashboard/acme/account/businesses", url.Values{"business": {"Second"}, "handle": {"acme"}})
		if wrong.Status != http.StatusUnprocessableEntity || !wrong.Has(`id="handle-error"`, `value="Second"`) {
			t.Errorf("a taken handle: %d", wrong.Status)
		}
		done := b.Post("/dashboard/acme/account/businesses", url.Values{"business": {"Second"}, "currency": {"EUR"}, "time_zone": {"UTC"}, "locale": {"en"}})
		if done.Location != "/dashboard/second" {
			t.Fatalf("adding: %d %q %s", done.Status, done.Location, done.Said())
		}
		if page := b.Get("/dashboard/second/links"); !page.Has("Owner", `href="/dashboard/acme"`) {
			t.Errorf("the new business: %d", page.Status)
		}

		s.Business(t, "elsewhere", "sam@example.com")
		s.Exec(t, `DELETE FROM members WHERE user_id = (SELECT id FROM users WHERE email_folded = 'sam@example.com')`)
		s.Staff(t, acme, "sam@example.com")
		staff := s.SignedIn(t, "sam@example.com")
		if page := staff.Get("/dashboard/acme/links"); page.Has("businesses/new") {
			t.Error("staff are offered to add a business")
		}
		if got := staff.Post("/dashboard/acme/account/businesses", url.Values{"business": {"Third"}}); got.Status != http.StatusForbidden {
			t.Errorf("staff add a business: %d", got.Status)
		}
	})
}
