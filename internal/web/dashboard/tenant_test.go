package dashboard_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// TestOtherBusinessesDoNotExist walks the routes, so that it holds for pages
// that are added later too.
func TestOtherBusinessesDoNotExist(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		s.Business(t, "zenith", "zoe@example.com")
		b := s.SignedIn(t, "marit@example.com")
		walked := 0
		for _, pattern := range s.Dashboard.Patterns() {
			method, path, _ := strings.Cut(pattern, " ")
			if !strings.Contains(path, "{handle}") {
				continue
			}
			walked++
			path = strings.NewReplacer("{handle}", "zenith", "{$}", "", "{rest...}", "nowhere").Replace(path)
			path = placeholder.ReplaceAllString(path, "x")
			var got dashboardtest.Answer
			switch method {
			case http.MethodGet:
				got = b.Get(path)
			case http.MethodPost:
				got = b.Post(path, url.Values{"active": {"off"}})
			default:
				t.Fatalf("no request is made for %s", pattern)
			}
			if got.Status != http.StatusNotFound {
				t.Errorf("%s %s of another business: %d, want 404", method, path, got.Status)
			}
		}
		if walked < 30 {
			t.Errorf("only %d routes were walked", walked)
		}
	})
}

// placeholder is what a pattern leaves open, such as {id}.
var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

func TestStaffDeleteNothingAndChangeNoSettings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		s.Business(t, "elsewhere", "sam@example.com")
		s.Staff(t, acme, "sam@example.com")
		l := s.Link(t, acme, link.Fields{})
		b := s.SignedIn(t, "sam@example.com")
		page := b.Get("/dashboard/acme/links/" + string(l.ID))
		if page.Status != http.StatusOK || page.Has("Delete link") {
			t.Errorf("staff see %d, and the way to delete: %v", page.Status, page.Has("Delete link"))
		}
		for _, path := range []string{"/links/" + string(l.ID) + "/delete", "/page"} {
			if got := b.Post("/dashboard/acme"+path, nil); got.Status != http.StatusForbidden {
				t.Errorf("POST %s by staff: %d, want 403", path, got.Status)
			}
		}
		if _, err := s.Links.Get(context.Background(), acme, l.ID); err != nil {
			t.Errorf("the link is gone: %v", err)
		}
	})
}

// A membership that is taken away ends at once, not with the session.
func TestMembershipIsReadOnEachRequest(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	if got := b.Get("/dashboard/acme/links"); got.Status != http.StatusOK {
		t.Fatalf("before: %d", got.Status)
	}
	err := s.DB.InTx(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), `DELETE FROM members WHERE business_id = $1`, acme.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := b.Get("/dashboard/acme/links"); got.Status != http.StatusNotFound {
		t.Errorf("after: %d, want 404", got.Status)
	}
}
