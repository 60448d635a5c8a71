package stripe_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smartlinks/internal/address/addresstest"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/payment/linetest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/stripe"
	"smartlinks/internal/payment/stripe/stripetest"
)

// shop is a business with a connected account at a stand-in.
type shop struct {
	*stripe.Stripe
	at     provider.Account
	server *stripetest.Server
	secret string
	now    time.Time
}

func mustShop(t *testing.T) *shop {
	t.Helper()
	d := dbtest.SQLite(t)
	b := businesstest.Make(t, d, "acme")
	ring := keyring.New(d, businesstest.Sealer(t), businesstest.New(t, d), addresstest.Book(), true)
	server := stripetest.New(d.Clock().Wall)
	t.Cleanup(server.Close)
	server.Account("sk_test_1", "acct_1", "Acme")
	s := &shop{Stripe: stripe.New(ring, server.URL, d.Clock(), nil), server: server, now: d.Clock().Wall(), secret: "whsec_own",
		at: provider.Account{Business: b.ID, Mode: business.Test}}
	ring.Open(map[string]keyring.Gate{stripe.Name: s.Stripe})
	if _, err := ring.Connect(t.Context(), b.ID, stripe.Name, keyring.Connection{Key: "sk_test_1", WebhookSecret: s.secret}); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *shop) order(a money.Amount) provider.Order {
	return provider.Order{
		AttemptID: "pay_1", Account: s.at, Amount: a, Description: "Workshop", ReturnURL: "https://pay.example/pay/pay_1",
		Payer: attempt.Payer{Email: "jonas@example.com", Language: "nl"}, CreatedAt: s.now, ExpiresAt: s.now.Add(attempt.HoldFor),
	}
}

func TestAmountsAreStripesUnits(t *testing.T) {
	s := mustShop(t)
	for i, c := range []struct {
		minor    int64
		currency money.Currency
		units    string
	}{
		{4900, "EUR", "4900 eur"}, {500, "JPY", "500 jpy"}, {500, "ISK", "50000 isk"}, {5000, "UGX", "500000 ugx"},
		{500000, "MGA", "5000 mga"}, {5120, "KWD", "5120 kwd"}, {20000, "HUF", "20000 huf"}, {1050, "TWD", "1050 twd"},
	} {
		o := s.order(money.Amount{Minor: c.minor, Currency: c.currency})
		o.AttemptID = attempt.ID(fmt.Sprintf("pay_%d", i))
		made, err := s.Start(t.Context(), o)
		if err != nil {
			t.Errorf("%s: %v", o.Amount, err)
			continue
		}
		if got := s.server.Asked(made.Ref); got != c.units {
			t.Errorf("%s is asked as %s, not %s", o.Amount, got, c.units)
		}
		if err := s.server.Do(made.Ref, stripetest.Paid); err != nil {
			t.Fatal(err)
		}
		if r, err := s.Fetch(t.Context(), s.at, made.Ref); err != nil || r.Amount != o.Amount || r.Status != provider.RemotePaid {
			t.Errorf("%s comes back as %s, %s, %v", o.Amount, r.Amount, r.Status, err)
		}
	}
}

func TestWhatStripeCannotChargeIsRefusedBefore(t *testing.T) {
	s := mustShop(t)
	for _, a := range []money.Amount{{Minor: 49, Currency: "EUR"}, {Minor: 5124, Currency: "KWD"}, {Minor: 150, Currency: "MGA"}, {Minor: 100_000_000, Currency: "USD"}} {
		if s.Bounds(a.Currency).Refuse(a) == nil {
			t.Errorf("%s is accepted", a)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a := money.Amount{Minor: rapid.Int64Range(1, 1<<40).Draw(t, "minor"), Currency: rapid.SampledFrom(money.Currencies()).Draw(t, "currency")}
		if s.Bounds(a.Currency).Refuse(a) != nil {
			return
		}
		o := s.order(a)
		o.AttemptID = attempt.ID(fmt.Sprint("pay_", a))
		if _, err := s.Start(context.Background(), o); err != nil {
			t.Fatalf("%s was accepted, and then: %v", a, err)
		}
	})
}

// The signature counts on the wall, for one of the business's secrets, and for
// the body as it is.
func TestOnlyStripesOwnWebhooksCount(t *testing.T) {
	s := mustShop(t)
	body := []byte(`{"id": "evt_1", "livemode": false, "data": {"object": {"id": "cs_test_1", "object": "checkout.session"}}}`)
	good := s.server.Sign(body, s.secret)
	event, err := s.Verify(t.Context(), s.at.Business, http.Header{stripe.SignatureHeader: {good}}, body)
	if err != nil || event != (provider.Event{ID: "evt_1", Object: "cs_test_1"}) {
		t.Fatalf("%+v, %v", event, err)
	}
	live := []byte(`{"id": "evt_1", "livemode": true, "data": {"object": {"id": "cs_test_1", "object": "checkout.session"}}}`)
	old := s.server.Now
	s.server.Now = func() time.Time { return old().Add(-6 * time.Minute) }
	stale := s.server.Sign(body, s.secret)
	s.server.Now = func() time.Time { return old().Add(6 * time.Minute) }
	early := s.server.Sign(body, s.secret)
	s.server.Now = old
	for name, c := range map[string]struct {
		business  business.ID
		signature string
		body      []byte
	}{
		"no signature":     {s.at.Business, "", body},
		"nonsense":         {s.at.Business, "t=x,v1=00", body},
		"another secret":   {s.at.Business, s.server.Sign(body, "whsec_other"), body},
		"altered":          {s.at.Business, good, live},
		"too old":          {s.at.Business, stale, body},
		"from tomorrow":    {s.at.Business, early, body},
		"of the live mode": {s.at.Business, s.server.Sign(live, s.secret), live},
		"another business": {"biz_other", good, body},
		"no JSON":          {s.at.Business, s.server.Sign([]byte("[]"), s.secret), []byte("[]")},
	} {
		if _, err := s.Verify(t.Context(), c.business, http.Header{stripe.SignatureHeader: {c.signature}}, c.body); !errors.Is(err, provider.ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A refund's or a dispute's event names the payment; the checkout is asked for.
func TestAnEventAboutAPaymentLeadsToItsCheckout(t *testing.T) {
	s := mustShop(t)
	made, err := s.Start(t.Context(), s.order(money.Amount{Minor: 4900, Currency: "EUR"}))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.server.Do(made.Ref, stripetest.Paid); err != nil {
		t.Fatal(err)
	}
	if ref, err := s.Resolve(t.Context(), s.at.Business, s.server.Payment(made.Ref)); err != nil || ref != made.Ref {
		t.Errorf("%q, %v", ref, err)
	}
	if _, err := s.Resolve(t.Context(), s.at.Business, "pi_unknown"); !errors.Is(err, provider.ErrUnknown) {
		t.Errorf("unknown: %v", err)
	}
}

func TestRefundsOfOneKeyAreOne(t *testing.T) {
	s := mustShop(t)
	made, err := s.Start(t.Context(), s.order(money.Amount{Minor: 4900, Currency: "EUR"}))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.server.Do(made.Ref, stripetest.Paid); err != nil {
		t.Fatal(err)
	}
	part := money.Amount{Minor: 1000, Currency: "EUR"}
	for _, key := range []string{"a", "a", "b"} {
		if _, err := s.Refund(t.Context(), s.at, made.Ref, provider.RefundOrder{Key: key, Amount: part, Description: "Workshop"}); err != nil {
			t.Error(err)
		}
	}
	if got := s.server.Refunded(made.Ref); got != 2000 {
		t.Errorf("%d were given back", got)
	}
	if _, err := s.Refund(t.Context(), s.at, made.Ref, provider.RefundOrder{Key: "c", Amount: money.Amount{Minor: 4900, Currency: "EUR"}, Description: "Workshop"}); !errors.Is(err, provider.ErrRefused) {
		t.Errorf("more than there is: %v", err)
	}
}

// A provider that never answers costs no more than the caller's patience.
func TestAnOrderIsHeldToItsWaysToPay(t *testing.T) {
	s := mustShop(t)
	start := func(id attempt.ID, instant bool, ways ...string) (provider.Checkout, error) {
		o := s.order(money.Amount{Minor: 4900, Currency: "EUR"})
		o.AttemptID, o.Methods, o.InstantOnly = id, ways, instant
		return s.Start(t.Context(), o)
	}
	made, err := start("pay_1", false, "ideal", "przelewy24", "kbc")
	if err != nil || !slices.Equal(s.server.Named(made.Ref), []string{"ideal", "p24"}) {
		t.Fatalf("%v, %v", s.server.Named(made.Ref), err)
	}
	if made, err = start("pay_2", true, "sepa_debit", "card"); err != nil || !slices.Equal(s.server.Named(made.Ref), []string{"card"}) {
		t.Errorf("of those that confirm at once: %v, %v", s.server.Named(made.Ref), err)
	}
	if _, err = start("pay_3", true, "sepa_debit"); !errors.Is(err, provider.ErrRefused) {
		t.Errorf("none confirms at once: %v", err)
	}
	if _, err = start("pay_4", false, "kbc"); !errors.Is(err, provider.ErrRefused) {
		t.Errorf("none is Stripe's: %v", err)
	}
	s.server.Lack("twint")
	if _, err = start("pay_5", false, "twint", "card"); !errors.Is(err, provider.ErrRefused) {
		t.Errorf("one is not activated: %v", err)
	}
}

func TestSilenceIsDoubt(t *testing.T) {
	s := mustShop(t)
	s.server.Line.Break(linetest.Silent)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := s.Start(ctx, s.order(money.Amount{Minor: 4900, Currency: "EUR"}))
	if err == nil || errors.Is(err, provider.ErrRefused) || errors.Is(err, provider.ErrAccount) {
		t.Errorf("silence is %v", err)
	}
}
