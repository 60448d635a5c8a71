package stripe

import (
	"context"
	"time"

	api "github.com/stripe/stripe-go/v84"

	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// Fetch implements payment.Provider ("Retrieve a Checkout Session").
func (s *Stripe) Fetch(ctx context.Context, a provider.Account, ref string) (r provider.Remote, err error) {
	err = s.ask(ctx, a, func(client *api.Client) error {
		session, err := retrieve(ctx, client, ref)
		if err != nil {
			return err
		}
		r, err = remote(session)
		return err
	})
	return r, err
}

// retrieve gets a session with its payment and the charge of that.
func retrieve(ctx context.Context, client *api.Client, ref string) (*api.CheckoutSession, error) {
	params := &api.CheckoutSessionRetrieveParams{}
	params.AddExpand("payment_intent.latest_charge")
	return client.V1CheckoutSessions.Retrieve(ctx, ref, params)
}

// remote is a session as the payment room sees it.
func remote(session *api.CheckoutSession) (provider.Remote, error) {
	r := provider.Remote{
		Ref: session.ID, AttemptID: attempt.ID(session.Metadata[attemptKey]), Mode: modeOf(session.Livemode), Status: status(session),
	}
	captured, currency := session.AmountTotal, string(session.Currency)
	if intent := session.PaymentIntent; intent != nil && intent.Status == api.PaymentIntentStatusSucceeded {
		captured, currency = intent.AmountReceived, string(intent.Currency)
		if charge := intent.LatestCharge; charge != nil {
			r.Method = methodOf(charge)
			r.PaidAt = time.Unix(charge.Created, 0).UTC()
			r.Moved = charge.AmountRefunded > 0 || charge.Disputed
		}
	}
	amount, err := amountOf(captured, currency)
	r.Amount = amount
	return r, err
}

// status follows "The Checkout Session object" and "PaymentIntent lifecycle": a
// session is open, complete or expired; complete ones may still wait for the
// money. A payment that succeeded is paid whatever its session says. What
// Stripe adds one day comes out as its own word, which decides nothing.
func status(session *api.CheckoutSession) provider.RemoteStatus {
	intent := session.PaymentIntent
	if intent != nil && intent.Status == api.PaymentIntentStatusSucceeded {
		return provider.RemotePaid
	}
	switch session.Status {
	case api.CheckoutSessionStatusOpen:
		return open(intent)
	case api.CheckoutSessionStatusExpired:
		return provider.RemoteExpired
	case api.CheckoutSessionStatusComplete:
		return complete(session.PaymentStatus, intent)
	}
	return provider.RemoteStatus(session.Status)
}

// open is the status of a session that the payer may still use.
func open(intent *api.PaymentIntent) provider.RemoteStatus {
	if intent != nil && (intent.Status == api.PaymentIntentStatusProcessing || intent.Status == api.PaymentIntentStatusRequiresCapture) {
		return provider.RemotePending
	}
	return provider.RemoteOpen
}

// complete is the status of a session that the payer has finished.
func complete(paid api.CheckoutSessionPaymentStatus, intent *api.PaymentIntent) provider.RemoteStatus {
	if intent == nil {
		if paid == api.CheckoutSessionPaymentStatusUnpaid {
			return provider.RemotePending
		}
		return provider.RemoteStatus("complete, " + string(paid)) // our sessions always have a payment
	}
	switch intent.Status {
	case api.PaymentIntentStatusProcessing, api.PaymentIntentStatusRequiresCapture,
		api.PaymentIntentStatusRequiresAction, api.PaymentIntentStatusRequiresConfirmation:
		return provider.RemotePending // bank transfers and vouchers wait for the payer's bank
	case api.PaymentIntentStatusRequiresPaymentMethod:
		return provider.RemoteFailed // a delayed payment did not come through
	case api.PaymentIntentStatusCanceled:
		return provider.RemoteCanceled
	}
	return provider.RemoteStatus(intent.Status)
}
