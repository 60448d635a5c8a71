package account_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

var (
	hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
	action = regexp.MustCompile(`<form method="post" action="([^"]*)">`)
)

// Whose sign-in ends while they write sends what they typed once more, from the page that
// keeps it, when they have signed in elsewhere.
func TestWhatIsTypedOutlivesASession(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.Browser(t)
		typed := url.Values{"name": {`Anna "Bo" <Okafor>`}, "email": {"anna@example.com"}, "tag_names": {"VIP", "Regular"}, "current_password": {"guess"}}
		got := b.Post("/dashboard/acme/customers", typed)
		if got.Status != http.StatusUnauthorized || !got.Has("You are signed out", `href="/sign-in"`) {
			t.Fatalf("a form without a session is answered %d %q", got.Status, got.Location)
		}
		kept := url.Values{}
		for _, field := range hidden.FindAllStringSubmatch(got.Body, -1) {
			kept.Add(field[1], html.UnescapeString(field[2]))
		}
		typed.Del("current_password")
		if kept.Encode() != typed.Encode() {
			t.Errorf("the page keeps %q, want %q", kept.Encode(), typed.Encode())
		}
		to := action.FindStringSubmatch(got.Body)
		if to == nil || to[1] != "/dashboard/acme/customers" {
			t.Fatalf("it is sent again to %q", to)
		}
		if in := b.Post("/sign-in", url.Values{"email": {"marit@example.com"}, "password": {dashboardtest.Password}}); in.Status != http.StatusSeeOther {
			t.Fatalf("signing in: %d", in.Status)
		}
		if sent := b.Post(to[1], kept); sent.Status != http.StatusSeeOther || !strings.HasPrefix(sent.Location, "/dashboard/acme/customers/") {
			t.Errorf("sent again: %d %q", sent.Status, sent.Location)
		}
		if uploaded := s.Browser(t).Upload("/dashboard/acme/products", map[string]string{"name": "Chair"}, []byte("picture")); !uploaded.Has(`name="name" value="Chair"`, "Files are not kept") {
			t.Errorf("a form with a file is answered %d", uploaded.Status)
		}
		if nothing := s.Browser(t).Post("/dashboard/acme/customers", nil); nothing.Status != http.StatusSeeOther || nothing.Location != "/sign-in" {
			t.Errorf("an empty form is answered %d %q", nothing.Status, nothing.Location)
		}
	})
}

// A part of a page that is asked for without a session takes the page away only where
// nothing can be typed in it.
func TestPartsOfFormsLeaveThePageAlone(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	for path, leaves := range map[string]bool{"/dashboard/acme/customers": true, "/dashboard/acme/customers/ticks": false} {
		r, err := http.NewRequest(http.MethodGet, s.URL+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("HX-Request", "true")
		r.Header.Set("HX-Current-URL", "https://pay.example/dashboard/acme/customers")
		got := s.Browser(t).Send(r)
		if got.Status != http.StatusUnauthorized || (got.Header.Get("HX-Redirect") != "") != leaves {
			t.Errorf("%s: %d, leads to %q", path, got.Status, got.Header.Get("HX-Redirect"))
		}
	}
}
