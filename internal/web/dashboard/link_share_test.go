package dashboard_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
)

func TestALinkIsSharedEverywhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		l := s.link(t, acme, link.Draft{Name: `Tom & "Ann" 100%+1`, Description: "Light, paper & ink.\nSecond line."})
		b := s.signedIn(t, "marit@example.com")
		detail := "/dashboard/acme/links/" + string(l.ID)
		page := b.get(detail + "/share")
		if page.Status != http.StatusOK || !strings.Contains(b.get(detail).Body, `id="share"`) {
			t.Fatalf("the page: %d", page.Status)
		}
		address := s.URL + "/acme/" + l.Path
		for place, field := range map[string]string{"https://wa.me/": "text", "https://x.com/intent/post": "url", "https://www.facebook.com/sharer/sharer.php": "u", "https://www.linkedin.com/sharing/share-offsite/": "url", "mailto:": "body"} {
			found := regexp.MustCompile(`href="(` + regexp.QuoteMeta(place) + `\?[^"]+)"`).FindStringSubmatch(page.Body)
			if found == nil {
				t.Errorf("nothing opens %s", place)
				continue
			}
			u, err := url.Parse(html.UnescapeString(found[1]))
			if err != nil || strings.Contains(u.RawQuery, "+") {
				t.Errorf("%s: %s, %v", place, found[1], err)
				continue
			}
			via := "?via=social"
			if place == "mailto:" {
				via = "?via=email"
			}
			if got := u.Query().Get(field); !strings.Contains(got, address+via) {
				t.Errorf("%s says %q", place, got)
			}
		}
		for _, part := range []string{"Instagram bio", html.EscapeString(html.EscapeString("Tom & \"Ann\" 100%+1")), "/qr.svg", "Light, paper"} {
			if !strings.Contains(page.Body, part) {
				t.Errorf("the page lacks %q", part)
			}
		}
		if strings.Contains(page.Body, "Second line") {
			t.Error("the whole description is posted")
		}
	})
}
