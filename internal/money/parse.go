package money

import (
	"errors"
	"fmt"
	"strings"
)

// Reason names why an amount can't be read; it is a key of translations.
type Reason string

// The reasons.
const (
	Missing         Reason = "amount.missing"
	Unreadable      Reason = "amount.unreadable"
	Ambiguous       Reason = "amount.ambiguous"
	TooManyDecimals Reason = "amount.decimals"
	NotPositive     Reason = "amount.positive"
	TooLarge        Reason = "amount.large"
	BadCurrency     Reason = "amount.currency"         // no currency at all
	NotCharged      Reason = "amount.currency_charged" // a currency, but not one that can be asked
	OtherCurrency   Reason = "amount.currency_other"   // of another currency than the one that is asked
)

// ParseError says why an amount was refused, and what to type instead.
type ParseError struct {
	Reason  Reason
	Message string
}

// Error returns the sentence.
func (e *ParseError) Error() string { return e.Message }

// Parse reads the decimal string of the API: digits, at most one point, no
// sign, no exponent, no separators; more than zero. Every error is a
// *ParseError.
func Parse(value string, c Currency) (Amount, error) {
	whole, fraction, hasPoint := strings.Cut(value, ".")
	switch {
	case value == "":
		return Amount{}, &ParseError{Missing, "Enter an amount."}
	case value[0] == '-':
		return Amount{}, notPositive()
	case !digits(whole) || hasPoint && !digits(fraction):
		return Amount{}, &ParseError{Unreadable, "Write the amount as " + Example(c) + ", with a point and without separators."}
	}
	return build(whole, fraction, c)
}

// ParseOrNothing is Parse where 0 is an amount as well.
func ParseOrNothing(value string, c Currency) (Amount, error) {
	a, err := Parse(value, c)
	if err, ok := errors.AsType[*ParseError](err); ok && err.Reason == NotPositive && value[0] != '-' {
		return Amount{Currency: c}, nil
	}
	return a, err
}

// build makes the amount of digits before and behind the point.
func build(whole, fraction string, c Currency) (Amount, error) {
	decimals := c.Decimals()
	if len(fraction) > decimals {
		if decimals == 0 {
			return Amount{}, &ParseError{TooManyDecimals, fmt.Sprintf("%s has no decimals. Enter a whole amount, like %s.", c, Example(c))}
		}
		return Amount{}, &ParseError{TooManyDecimals, fmt.Sprintf("%s has %d decimals. Enter an amount like %s.", c, decimals, Example(c))}
	}
	whole = strings.TrimLeft(whole, "0")
	var minor int64
	for _, digit := range whole + fraction + strings.Repeat("0", decimals-len(fraction)) {
		if minor = minor*10 + int64(digit-'0'); minor > Max(c).Minor {
			return Amount{}, &ParseError{TooLarge, "Enter an amount of at most " + Max(c).Format("en") + "."}
		}
	}
	if minor == 0 {
		return Amount{}, notPositive()
	}
	return Amount{Minor: minor, Currency: c}, nil
}

func notPositive() *ParseError {
	return &ParseError{NotPositive, "Enter an amount above zero."}
}

func ambiguous(c Currency) *ParseError {
	return &ParseError{Ambiguous, "This can be read in two ways. Leave out separators for thousands and write it like " + Example(c) + "."}
}

func unreadable(c Currency) *ParseError {
	return &ParseError{Unreadable, "Enter an amount like " + Example(c) + "."}
}

// Example is an amount in the currency's form: 12.50, 1250 for JPY.
func Example(c Currency) string { return ExampleAmount(c).Decimal() }

// ExampleAmount is what Example writes.
func ExampleAmount(c Currency) Amount {
	if c.Decimals() == 0 {
		return Amount{Minor: 1250, Currency: c}
	}
	return Amount{Minor: 1250 * c.scale() / 100, Currency: c}
}

// digits reports whether s is one digit or more.
func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
