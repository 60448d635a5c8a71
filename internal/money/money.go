// Package money holds amounts as integer minor units with an ISO 4217
// currency, and reads and writes them. No float comes near them.
package money

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// Amount is money in minor units: cents for EUR, whole yen for JPY, fils for
// KWD.
type Amount struct {
	Minor    int64
	Currency Currency
}

// MaxMajor is the largest amount in major units that is accepted. Sums of
// millions of payments still fit 64 bits.
const MaxMajor = 999_999_999

// ErrCurrency says that two amounts of different currencies were mixed.
var ErrCurrency = errors.New("money: amounts of different currencies")

// ErrOverflow says that a sum does not fit.
var ErrOverflow = errors.New("money: the sum is too large")

// Max is the largest accepted amount of the currency.
func Max(c Currency) Amount {
	scale := c.scale()
	return Amount{Minor: MaxMajor*scale + scale - 1, Currency: c}
}

// IsZero reports whether it is no money.
func (a Amount) IsZero() bool { return a.Minor == 0 }

// Add returns a + b. Errors: ErrCurrency, ErrOverflow.
func (a Amount) Add(b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, ErrCurrency
	}
	sum := a.Minor + b.Minor
	if (sum > a.Minor) != (b.Minor > 0) {
		return Amount{}, ErrOverflow
	}
	return Amount{sum, a.Currency}, nil
}

// Sub returns a − b. Errors: ErrCurrency, ErrOverflow.
func (a Amount) Sub(b Amount) (Amount, error) {
	if a.Currency != b.Currency {
		return Amount{}, ErrCurrency
	}
	difference := a.Minor - b.Minor
	if (difference < a.Minor) != (b.Minor > 0) {
		return Amount{}, ErrOverflow
	}
	return Amount{difference, a.Currency}, nil
}

// Cmp is −1, 0 or 1 as a is less than, equal to or more than b, which must be
// of the same currency.
func (a Amount) Cmp(b Amount) int { return cmp.Compare(a.Minor, b.Minor) }

// Decimal writes the amount with a point and all decimals of its currency:
// "49.00", "500" for JPY, "1.250" for KWD.
func (a Amount) Decimal() string {
	var room [24]byte
	return string(a.appendDecimal(room[:0]))
}

// appendDecimal appends what Decimal returns.
func (a Amount) appendDecimal(b []byte) []byte {
	minor := uint64(a.Minor)
	if a.Minor < 0 {
		b = append(b, '-')
		minor = -minor // right for the smallest number too
	}
	scale := uint64(a.Currency.scale())
	b = strconv.AppendUint(b, minor/scale, 10)
	if scale > 1 {
		b = append(b, '.')
		for rest := minor % scale; scale > 1; {
			scale /= 10
			b = append(b, '0'+byte(rest/scale%10))
		}
	}
	return b
}

// String is for logs: "EUR 49.00".
func (a Amount) String() string { return string(a.Currency) + " " + a.Decimal() }

// wire is an amount in JSON.
type wire struct {
	Value    string `json:"value"`
	Currency string `json:"currency"`
}

// MarshalJSON writes {"value": "49.00", "currency": "EUR"}.
func (a Amount) MarshalJSON() ([]byte, error) {
	return json.Marshal(wire{a.Decimal(), string(a.Currency)})
}

// UnmarshalJSON reads {"value": "49.00", "currency": "EUR"}, and an amount of zero as
// MarshalJSON writes it: a code may take off all there was to pay.
func (a *Amount) UnmarshalJSON(text []byte) error {
	var w wire
	if err := json.Unmarshal(text, &w); err != nil {
		return fmt.Errorf("money: %w", err)
	}
	c, err := ReadCurrency(w.Currency)
	if err != nil {
		return err
	}
	if none := (Amount{Currency: c}); w.Value == none.Decimal() {
		*a = none
		return nil
	}
	*a, err = Parse(w.Value, c)
	return err
}
