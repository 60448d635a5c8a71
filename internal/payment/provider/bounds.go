package provider

import (
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/money"
)

// Bounds are the amounts that a provider charges in one currency, in our minor units.
// The zero value is any amount.
type Bounds struct {
	Currency money.Currency
	Lacking  bool  // the provider does not take the currency
	Min, Max int64 // 0: none is documented
	Step     int64 // amounts are multiples of it; 0 and 1: any
}

// The codes of amounts that a provider can't charge.
const (
	NoCurrency   = "amount.provider_currency"
	BelowLeast   = "amount.provider_min"
	AboveMost    = "amount.provider_max"
	BetweenSteps = "amount.provider_step"
	NotTaken     = "amount.provider" // in the provider's own words
)

// AmountRefusal says why an amount can't be charged. As an error it is ErrRefused.
type AmountRefusal struct {
	Code  string
	Bound money.Amount // the least, the most, or the step; of NoCurrency the currency alone
	Said  string       // the provider's own words, "" when it was not asked
}

// Refuse says what is wrong with an amount, nil when nothing is.
func (b Bounds) Refuse(a money.Amount) *AmountRefusal {
	refusal := func(code string, minor int64) *AmountRefusal {
		return &AmountRefusal{Code: code, Bound: money.Amount{Minor: minor, Currency: a.Currency}}
	}
	switch {
	case b.Lacking:
		return refusal(NoCurrency, 0)
	case a.Minor < b.Min:
		return refusal(BelowLeast, b.Min)
	case b.Max > 0 && a.Minor > b.Max:
		return refusal(AboveMost, b.Max)
	case b.Step > 1 && a.Minor%b.Step != 0:
		return refusal(BetweenSteps, b.Step)
	}
	return nil
}

// Units is within how many units of one price, from least to most, a payment can be charged:
// the total counts, and not the price of one. The refusal says why no number of them can.
func (b Bounds) Units(unit money.Amount, least, most int64) (from, to int64, refusal *AmountRefusal) {
	total := func(n int64) money.Amount { return money.Amount{Minor: unit.Minor * n, Currency: unit.Currency} }
	from, to = least, most
	for to > from && b.Refuse(total(to)) != nil {
		to--
	}
	for from < to && b.Refuse(total(from)) != nil {
		from++
	}
	if b.Refuse(total(to)) == nil {
		return from, to, nil
	}
	if refusal = b.Refuse(total(least)); refusal.Code == BelowLeast {
		refusal = b.Refuse(total(most))
	}
	return least, most, refusal
}

// Error is for the log.
func (r *AmountRefusal) Error() string {
	return "payment: the provider can't charge this amount: " + strings.TrimSpace(r.Code+" "+r.Bound.String()+" "+r.Said)
}

// Unwrap is ErrRefused.
func (r *AmountRefusal) Unwrap() error { return ErrRefused }

// Fault is the refusal for whoever chose the amount.
func (r *AmountRefusal) Fault() error {
	var wrong fault.Fields
	wrong.Add("amount", r.Code, r.Message())
	refused := fault.Wrap(r, fault.Invalid, "This amount can't be paid here. You have not been charged.")
	refused.Fields = wrong
	return refused
}

// Message is a sentence for whoever chose the amount, with the bound.
func (r *AmountRefusal) Message() string {
	bound := r.Bound.Format("en")
	switch r.Code {
	case BelowLeast:
		return "Enter at least " + bound + "."
	case AboveMost:
		return "Enter at most " + bound + "."
	case BetweenSteps:
		return "Enter an amount in steps of " + bound + "."
	}
	return "This amount can't be paid here. Please tell the business."
}

// Merchant is a sentence for the merchant who asks the amount.
func (r *AmountRefusal) Merchant(provider string) string {
	called, bound := Called(provider), r.Bound.Format("en")
	switch r.Code {
	case NoCurrency:
		return called + " does not take " + string(r.Bound.Currency) + ". Choose another currency, or connect another provider."
	case BelowLeast:
		return called + " charges at least " + bound + ". Raise the amount."
	case AboveMost:
		return called + " charges at most " + bound + " at once. Lower the amount."
	case BetweenSteps:
		return called + " charges " + string(r.Bound.Currency) + " in steps of " + r.Bound.Decimal() + ". Round the amount."
	}
	return called + " does not take this amount: " + r.Said
}

// Called is a provider's name as people write it.
func Called(provider string) string {
	switch provider {
	case "":
		return ""
	case "bank_transfer":
		return "Bank transfer"
	}
	return strings.ToUpper(provider[:1]) + provider[1:]
}
