package dashboard

import (
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/money"
)

// shownIn is the language of the dashboard, in which amounts are shown and read.
const shownIn = "en"

// asMoney writes an amount as the dashboard shows it.
func asMoney(a money.Amount) string { return a.Format(shownIn) }

// typed is an amount for an input, "" without one.
func typed(a *money.Amount) string {
	if a == nil {
		return ""
	}
	return a.Decimal()
}

// typedList are amounts for an input, "" without any.
func typedList(amounts []money.Amount) string {
	parts := make([]string, len(amounts))
	for i, a := range amounts {
		parts[i] = a.Decimal()
	}
	return strings.Join(parts, ", ")
}

// amountsFrom reads a list of amounts. What can't be read is noted once.
func amountsFrom(list string, c money.Currency, name string, unread *fault.Fields) (amounts []money.Amount) {
	for _, typed := range money.SplitTyped(list) {
		a, err := money.ParseTypedIn(typed, c, shownIn)
		if err != nil {
			unread.Add(name, "amount.list", "Write amounts apart by spaces, like 10 25 50.")
			return nil
		}
		amounts = append(amounts, a)
	}
	return amounts
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
