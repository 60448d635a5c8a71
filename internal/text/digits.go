package text

import (
	"strconv"
	"strings"
	"unicode"
)

// Digits writes the digits of every script (Unicode's Nd, and so those of full width too) as
// 0 to 9: keyboards write those of their language. All else stays as it is.
//
// Amounts are folded in package money, which reads alone.
//
// A day is not read so: who writes ۱۴۰۴ means a year of another calendar.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII || !unicode.Is(unicode.Nd, r) {
			return r
		}
		return '0' + digit(r)
	}, s)
}

// Whole reads a whole number as people type it, in digits of every script.
func Whole(typed string) (int64, error) {
	return strconv.ParseInt(Digits(strings.TrimSpace(typed)), 10, 64)
}

// digit is the value of a decimal digit: in Unicode they stand in runs from nought to nine.
func digit(r rune) rune {
	for _, run := range unicode.Nd.R16 {
		if r >= rune(run.Lo) && r <= rune(run.Hi) {
			return (r - rune(run.Lo)) % 10
		}
	}
	for _, run := range unicode.Nd.R32 {
		if r >= rune(run.Lo) && r <= rune(run.Hi) {
			return (r - rune(run.Lo)) % 10
		}
	}
	return 0
}
