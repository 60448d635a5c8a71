package stripe

import (
	"fmt"
	"strings"

	"smartlinks/internal/money"
	"smartlinks/internal/payment/provider"
)

// decimals is how many digits behind the point Stripe counts in, by its page
// "Supported currencies" (zero-decimal, three-decimal and special cases). It
// differs from ISO 4217 where a currency lost its decimals and Stripe keeps two
// for compatibility, and for MGA, whose fifths it leaves out. HUF and TWD are
// whole in payouts only; they are charged with two digits.
func decimals(c money.Currency) int {
	switch c {
	case "ISK", "UGX":
		return 2
	case "MGA":
		return 0
	}
	return c.Decimals()
}

// step is the smallest difference of two amounts, in our minor units: networks
// take no third decimal, so the last digit of three must be 0.
func step(c money.Currency) int64 {
	switch {
	case c == "MGA":
		return 100
	case c.Decimals() == 3:
		return 10
	}
	return 1
}

// units is the amount as Stripe counts it.
func units(a money.Amount) (int64, error) {
	if a.Minor%step(a.Currency) != 0 {
		return 0, fmt.Errorf("stripe can't charge %s", a)
	}
	return shift(a.Minor, decimals(a.Currency)-a.Currency.Decimals()), nil
}

// amountOf is units the other way. Fractions that our minor units don't hold
// are an error, never rounded.
func amountOf(units int64, currency string) (money.Amount, error) {
	c, err := money.ReadCurrency(currency)
	if err != nil {
		return money.Amount{}, err
	}
	a := money.Amount{Minor: shift(units, c.Decimals()-decimals(c)), Currency: c}
	if shift(a.Minor, decimals(c)-c.Decimals()) != units {
		return money.Amount{}, fmt.Errorf("stripe tells %d of %s, which is no amount of money", units, c)
	}
	return a, nil
}

// shift moves the point.
func shift(n int64, by int) int64 {
	for ; by > 0; by-- {
		n *= 10
	}
	for ; by < 0; by++ {
		n /= 10
	}
	return n
}

// most is eight digits, the most that Stripe takes; more for currencies whose
// units are small.
func most(c money.Currency) int64 {
	switch c {
	case "COP", "HUF", "IDR", "INR", "JPY", "LBP":
		return 999_999_999_999
	}
	return 99_999_999
}

// smallest are Stripe's minimum charges by currency, in its units, from
// "Minimum and maximum charge amounts". Others are decided by what the account
// settles in, which we don't know.
const smallest = `USD 50 AED 200 AUD 50 BRL 50 CAD 50 CHF 50 CZK 1500 DKK 250 EUR 50 GBP 30 HKD 400
	HUF 17500 INR 50 JPY 50 MXN 1000 MYR 200 NOK 300 NZD 50 PLN 200 RON 200 SEK 300 SGD 50 THB 1000`

// Bounds implements payment.Bounder. The currencies that can be asked at all are those
// that Stripe charges (docs.stripe.com/currencies, presentment currencies).
func (s *Stripe) Bounds(c money.Currency) provider.Bounds {
	ours := c.Decimals() - decimals(c)
	return provider.Bounds{
		Lacking: c.Check() != nil,
		Min:     shift(minimum(c), ours), Max: shift(most(c), ours), Step: step(c),
	}
}

// minimum is the least that Stripe charges, in its units.
func minimum(c money.Currency) (least int64) {
	words := strings.Fields(smallest)
	for i := 0; i+1 < len(words); i += 2 {
		if words[i] == string(c) {
			_, _ = fmt.Sscan(words[i+1], &least)
		}
	}
	return least
}
