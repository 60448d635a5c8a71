package public_test

import (
	"net/http"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/web/public/publictest"
)

// After a restore nothing is sold until the books were compared; a payer who
// comes back from the provider still sees how the payment stands.
func TestNothingIsSoldWhileTheBooksAreCompared(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "https")
	s.Closed.Store(true)
	for _, path := range []string{"/acme", "/acme/shop", "/acme/12.50", "/nobody"} {
		if got := s.Get(path); got.StatusCode != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" || !got.Has("You have not been charged") {
			t.Errorf("%s: %d", path, got.StatusCode)
		}
	}
	if got := s.Post("/acme", publictest.Payer()); got.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("paying: %d", got.StatusCode)
	}
	if got := s.Get("/pay/pay_00000000000000000000000000"); got.StatusCode != http.StatusNotFound {
		t.Errorf("a payment's page: %d", got.StatusCode)
	}
	s.Closed.Store(false)
	if got := s.Get("/acme"); got.StatusCode != http.StatusOK {
		t.Errorf("open again: %d", got.StatusCode)
	}
}
