package attempt

import (
	"smartlinks/internal/checkout"
)

// Extra are the merchant's own pairs, then the answers that are meant for the provider.
func (a Attempt) Extra() (pairs []checkout.Pair) {
	pairs = append(pairs, a.Answers.Metadata...)
	for _, f := range a.Answers.Fields {
		if f.ToProvider {
			pairs = append(pairs, checkout.Pair{Name: f.Key, Value: f.Said("yes")})
		}
	}
	return pairs
}
