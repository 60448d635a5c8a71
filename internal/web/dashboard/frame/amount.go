package frame

import (
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/money"
)

// AmountInput is an amount for an input as its reader types it, "" without one.
func (r Reader) AmountInput(a *money.Amount) string {
	if a == nil {
		return ""
	}
	return r.typed(a.Decimal())
}

// typed is a plain decimal string as its reader types it.
func (r Reader) typed(decimal string) string {
	if _, behind, _ := strings.Cut(decimal, "."); len(behind) == 3 {
		return decimal // three behind a comma would be taken for thousands
	}
	return money.WithPoint(decimal, r.Lang())
}

// AmountsInput are amounts for an input, "" without any.
func (r Reader) AmountsInput(amounts []money.Amount) string {
	parts := make([]string, len(amounts))
	for i, a := range amounts {
		parts[i] = r.AmountInput(&a)
	}
	if money.WithPoint(".", r.Lang()) == "," {
		return strings.Join(parts, "; ")
	}
	return strings.Join(parts, ", ")
}

// AmountsFrom reads a list of amounts. What can't be read is noted once.
func AmountsFrom(reader Reader, list string, c money.Currency, name string, unread *fault.Fields) (amounts []money.Amount) {
	for _, typed := range money.SplitTyped(list) {
		a, err := money.ParseTypedIn(typed, c, reader.Lang())
		if err != nil {
			unread.Add(name, "amount.list", "Separate amounts with spaces, such as 10 25 50.")
			return nil
		}
		amounts = append(amounts, a)
	}
	return amounts
}

// Symbol is the currency's sign for the start of an input, "" when it has none
// beyond its three letters.
func Symbol(c money.Currency) string {
	if c.Symbol() == string(c) {
		return ""
	}
	return c.Symbol()
}

// SumOf adds amounts that may be in several currencies: "€21,915.00", or
// "€900.00 + $35.00", in the order in which they came.
func (r Reader) SumOf(amounts []money.Amount) string {
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
		parts[i] = r.Money(money.Amount{Minor: sums[c], Currency: c})
	}
	return strings.Join(parts, " + ")
}

// amountToType is the value of the sentences that tell how to type an amount: money.Example.
const amountToType = "Example"

// Sentence is Translator.Sentence with amounts as the reader's language writes them: features
// put them into their English sentences as English does.
func (r Reader) Sentence(english string) string {
	return r.SentenceWith(english, func(name, value string) string {
		if name == amountToType {
			return r.typed(value)
		}
		if a, ok := money.ParsePrinted(value, i18n.Fallback); ok {
			return r.Money(a)
		}
		return value
	})
}
