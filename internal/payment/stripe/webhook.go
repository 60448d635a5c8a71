package stripe

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	api "github.com/stripe/stripe-go/v84"
	"github.com/stripe/stripe-go/v84/webhook"

	"smartlinks/internal/business"
	"smartlinks/internal/payment/provider"
)

// SignatureHeader carries t=unix seconds,v1=hex HMAC-SHA256 of "t.body" ("Verify
// webhook signatures manually").
const SignatureHeader = "Stripe-Signature"

// tolerance is how old a signature may be, against replays: Stripe's own.
const tolerance = webhook.DefaultTolerance

// Verify implements payment.Verifier. The signature must be of one of the
// business's secrets, and the event of that secret's mode.
func (s *Stripe) Verify(ctx context.Context, businessID business.ID, header http.Header, body []byte) (provider.Event, error) {
	signature := header.Get(SignatureHeader)
	if !s.fresh(signature) {
		return provider.Event{}, provider.ErrForged
	}
	secrets, err := s.ring.WebhookSecrets(ctx, businessID, Name)
	if err != nil {
		return provider.Event{}, err
	}
	for mode, secret := range secrets {
		if webhook.ValidatePayloadIgnoringTolerance(body, signature, secret) == nil {
			return event(body, mode)
		}
	}
	return provider.Event{}, provider.ErrForged
}

// fresh checks the time of a signature on the wall. That it was not altered is
// part of the signature.
func (s *Stripe) fresh(signature string) bool {
	for part := range strings.SplitSeq(signature, ",") {
		text, found := strings.CutPrefix(part, "t=")
		if !found {
			continue
		}
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return false
		}
		age := s.clock.Wall().Sub(time.Unix(seconds, 0))
		return age <= tolerance && age >= -tolerance
	}
	return false
}

// report is what is read of an event: which object it is about.
type report struct {
	ID       string `json:"id"`
	Livemode bool   `json:"livemode"`
	Data     struct {
		Object struct {
			ID            string `json:"id"`
			Object        string `json:"object"`
			PaymentIntent string `json:"payment_intent"`
		} `json:"object"`
	} `json:"data"`
}

// event names the checkout, or the payment of a charge, refund or dispute.
func event(body []byte, mode business.Mode) (provider.Event, error) {
	var r report
	if err := json.Unmarshal(body, &r); err != nil || r.ID == "" || modeOf(r.Livemode) != mode {
		return provider.Event{}, provider.ErrForged
	}
	object := r.Data.Object
	switch {
	case object.Object == "checkout.session", object.Object == "payment_intent":
		return provider.Event{ID: r.ID, Object: object.ID}, nil
	case object.PaymentIntent != "":
		return provider.Event{ID: r.ID, Object: object.PaymentIntent}, nil
	}
	return provider.Event{ID: r.ID, Object: object.ID}, nil // about nothing of ours; kept, and given up
}

// Resolve implements payment.Resolver: the checkout of a payment ("List all
// Checkout Sessions", by payment_intent).
func (s *Stripe) Resolve(ctx context.Context, businessID business.ID, object string) (ref string, err error) {
	if !strings.HasPrefix(object, "pi_") {
		return "", provider.ErrUnknown
	}
	accounts, err := s.ring.List(ctx, businessID)
	if err != nil {
		return "", err
	}
	for _, a := range accounts {
		if a.Provider != Name {
			continue
		}
		err = s.ask(ctx, provider.Account{Business: businessID, Mode: a.Mode}, func(client *api.Client) error {
			params := &api.CheckoutSessionListParams{PaymentIntent: api.String(object)}
			for session, err := range client.V1CheckoutSessions.List(ctx, params) {
				if err != nil {
					return err
				}
				ref = session.ID
			}
			return nil
		})
		if ref != "" || err != nil {
			return ref, err
		}
	}
	return "", provider.ErrUnknown
}
