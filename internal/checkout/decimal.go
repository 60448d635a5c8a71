package checkout

import (
	"strconv"
	"strings"

	"smartlinks/internal/text"
)

// decimal is a number with six decimals at most, in millionths.
type decimal int64

const decimals = 6

// parseDecimal reads a number as people write it: with a point or a comma for decimals,
// in digits of every script, without separators for thousands.
func parseDecimal(s string) (decimal, bool) {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == ',' || r == '٫':
			return '.'
		case r == '−':
			return '-'
		}
		return r
	}, text.Digits(strings.TrimSpace(s)))
	digits, negative := strings.CutPrefix(s, "-")
	whole, part, _ := strings.Cut(digits, ".")
	if whole == "" || len(whole) > 12 || len(part) > decimals || strings.HasSuffix(digits, ".") || strings.Trim(whole+part, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+part+strings.Repeat("0", decimals-len(part)), 10, 64)
	if negative {
		n = -n
	}
	return decimal(n), err == nil
}

// String is the shortest way to write it, with a point.
func (d decimal) String() string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	digits := strconv.FormatInt(int64(d), 10)
	if len(digits) <= decimals {
		digits = strings.Repeat("0", decimals+1-len(digits)) + digits
	}
	whole, part := digits[:len(digits)-decimals], strings.TrimRight(digits[len(digits)-decimals:], "0")
	if part == "" {
		return sign + whole
	}
	return sign + whole + "." + part
}
