package e2e

import (
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	. "smartlinks/e2e/site"
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
	s := &site{&Site{Store: store, Env: []string{"SMARTLINKS_STRIPE_API=" + api}}}
	s.SetUp(t)
	s.URL = s.Serve(t)
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
	res, err := s.Member(t).PostForm(s.URL+"/dashboard/"+Handle+"/settings/providers", url.Values{"provider": {provider}, "key": {key}})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "Key ending in") {
		t.Fatalf("the account is not connected:\n%s", page)
	}
}
