package money

import "strings"

// style is how a language writes money, from CLDR 46's standard patterns.
// golang.org/x/text places the symbol wrongly for half of them.
type style struct {
	group, point string
	prefix       bool   // the symbol stands before the number
	gap          string // between symbol and number
	smallest     int    // digits before the point from which they are grouped
	mark         string // before an amount that is written from left to right
}

// Spaces that don't break, as CLDR's patterns have them.
const (
	noBreak       = "\u00a0"
	narrowNoBreak = "\u202f"
	rightToLeft   = "\u200f"
)

// styles by language. Latin digits are used in Arabic too, so that an amount
// reads the same as on the provider's page.
var styles = map[string]style{
	"en": {group: ",", point: ".", prefix: true, smallest: 4},
	"nl": {group: ".", point: ",", prefix: true, gap: noBreak, smallest: 4},
	"de": {group: ".", point: ",", gap: noBreak, smallest: 4},
	"fr": {group: narrowNoBreak, point: ",", gap: noBreak, smallest: 4},
	"es": {group: ".", point: ",", gap: noBreak, smallest: 5},
	"ar": {group: ",", point: ".", gap: noBreak, smallest: 4, mark: rightToLeft},
}

// symbols are those that every reader knows; other currencies show their code.
var symbols = map[Currency]string{
	"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "ILS": "₪", "VND": "₫", "PHP": "₱",
	"BRL": "R$", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "HKD": "HK$", "MXN": "MX$", "CNY": "CN¥", "TWD": "NT$",
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
// that are not known are written as English.
func (a Amount) Format(language string) string {
	s, known := styles[language]
	if !known {
		s = styles["en"]
	}
	var b strings.Builder
	b.Grow(32)
	b.WriteString(s.mark)
	symbol := a.Currency.Symbol()
	if s.prefix {
		if a.Minor < 0 && s.gap == "" {
			b.WriteByte('-')
		}
		b.WriteString(symbol)
		if s.gap == "" && symbol == string(a.Currency) {
			b.WriteString(noBreak)
		}
		b.WriteString(s.gap)
		if a.Minor < 0 && s.gap != "" {
			b.WriteByte('-')
		}
	} else if a.Minor < 0 {
		b.WriteByte('-')
	}
	s.number(&b, strings.TrimPrefix(a.Decimal(), "-"))
	if !s.prefix {
		b.WriteString(s.gap)
		b.WriteString(symbol)
	}
	return b.String()
}

// number writes a decimal with the language's separators.
func (s style) number(b *strings.Builder, decimal string) {
	whole, fraction, hasPoint := strings.Cut(decimal, ".")
	for i := range len(whole) {
		if left := len(whole) - i; i > 0 && left%3 == 0 && len(whole) >= s.smallest {
			b.WriteString(s.group)
		}
		b.WriteByte(whole[i])
	}
	if hasPoint {
		b.WriteString(s.point)
		b.WriteString(fraction)
	}
}
