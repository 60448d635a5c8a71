package money

import (
	"fmt"
	"slices"
	"strings"
)

// Currency is an ISO 4217 alphabetic code in upper case.
type Currency string

// ParseCurrency reads the code, in any case, of a currency that can be asked.
// The error is a *ParseError: BadCurrency for what is no currency, NotCharged
// for one that no provider charges, or that is no longer money.
func ParseCurrency(s string) (Currency, error) {
	c := Currency(strings.ToUpper(strings.TrimSpace(s)))
	if err := c.Check(); err != nil {
		return "", err
	}
	return c, nil
}

// ReadCurrency reads the code of an amount that exists already, such as an old
// payment's: retired currencies too. The error is a *ParseError.
func ReadCurrency(s string) (Currency, error) {
	c := Currency(strings.ToUpper(strings.TrimSpace(s)))
	if !c.Known() {
		return "", c.unknown()
	}
	return c, nil
}

// Currencies are the codes of all that can be asked, in alphabetical order.
func Currencies() []Currency {
	all := make([]Currency, 0, len(charged))
	for c := range charged {
		all = append(all, c)
	}
	slices.Sort(all)
	return all
}

// Check tells why an amount of this currency can't be asked, as a *ParseError;
// nil when it can.
func (c Currency) Check() error {
	if _, can := charged[c]; can {
		return nil
	}
	if heir, gone := retired[c]; gone {
		return &ParseError{Reason: NotCharged, Message: fmt.Sprintf("%s is no longer in use. Choose %s.", c, heir.instead)}
	}
	if other, real := uncharged[c]; real {
		return &ParseError{Reason: NotCharged, Message: fmt.Sprintf("%s (%s) can’t be charged here. Choose another currency.", c, other.name)}
	}
	return c.unknown()
}

// unknown tells of a code that is none of ours what is wrong with it: three letters
// may be a currency of long ago, or metal.
func (c Currency) unknown() *ParseError {
	if len(c) == 3 && strings.Trim(string(c), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
		return &ParseError{Reason: BadCurrency, Message: fmt.Sprintf("%s is no currency that can be charged. Choose another, like EUR.", c)}
	}
	return &ParseError{Reason: BadCurrency, Message: "Use a currency code of three letters, like EUR."}
}

// Known reports whether it is or was a currency of ISO 4217. Whether it can be
// asked today is what Check tells.
func (c Currency) Known() bool {
	_, known := c.facts()
	return known
}

// Name is the currency's English name, "Euro"; its code when it is not known.
func (c Currency) Name() string {
	if f, known := c.facts(); known {
		return f.name
	}
	return string(c)
}

// Decimals is the number of digits behind the point: 0, 2 or 3.
func (c Currency) Decimals() int {
	if f, known := c.facts(); known {
		return f.decimals
	}
	return 2
}

// facts finds the currency in the three tables.
func (c Currency) facts() (facts, bool) {
	if f, ok := charged[c]; ok {
		return f, true
	}
	if f, ok := uncharged[c]; ok {
		return f, true
	}
	f, ok := retired[c]
	return f.facts, ok
}

// scale is how many minor units make a major one.
func (c Currency) scale() int64 {
	scale := int64(1)
	for range c.Decimals() {
		scale *= 10
	}
	return scale
}
