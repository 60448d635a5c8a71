package settings_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// The theme is the reader's own: staff choose it too, no script is needed, and
// it stays after signing out.
func TestAppearanceIsChosenByEverybodyForTheirBrowser(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		s.Business(t, "elsewhere", "sam@example.com")
		s.Staff(t, acme, "sam@example.com")
		b, other := s.SignedIn(t, "sam@example.com"), s.SignedIn(t, "marit@example.com")
		theme := func(page dashboardtest.Answer) string {
			html := page.Body[:strings.Index(page.Body, "<head")]
			_, theme, _ := strings.Cut(html, `data-theme="`)
			theme, _, _ = strings.Cut(theme, `"`)
			return theme
		}
		at := "/dashboard/acme/settings/appearance"
		if page := b.Get(at); page.Status != http.StatusOK || theme(page) != "" || page.Has("/settings/tokens") {
			t.Errorf("staff before a choice: %d, %q, other settings: %v", page.Status, theme(page), page.Has("/settings/tokens"))
		}
		for _, choice := range []string{"dark", "light"} {
			if got := b.Post(at, url.Values{"theme": {choice}}); got.Status != http.StatusSeeOther {
				t.Fatalf("choosing %s: %d %s", choice, got.Status, got.Said())
			}
			for _, path := range []string{at, "/dashboard/acme/links", "/dashboard/acme/nowhere", "/sign-in/forgot"} {
				if got := theme(b.Get(path)); got != choice {
					t.Errorf("%s is %q, want %s", path, got, choice)
				}
			}
		}
		if got := theme(other.Get(at)); got != "" {
			t.Errorf("somebody else's is %q", got)
		}
		if got := b.Post(at, url.Values{"theme": {`"><script>`}}); got.Status != http.StatusBadRequest {
			t.Errorf("no theme: %d", got.Status)
		}
		if got := b.Post(at, url.Values{"theme": {"system"}}); got.Status != http.StatusSeeOther || theme(b.Get(at)) != "" {
			t.Errorf("back to the system: %d, %q", got.Status, theme(b.Get(at)))
		}
	})
}
