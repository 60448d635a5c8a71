package money

import (
	"bytes"
	"strings"
)

// style is how a language writes money, from CLDR 46's standard patterns.
// golang.org/x/text places the symbol wrongly for half of them.
type style struct {
	group, point string
	prefix       bool   // the symbol stands before the number
	gap          string // between symbol and number
	smallest     int    // digits before the point from which they are grouped
	mark         string // before an amount that is written from left to right
	minus        string // stands where the language puts it: -€1, € -1, -1 €
	percent      string // behind a number: 5%, 5 %
}

// Spaces that don't break and marks of direction, as CLDR's patterns have them.
const (
	noBreak       = "\u00a0"
	narrowNoBreak = "\u202f"
	rightToLeft   = "\u200f"
	leftToRight   = "\u200e"
)

// styles by language. Latin digits are used in Arabic too, so that an amount
// reads the same as on the provider's page.
var styles = map[string]style{
	"en": {group: ",", point: ".", prefix: true, smallest: 4, minus: "-", percent: "%"},
	"nl": {group: ".", point: ",", prefix: true, gap: noBreak, smallest: 4, minus: "-", percent: "%"},
	"de": {group: ".", point: ",", gap: noBreak, smallest: 4, minus: "-", percent: noBreak + "%"},
	"fr": {group: narrowNoBreak, point: ",", gap: noBreak, smallest: 4, minus: "-", percent: narrowNoBreak + "%"},
	"es": {group: ".", point: ",", gap: noBreak, smallest: 5, minus: "-", percent: noBreak + "%"},
	"ar": {group: ",", point: ".", gap: noBreak, smallest: 4, mark: rightToLeft, minus: leftToRight + "-", percent: "%"},
}

// symbols are those that every reader knows; other currencies show their code.
var symbols = map[Currency]string{
	"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "ILS": "₪", "VND": "₫", "PHP": "₱",
	"BRL": "R$", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "HKD": "HK$", "MXN": "MX$", "CNY": "CN¥", "TWD": "NT$",
}

func styleOf(language string) style {
	if i := strings.IndexAny(language, "-_"); i >= 0 {
		language = language[:i]
	}
	if s, known := styles[language]; known {
		return s
	}
	return styles["en"]
}

// Symbol is the currency's sign, or its code.
func (c Currency) Symbol() string {
	if s, known := symbols[c]; known {
		return s
	}
	return string(c)
}

// Format writes the amount for people, with all decimals of its currency:
// €1,234.50 in English, € 1.234,50 in Dutch, 1.234,50 € in German. Languages
// that are not known are written as English; a region (nl-BE) is not looked at.
func (a Amount) Format(language string) string { return a.format(styleOf(language), true) }

// FormatWhole writes the amount without decimals, for scales of which every step is whole:
// €1,234 in English, 1.234 € in German. What is behind the point is cut off.
func (a Amount) FormatWhole(language string) string { return a.format(styleOf(language), false) }

func (a Amount) format(s style, decimals bool) string {
	minus := s.minus
	if a.Minor >= 0 {
		minus = ""
	}
	symbol, gap := a.Currency.Symbol(), s.gap
	if gap == "" && symbol == string(a.Currency) {
		gap = noBreak // a code never touches the number
	}
	var room [64]byte // on the stack
	b := append(room[:0], s.mark...)
	switch {
	case !s.prefix:
		b = s.appendNumber(append(b, minus...), a, decimals)
		b = append(append(b, gap...), symbol...)
	case s.gap == "":
		b = append(append(append(b, minus...), symbol...), gap...)
		b = s.appendNumber(b, a, decimals)
	default:
		b = append(append(append(b, symbol...), gap...), minus...)
		b = s.appendNumber(b, a, decimals)
	}
	return string(b)
}

// appendNumber writes the amount's digits with the language's separators and
// without a sign.
func (s style) appendNumber(b []byte, a Amount, decimals bool) []byte {
	var room [24]byte
	digits := a.appendDecimal(room[:0])
	if a.Minor < 0 {
		digits = digits[1:]
	}
	whole, fraction, hasPoint := bytes.Cut(digits, []byte{'.'})
	for i, digit := range whole {
		if left := len(whole) - i; i > 0 && left%3 == 0 && len(whole) >= s.smallest {
			b = append(b, s.group...)
		}
		b = append(b, digit)
	}
	if hasPoint && decimals {
		b = append(append(b, s.point...), fraction...)
	}
	return b
}

// WithPoint writes a plain decimal string ("5.5") with the language's point:
// 5,5 in Dutch.
func WithPoint(decimal, language string) string {
	return strings.Replace(decimal, ".", styleOf(language).point, 1)
}

// Percent writes a plain decimal string ("5.5") as a percentage: 5,5 % in German.
func Percent(decimal, language string) string {
	return WithPoint(decimal, language) + styleOf(language).percent
}
