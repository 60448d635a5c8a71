package imports_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/importer"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// The page offers what is connected, to whoever may manage it, and says in its place what
// the provider answers.
func TestPaymentLinksAreOfferedByConnectedAccounts(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	marit := s.SignedIn(t, "marit@example.com")
	const page = "/dashboard/acme/links/import"
	if marit.Get(page).Has("From your payment provider") {
		t.Error("nothing is connected")
	}
	if _, err := s.Keys.Connect(t.Context(), acme.ID, "stripe", keyring.Connection{Key: "sk_test_acme1234"}); err != nil {
		t.Fatal(err)
	}
	if got := marit.Get(page); !got.Has("From your payment provider", "Payment links of Stripe, test mode", `value="stripe test"`) {
		t.Errorf("connected: %s", got.Said())
	}
	s.Member(t, acme, "staff@example.com", account.Staff)
	staff := s.SignedIn(t, "staff@example.com")
	if staff.Get(page).Has("From your payment provider") {
		t.Error("staff is offered what only managers may")
	}
	if got := staff.Post(page+"/provider", url.Values{"account": {"stripe test"}}); got.Status != http.StatusForbidden {
		t.Errorf("staff takes links over: %d", got.Status)
	}
	if got := marit.Post(page+"/provider", url.Values{"account": {"paypal live"}}); got.Status != http.StatusNotFound {
		t.Errorf("another provider: %d", got.Status)
	}
	// The stand-in knows no payment links, as a key without the right does not.
	if got := marit.Post(page+"/provider", url.Values{"account": {"stripe test"}}); got.Status != http.StatusUnprocessableEntity || !got.Has("The provider does not answer now.") {
		t.Errorf("no answer: %d %s", got.Status, got.Said())
	}
}

// What is typed beside a file of another program counts.
func TestAFileOfAnotherProgramGetsItsAmount(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	marit := s.SignedIn(t, "marit@example.com")
	at := marit.UploadAs("file", "/dashboard/acme/links/import", map[string]string{"amount": "12,50", "keep_paths": "on"},
		[]byte("Short link,Destination URL,Title\nhttps://go.example/chair,https://shop.example/chair,Chair\n")).Location
	refused := marit.UploadAs("file", "/dashboard/acme/links/import", map[string]string{"amount": "12,50"}, []byte("Short link\n"))
	if refused.Status != http.StatusUnprocessableEntity || !refused.Has(`value="12,50"`) || strings.Contains(refused.Body, `id="keep_paths" checked`) {
		t.Errorf("what was typed is lost: %d %s", refused.Status, refused.Said())
	}
	page := marit.Get(at)
	if !page.Has("Chair", "12,50", "https://go.example/chair") {
		t.Errorf("%s", page.Said())
	}
	i, err := s.Imports.Get(t.Context(), acme.ID, importer.ID(at[strings.LastIndex(at, "/")+1:]))
	if err != nil || i.Lacks() != "" {
		t.Errorf("%+v, %v", i, err)
	}
}
