package money

import (
	"strconv"
	"strings"
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
// comma parts them only before a space.
func SplitTyped(list string) (typed []string) {
	for part := range strings.FieldsSeq(strings.ReplaceAll(list, ";", " ")) {
		if part = strings.TrimSuffix(part, ","); part != "" {
			typed = append(typed, part)
		}
	}
	return typed
}
