package stripe

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	api "github.com/stripe/stripe-go/v84"

	"smartlinks/internal/payment/provider"
)

const (
	// mayExistAfter is how old an order is that may be there already: it is looked
	// for before it is asked for again, because Stripe repeats a stored 500 for
	// a day and forgets keys after that ("Idempotent requests").
	mayExistAfter = time.Minute
	// grace is how much later than our hold a session ends by itself. Stripe
	// wants at least 30 minutes from when the request arrives, and it may arrive
	// late. We end the session when the hold ends, and the slot stays held until
	// Stripe confirms that.
	grace = 15 * time.Minute
	// maxSearched bounds how many sessions are looked through for one of ours.
	maxSearched = 1000
	// pageSize is the largest that Stripe's lists have.
	pageSize = 100
)

// Start implements payment.Provider ("Create a Checkout Session").
func (s *Stripe) Start(ctx context.Context, o provider.Order) (c provider.Checkout, err error) {
	err = s.ask(ctx, o.Account, func(client *api.Client) error {
		var session *api.CheckoutSession
		if s.clock.Now().Sub(o.CreatedAt) > mayExistAfter {
			if session, err = s.find(ctx, client, o); err != nil {
				return err
			}
		}
		if session == nil {
			params, err := s.session(o)
			if err != nil {
				return fmt.Errorf("%w: %w", provider.ErrRefused, err)
			}
			if session, err = client.V1CheckoutSessions.Create(ctx, params); err != nil {
				return err
			}
		}
		c = provider.Checkout{Ref: session.ID, URL: session.URL}
		if c.URL == "" { // it has ended; the payer sees how
			c.URL = o.ReturnURL
		}
		return nil
	})
	return c, err
}

// session is the request of an order, the same each time.
func (s *Stripe) session(o provider.Order) (*api.CheckoutSessionCreateParams, error) {
	n, err := units(o.Amount)
	if err != nil {
		return nil, err
	}
	ours := map[string]string{}
	maps.Copy(ours, o.Source)
	ours[attemptKey] = string(o.AttemptID)
	provider.Fit(ours, o.Extra, maxMetadata, 0)
	params := &api.CheckoutSessionCreateParams{
		Mode:              api.String(string(api.CheckoutSessionModePayment)),
		ClientReferenceID: api.String(string(o.AttemptID)),
		Metadata:          ours,
		PaymentIntentData: &api.CheckoutSessionCreatePaymentIntentDataParams{Metadata: ours, Description: api.String(o.Description)},
		LineItems:         lineItems(o, n),
		SuccessURL:        api.String(o.ReturnURL),
		CancelURL:         api.String(o.ReturnURL),
		ExpiresAt:         api.Int64(s.wall(o.ExpiresAt).Add(grace).Unix()),
		Locale:            api.String(locale(o.Payer.Language)),
		// What the payer pays is what was asked, in its currency.
		AdaptivePricing: &api.CheckoutSessionCreateAdaptivePricingParams{Enabled: api.Bool(false)},
	}
	switch {
	case len(o.Methods) > 0:
		if params.PaymentMethodTypes = api.StringSlice(typesOf(o)); len(params.PaymentMethodTypes) == 0 {
			return nil, errors.New("none of the ways to pay confirms at once: " + strings.Join(o.Methods, ", "))
		}
	case o.InstantOnly:
		params.ExcludedPaymentMethodTypes = api.StringSlice(slowMethods())
	}
	if ascii(o.Payer.Email) {
		params.CustomerEmail = api.String(o.Payer.Email)
	}
	params.SetIdempotencyKey(string(o.AttemptID))
	return params, nil
}

// maxMetadata is how many pairs Stripe keeps ("Metadata").
const maxMetadata = 50

// lineItems are the lines of an order, or one of the whole where Stripe can't charge the
// price of a line; whole is in Stripe's units.
func lineItems(o provider.Order, whole int64) (items []*api.CheckoutSessionCreateLineItemParams) {
	item := func(name string, quantity, minor int64) *api.CheckoutSessionCreateLineItemParams {
		return &api.CheckoutSessionCreateLineItemParams{
			Quantity: api.Int64(quantity),
			PriceData: &api.CheckoutSessionCreateLineItemPriceDataParams{
				Currency: api.String(lower(o.Amount.Currency)), UnitAmount: api.Int64(minor),
				ProductData: &api.CheckoutSessionCreateLineItemPriceDataProductDataParams{Name: api.String(name)},
			},
		}
	}
	sum := int64(0)
	for _, l := range o.Lines {
		l = l.Whole()
		n, err := units(l.Unit)
		if err != nil {
			break
		}
		items, sum = append(items, item(l.Name, l.Quantity, n)), sum+l.Quantity*n
	}
	if sum != whole {
		return []*api.CheckoutSessionCreateLineItemParams{item(o.Description, 1, whole)}
	}
	return items
}

// find looks for an order's session among those made since ("List all Checkout
// Sessions"); nil when there is none.
func (s *Stripe) find(ctx context.Context, client *api.Client, o provider.Order) (*api.CheckoutSession, error) {
	params := &api.CheckoutSessionListParams{CreatedRange: &api.RangeQueryParams{GreaterThanOrEqual: s.wall(o.CreatedAt).Add(-mayExistAfter).Unix()}}
	params.Limit = api.Int64(pageSize)
	seen := 0
	for session, err := range client.V1CheckoutSessions.List(ctx, params) {
		if err != nil {
			return nil, err
		}
		if session.ClientReferenceID == string(o.AttemptID) {
			return session, nil
		}
		if seen++; seen >= maxSearched {
			return nil, errors.New("stripe: too many sessions to look through for " + strconv.Quote(string(o.AttemptID)))
		}
	}
	return nil, nil
}

// Cancel implements payment.Canceler ("Expire a Checkout Session"). Stripe
// refuses it for a session that is complete or expired; Fetch tells which.
func (s *Stripe) Cancel(ctx context.Context, a provider.Account, ref string) error {
	err := s.ask(ctx, a, func(client *api.Client) error {
		_, err := client.V1CheckoutSessions.Expire(ctx, ref, nil)
		return err
	})
	if errors.Is(err, provider.ErrRefused) {
		return nil
	}
	return err
}

// wall is an instant of the application's clock on the wall, where Stripe is.
func (s *Stripe) wall(t time.Time) time.Time { return t.Add(-s.clock.Offset()) }
