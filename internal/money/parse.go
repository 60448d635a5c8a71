package money

import (
	"fmt"
	"regexp"
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
	BadCurrency     Reason = "amount.currency"
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
		return Amount{}, &ParseError{Unreadable, "Write the amount as " + example(c) + ", with a point and without separators."}
	}
	return build(whole, fraction, c)
}

// typed is what people type: a point or a comma for cents.
var typed = regexp.MustCompile(`^(\d+)(?:[.,](\d+))?$`)

// ParseTyped reads what a person typed or put into a URL: 25, 12.50 or 12,50.
// What could mean two amounts (1,500 or 15.000 for EUR, 1.234,56) is refused
// and never guessed. Every error is a *ParseError.
func ParseTyped(value string, c Currency) (Amount, error) {
	value = strings.TrimSpace(value)
	if value == "" {
		return Amount{}, &ParseError{Missing, "Enter an amount."}
	}
	if value[0] == '-' {
		return Amount{}, notPositive()
	}
	parts := typed.FindStringSubmatch(value)
	if parts == nil {
		if strings.ContainsAny(value, ".,") && strings.Trim(value, "0123456789.,' ") == "" {
			return Amount{}, ambiguous(c)
		}
		return Amount{}, &ParseError{Unreadable, "Enter an amount like " + example(c) + "."}
	}
	// Three digits behind the only separator read as thousands to many people,
	// also where the currency has three decimals and the separator is a comma.
	if len(parts[2]) == 3 && (c.Decimals() != 3 || strings.Contains(value, ",")) && len(parts[1]) <= 3 && parts[1][0] != '0' {
		return Amount{}, ambiguous(c)
	}
	return build(parts[1], parts[2], c)
}

// build makes the amount of digits before and behind the point.
func build(whole, fraction string, c Currency) (Amount, error) {
	decimals := c.Decimals()
	if len(fraction) > decimals {
		if decimals == 0 {
			return Amount{}, &ParseError{TooManyDecimals, fmt.Sprintf("%s has no decimals. Enter a whole amount, like %s.", c, example(c))}
		}
		return Amount{}, &ParseError{TooManyDecimals, fmt.Sprintf("%s has %d decimals. Enter an amount like %s.", c, decimals, example(c))}
	}
	whole = strings.TrimLeft(whole, "0")
	var minor int64
	for _, digit := range whole + fraction + strings.Repeat("0", decimals-len(fraction)) {
		if minor = minor*10 + int64(digit-'0'); minor > Max(c).Minor {
			return Amount{}, &ParseError{TooLarge, "Enter an amount of at most " + Max(c).Decimal() + "."}
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
	return &ParseError{Ambiguous, "This can be read in two ways. Leave out separators for thousands and write it like " + example(c) + "."}
}

// example is an amount in the currency's form.
func example(c Currency) string {
	return Amount{Minor: 1250 * c.scale() / 100, Currency: c}.Decimal()
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
