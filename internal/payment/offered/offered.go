// Package offered is what payment links that a merchant has made at a provider look like,
// before they become links of ours.
package offered

import (
	"context"
	"time"

	"smartlinks/internal/money"
	"smartlinks/internal/payment/provider"
)

// Link is a payment link at a provider.
type Link struct {
	ID   string // the provider's, which never changes
	URL  string
	Path string // the end of its address there
	Name string
	// Amount is what it asks. With a Least and a Most the payer chooses; nil where none of it
	// is a price that we could ask.
	Amount, Least, Most *money.Amount
	Active              bool
	Once                bool  // takes one payment
	Max                 int64 // how many payments it takes; 0 for no limit
	EndsAt              *time.Time
	RedirectURL         string
	// Cannot says why it can't become a link of ours, "" where it can, and Lost what does
	// not come along, in words for people.
	Cannot string
	Lost   []string
}

// Lister is a provider that lists payment links. It ends at each's first error and
// returns that. payment.ErrAccount: the provider refuses the key.
type Lister interface {
	Offered(ctx context.Context, a provider.Account, each func(Link) error) error
}
