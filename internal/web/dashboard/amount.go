package dashboard

import (
	"strings"

	"smartlinks/internal/money"
)

// asMoney writes an amount as the dashboard, which speaks English, shows it.
func asMoney(a money.Amount) string { return a.Format("en") }

// typed is an amount for an input, "" without one.
func typed(a *money.Amount) string {
	if a == nil {
		return ""
	}
	return a.Decimal()
}

// symbol is the currency's sign for the start of an input, "" when it has none
// beyond its three letters.
func symbol(c money.Currency) string {
	if c.Symbol() == string(c) {
		return ""
	}
	return c.Symbol()
}

// sumOf adds amounts that may be in several currencies: "€21,915.00", or
// "€900.00 + $35.00", in the order in which they came.
func sumOf(amounts []money.Amount) string {
	var order []money.Currency
	sums := map[money.Currency]int64{}
	for _, a := range amounts {
		if _, known := sums[a.Currency]; !known {
			order = append(order, a.Currency)
		}
		sums[a.Currency] += a.Minor
	}
	parts := make([]string, len(order))
	for i, c := range order {
		parts[i] = asMoney(money.Amount{Minor: sums[c], Currency: c})
	}
	return strings.Join(parts, " + ")
}
