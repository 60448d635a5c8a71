package public_test

import (
	"net/http"
	"testing"

	"smartlinks/internal/db/dbtest"
)

// After a restore nothing is sold until the books were compared; a payer who
// comes back from the provider still sees how the payment stands.
func TestNothingIsSoldWhileTheBooksAreCompared(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "https")
	s.closed.Store(true)
	for _, path := range []string{"/acme", "/acme/shop", "/acme/12.50", "/nobody"} {
		if got := s.get(path); got.StatusCode != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" || !got.has("You have not been charged") {
			t.Errorf("%s: %d", path, got.StatusCode)
		}
	}
	if got := s.post("/acme", payer()); got.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("paying: %d", got.StatusCode)
	}
	if got := s.get("/pay/pay_00000000000000000000000000"); got.StatusCode != http.StatusNotFound {
		t.Errorf("a payment's page: %d", got.StatusCode)
	}
	s.closed.Store(false)
	if got := s.get("/acme"); got.StatusCode != http.StatusOK {
		t.Errorf("open again: %d", got.StatusCode)
	}
}
