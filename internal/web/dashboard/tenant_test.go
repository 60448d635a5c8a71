package dashboard_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
)

func euros(minor int64) *money.Amount { return &money.Amount{Minor: minor, Currency: "EUR"} }

func (s *site) link(t testing.TB, b business.Business, d link.Draft) link.Link {
	t.Helper()
	if d.Name == "" {
		d.Name = "Photography Workshop"
	}
	if d.Amount == nil && d.Type != link.Product {
		d.Amount = euros(8900)
	}
	l, err := s.Links.Create(context.Background(), b, d)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (s *site) product(t testing.TB, b business.Business, name string) product.Product {
	t.Helper()
	p, err := s.Products.Create(context.Background(), b, product.Draft{Name: name, Price: *euros(14900), Active: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestOtherBusinessesDoNotExist walks the routes, so that it holds for pages
// that are added later too.
func TestOtherBusinessesDoNotExist(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		s.business(t, "zenith", "zoe@example.com")
		b := s.signedIn(t, "marit@example.com")
		walked := 0
		for _, pattern := range s.Dashboard.Patterns() {
			method, path, _ := strings.Cut(pattern, " ")
			if !strings.Contains(path, "{handle}") {
				continue
			}
			walked++
			path = strings.NewReplacer("{handle}", "zenith", "{$}", "", "{rest...}", "nowhere").Replace(path)
			path = placeholder.ReplaceAllString(path, "x")
			var got answer
			switch method {
			case http.MethodGet:
				got = b.get(path)
			case http.MethodPost:
				got = b.post(path, url.Values{"active": {"off"}})
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
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		s.business(t, "elsewhere", "sam@example.com")
		s.staff(t, acme, "sam@example.com")
		l := s.link(t, acme, link.Draft{})
		b := s.signedIn(t, "sam@example.com")
		page := b.get("/dashboard/acme/links/" + string(l.ID))
		if page.Status != http.StatusOK || page.Has("Delete link") {
			t.Errorf("staff see %d, and the way to delete: %v", page.Status, page.Has("Delete link"))
		}
		for _, path := range []string{"/links/" + string(l.ID) + "/delete", "/page"} {
			if got := b.post("/dashboard/acme"+path, nil); got.Status != http.StatusForbidden {
				t.Errorf("POST %s by staff: %d, want 403", path, got.Status)
			}
		}
		if _, err := s.Links.Get(context.Background(), acme, l.ID); err != nil {
			t.Errorf("the link is gone: %v", err)
		}
	})
}

// staff makes the person a member without rights to delete.
func (s *site) staff(t testing.TB, b business.Business, email string) {
	t.Helper()
	err := s.DB.InTx(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), `
			INSERT INTO members (business_id, user_id, role, created_at)
			SELECT $1, id, $2, created_at FROM users WHERE email_folded = $3`, b.ID, account.Staff, email)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A membership that is taken away ends at once, not with the session.
func TestMembershipIsReadOnEachRequest(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	acme := s.business(t, "acme", "marit@example.com")
	b := s.signedIn(t, "marit@example.com")
	if got := b.get("/dashboard/acme/links"); got.Status != http.StatusOK {
		t.Fatalf("before: %d", got.Status)
	}
	err := s.DB.InTx(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), `DELETE FROM members WHERE business_id = $1`, acme.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := b.get("/dashboard/acme/links"); got.Status != http.StatusNotFound {
		t.Errorf("after: %d, want 404", got.Status)
	}
}
