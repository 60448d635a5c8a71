package e2e

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/payment/stripe/stripetest"
)

const stripeKey = "sk_test_51standin"

// startBeside sets an installation up whose Stripe is a stand-in on an origin of
// its own. api is where the installation asks; "" is the stand-in itself.
func startBeside(t *testing.T, api string, stripe *stripetest.Server, store ...string) *site {
	t.Helper()
	if api == "" {
		api = stripe.URL
	}
	s := &site{store: store, env: []string{"SMARTLINKS_STRIPE_API=" + api}}
	s.setUp(t)
	s.URL = s.serve(t)
	return s
}

func newStripe(t *testing.T) *stripetest.Server {
	t.Helper()
	stripe := stripetest.New(time.Now)
	t.Cleanup(stripe.Close)
	stripe.Account(stripeKey, "acct_acme", "Acme Events")
	return stripe
}

// connect enters a provider's key as the owner does in the settings.
func (s *site) connect(t *testing.T, provider, key string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	owner := &http.Client{Jar: jar, Timeout: 30 * time.Second}
	settings := s.URL + "/dashboard/" + handle + "/settings/providers"
	var page []byte
	for _, step := range []struct {
		to   string
		form url.Values
	}{
		{s.URL + "/sign-in", url.Values{"email": {ownerEmail}, "password": {ownerPassword}}},
		{settings, url.Values{"provider": {provider}, "key": {key}}},
	} {
		res, err := owner.PostForm(step.to, step.form) // follows to the page that is shown then
		if err != nil {
			t.Fatal(err)
		}
		page, err = io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: status %d, %v\n%s", step.to, res.StatusCode, err, page)
		}
	}
	if !strings.Contains(string(page), "Key ending in") {
		t.Fatalf("the account is not connected:\n%s", page)
	}
}
