// Package sample makes the sample business of the demo and three plausible months of its
// history: customers, links, views, payments, refunds, messages. The product itself makes
// every row, while the installation's clock is moved along the history.
package sample

import (
	"context"
	"io"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/money"
	"smartlinks/internal/system"
	"smartlinks/internal/visit"
)

// The sample business, who signs in, and the link that is shown first.
const (
	Handle   = "studio-noord"
	Email    = "marit@studio-noord.example"
	Password = "paint-the-north"
	LinkPath = "photography-workshop-march"
)

// Config is an installation without a sample business, in test mode.
type Config struct {
	System   *system.System
	Recorder *visit.Recorder
	Out      io.Writer // is told how far it is
	Live     bool      // what is told is seen at once, by a person
}

// progressEvery is how often the making of history says how far it is.
const progressEvery = 200 * time.Millisecond

// Make makes the business with its history, the same one at every run but for its ids. What
// is cut off is not taken up again: its database must be made anew.
func Make(ctx context.Context, c Config) error {
	history := newHistory(c)
	clock := c.System.DB.Clock()
	defer clock.SetOffset(clock.Offset())
	history.goTo(history.begin)
	founder := account.Founder{Accounts: c.System.Accounts, Businesses: c.System.Businesses}
	b, owner, err := founder.Found(ctx, theBusiness(), account.OwnerDraft{Name: "Marit de Boer", Email: Email, Password: Password})
	if err != nil {
		return err
	}
	if err := history.make(ctx, b); err != nil {
		return err
	}
	return history.programs(ctx, b, owner.ID)
}

func theBusiness() business.Draft {
	euros := func(n int64) *money.Amount { return &money.Amount{Minor: n * 100, Currency: "EUR"} }
	return business.Draft{
		Name: "Studio Noord", Handle: Handle, Currency: "EUR", Locale: "en", TimeZone: "Europe/Amsterdam",
		BrandColor: "#0E5A5C", ContactEmail: "hello@studio-noord.example",
		Page: &business.Page{
			Enabled: true, Title: "Pay Studio Noord", Description: "Workshops, prints and studio time in Amsterdam.",
			Success: "Thank you for supporting a small studio.", Min: euros(1), Max: euros(5000), PayerAmount: true,
		},
	}
}
