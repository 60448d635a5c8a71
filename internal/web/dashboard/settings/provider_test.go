package settings_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestAProviderIsConnectedTestedAndDisconnected(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		const page = "/dashboard/acme/settings/providers"
		for key, says := range map[string]string{
			"":                 "Enter a key.",
			"pk_test_x":        "This is a publishable key.",
			"hello":            "This is no key of Stripe",
			"sk_test_unknown":  "The provider refuses this key.",
			"sk_live_acme1234": "takes test keys only",
		} {
			got := b.Post(page, url.Values{"provider": {"stripe"}, "key": {key}})
			if got.Status != http.StatusUnprocessableEntity || !got.Has(`id="key-error"`, says) || key != "" && strings.Contains(got.Body, key) {
				t.Errorf("%q: %d %s", key, got.Status, got.Said())
			}
		}
		if got := b.Post(page, url.Values{"provider": {"stripe"}, "key": {" sk_test_acme1234 "}}); got.Status != http.StatusSeeOther {
			t.Fatalf("connecting: %d %s", got.Status, got.Said())
		}
		if got := b.Get(page); !got.Has("Acme at Stripe", "1234", "In use", "is connected") || strings.Contains(got.Body, "sk_test_acme") {
			t.Errorf("the page afterwards: %s", got.Said())
		}
		if n := s.Stripe.Endpoints(); len(n) != 1 || n[0] != s.URL+"/hooks/stripe/"+string(acme.ID) {
			t.Errorf("webhooks %v", n)
		}
		now, err := s.Businesses.ByID(t.Context(), acme.ID)
		if err != nil || now.Provider != "stripe" || now.Mode != business.Test {
			t.Errorf("the business uses %q in %s, %v", now.Provider, now.Mode, err)
		}
		if err := s.Keys.RecordOutcome(t.Context(), "stripe", provider.Account{Business: acme.ID, Mode: business.Test}, provider.ErrAccount); err != nil {
			t.Fatal(err)
		}
		if got := b.Get("/dashboard/acme/products"); !got.Has("Stripe refuses your key") {
			t.Error("no page tells that the key is refused")
		}
		account := url.Values{"provider": {"stripe"}, "mode": {"test"}}
		if got := b.Post(page+"/disconnect", account); got.Status != http.StatusSeeOther {
			t.Errorf("disconnecting: %d", got.Status)
		}
		if got := b.Post(page+"/use", account); got.Status != http.StatusNotFound {
			t.Errorf("using what is gone: %d", got.Status)
		}
		if len(s.Stripe.Endpoints()) != 0 {
			t.Error("the webhook stays at Stripe")
		}
	})
}

// A key that is damaged, or was sealed with another, is as good as none: it is said to be so,
// payers are refused at once instead of left waiting, and it is entered anew.
func TestAProvidersKeyWhoseSealIsBrokenIsSaidAndReplaced(t *testing.T) {
	const page = "/dashboard/acme/settings/providers"
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		connect := func() {
			t.Helper()
			if got := b.Post(page, url.Values{"provider": {"stripe"}, "key": {"sk_test_acme1234"}}); got.Status != http.StatusSeeOther {
				t.Fatalf("connecting: %d %s", got.Status, got.Said())
			}
		}
		connect()
		s.Exec(t, `UPDATE provider_accounts SET sealed_key = 'v1.AAAA'`)
		if got := b.Get(page); got.Status != http.StatusOK || !got.Has("can’t be read any more") {
			t.Errorf("the page: %d %s", got.Status, got.Said())
		}
		at := provider.Account{Business: acme.ID, Mode: business.Test}
		if key, err := s.Keys.Key(t.Context(), "stripe", at); !errors.Is(err, provider.ErrAccount) || key != "" {
			t.Errorf("the key is %q, %v", key, err)
		}
		if got := b.Get("/dashboard/acme/products"); !got.Has("Stripe refuses your key") {
			t.Error("no page tells that the key is of no use")
		}
		connect()
		if key, err := s.Keys.Key(t.Context(), "stripe", at); err != nil || key != "sk_test_acme1234" {
			t.Errorf("entered anew it is %q, %v", key, err)
		}
		if got := b.Get(page); got.Has("can’t be read any more") || b.Get("/dashboard/acme/products").Has("refuses your key") {
			t.Errorf("afterwards: %s", got.Said())
		}
		if got := b.Post(page+"/disconnect", url.Values{"provider": {"stripe"}, "mode": {"test"}}); got.Status != http.StatusSeeOther {
			t.Errorf("disconnecting: %d", got.Status)
		}
	})
}

// Of two accounts at a provider, one secret that can't be opened silences its own alone.
func TestABrokenWebhookSecretLeavesTheOtherAccounts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		if got := b.Post("/dashboard/acme/settings/providers", url.Values{"provider": {"stripe"}, "key": {"sk_test_acme1234"}}); got.Status != http.StatusSeeOther {
			t.Fatalf("connecting: %d %s", got.Status, got.Said())
		}
		before, err := s.Keys.WebhookSecrets(t.Context(), acme.ID, "stripe")
		if err != nil || before[business.Test] == "" {
			t.Fatalf("secrets %v, %v", before, err)
		}
		s.Exec(t, `INSERT INTO provider_accounts (business_id, provider, mode, account, label, last4, sealed_key, sealed_webhook, webhook_id, status, problem, checked_at, created_at, updated_at)
			SELECT business_id, provider, 'live', account, label, last4, sealed_key, 'v1.AAAA', webhook_id, status, problem, checked_at, created_at, updated_at FROM provider_accounts`)
		after, err := s.Keys.WebhookSecrets(t.Context(), acme.ID, "stripe")
		if err != nil || len(after) != 1 || after[business.Test] != before[business.Test] {
			t.Errorf("secrets %v, %v", after, err)
		}
	})
}
