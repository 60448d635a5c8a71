package payment

import (
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// Answer is what a provider answered for an attempt that has no checkout yet.
type Answer struct {
	Attempt attempt.Attempt
	Made    provider.Checkout
}

// OpenTogether stores what a provider answered at one time, and returns what each attempt
// became.
func (p *Payments) OpenTogether(answers ...Answer) (attempts []attempt.Attempt, errs []error) {
	all := make([]*opening, len(answers))
	for i, a := range answers {
		all[i] = &opening{attempt: a.Attempt, made: a.Made, cause: attempt.CausePayer}
	}
	p.openAll(provider.AccountOf(answers[0].Attempt), all)
	for _, o := range all {
		attempts, errs = append(attempts, o.attempt), append(errs, o.err)
	}
	return attempts, errs
}
