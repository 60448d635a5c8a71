package frame

import (
	"context"
	"slices"
	"strings"

	"smartlinks/internal/lookup"
)

// Speller tells how a word is written somewhere, and how well that fits: 0 when
// there is nothing like it.
type Speller func(ctx context.Context, word string) (spelt string, fit int, err error)

// SpeltInLinks looks in the names and addresses of links.
func (d *Dashboard) SpeltInLinks(scope *Scope) Speller {
	return func(ctx context.Context, word string) (string, int, error) {
		return d.Links.Spelt(ctx, scope.Business.ID, word)
	}
}

// SpeltInCustomers looks in the names and addresses of customers.
func (d *Dashboard) SpeltInCustomers(scope *Scope) Speller {
	return func(ctx context.Context, word string) (string, int, error) {
		return d.Customers.Spelt(ctx, scope.Business.ID, word)
	}
}

// SpeltInPayments looks at payers, and at what they paid for.
func (d *Dashboard) SpeltInPayments(scope *Scope) Speller {
	return func(ctx context.Context, word string) (string, int, error) {
		return d.Payments.Spelt(ctx, scope.Business.ID, scope.Business.Mode, word)
	}
}

// maxRespelt is how many words of a search are looked at.
const maxRespelt = 6

// Respelt is the query, of which nothing was found, with one letter changed in the words
// that are written nowhere; "" when that helps nothing. The last,
// which are costly, are asked about words alone of which the others know nothing.
func Respelt(ctx context.Context, query string, where []Speller, last ...Speller) (string, error) {
	words := strings.Fields(query)
	if len(words) > maxRespelt {
		return "", nil
	}
	changed := false
	for i, word := range words {
		best, fits := word, 0
		for i, spelt := range slices.Concat(where, last) {
			if i >= len(where) && fits > 0 || fits == lookup.Known {
				break
			}
			text, fit, err := spelt(ctx, word)
			if err != nil {
				return "", err
			}
			if fit > fits {
				best, fits = text, fit
			}
		}
		if fits == 0 {
			return "", nil
		}
		if !strings.EqualFold(best, word) {
			words[i], changed = best, true
		}
	}
	if !changed {
		return "", nil
	}
	return strings.Join(words, " "), nil
}
