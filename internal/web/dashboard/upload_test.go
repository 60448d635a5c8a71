package dashboard_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// What no form can be is refused before it fills the memory.
func TestUploadsHaveAnEnd(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	for name, c := range map[string]struct {
		fields map[string]string
		file   []byte
	}{
		"a film":    {map[string]string{"name": "Chair"}, bytes.Repeat([]byte("a"), 64<<20)},
		"long text": {map[string]string{"description": strings.Repeat("a", 640<<10), "name": strings.Repeat("a", 640<<10)}, nil},
	} {
		if got := b.Upload("/dashboard/acme/products", c.fields, c.file); got.Status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d %s", name, got.Status, got.Said())
		}
	}
}

// A text that is too long loses nothing that was typed.
func TestAFormWithTooLongATextComesBack(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	long := strings.Repeat("a", 100<<10)
	if got := b.Upload("/dashboard/acme/products", map[string]string{"description": long, "name": "Chair", "price": "49.00"}, nil); got.Status != http.StatusUnprocessableEntity || !got.Has(long, "Chair", `id="description-error"`) {
		t.Errorf("a product: %d", got.Status)
	}
	if got := b.Post("/dashboard/acme/customers", url.Values{"notes": {long}, "name": {"Anna"}}); got.Status != http.StatusUnprocessableEntity || !got.Has(long, "Anna", `id="notes-error"`) {
		t.Errorf("a customer: %d", got.Status)
	}
}

// Whoever has no account sends small forms, and reads so.
func TestFormsOfStrangersAreSmall(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	b := s.Browser(t)
	for _, door := range []string{"", "/passkey", "/code", "/forgot", "/password", "/address", "/invitation"} {
		form := url.Values{"email": {"marit@example.com"}, "token": {"x"}, "password": {strings.Repeat("a", 70<<10)}}
		if got := b.Post("/sign-in"+door, form); got.Status != http.StatusRequestEntityTooLarge {
			t.Errorf("POST /sign-in%s: %d %s", door, got.Status, got.Said())
		}
	}
}
