package money

import (
	"strconv"
	"strings"
	"unicode"
)

// Column writes amounts of one currency for a column: minor units, apart by
// spaces.
func Column(amounts []Amount) string {
	parts := make([]string, len(amounts))
	for i, a := range amounts {
		parts[i] = strconv.FormatInt(a.Minor, 10)
	}
	return strings.Join(parts, " ")
}

// FromColumn reads what Column wrote.
func FromColumn(column string, c Currency) (amounts []Amount) {
	for part := range strings.FieldsSeq(column) {
		if minor, err := strconv.ParseInt(part, 10, 64); err == nil {
			amounts = append(amounts, Amount{Minor: minor, Currency: c})
		}
	}
	return amounts
}

// SplitTyped parts amounts as people list them: "10, 25; 50" or "12,50 25". A
// comma parts them only before a space. Blanks that don't break belong to an
// amount, as pages print them.
func SplitTyped(list string) (typed []string) {
	apart := func(r rune) bool { return r == ';' || unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f' }
	for part := range strings.FieldsFuncSeq(list, apart) {
		if part = strings.TrimSuffix(part, ","); part != "" {
			typed = append(typed, part)
		}
	}
	return typed
}
