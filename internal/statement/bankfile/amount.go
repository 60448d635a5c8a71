package bankfile

import (
	"strings"
	"time"
)

// mostMinor bounds an amount: more than any bank moves at once.
const mostMinor = 1_000_000_000_000_00

// minor reads an amount of a currency with two decimals, written with this decimal sign,
// as banks write them: blanks, apostrophes and the other sign part thousands. A sign is an
// error here. More than two decimals are read where all beyond are zeros.
func minor(s, decimal string) (int64, bool) {
	other := "."
	if decimal == "." {
		other = ","
	}
	whole, fraction, _ := strings.Cut(strings.TrimSpace(s), decimal)
	if groups := strings.FieldsFunc(whole, func(r rune) bool {
		return string(r) == other || r == ' ' || r == '\'' || r == '’' || r == '\u00a0' || r == '\u202f'
	}); len(groups) > 1 {
		for i, g := range groups {
			if i > 0 && len(g) != 3 || len(g) > 3 {
				return 0, false
			}
		}
		whole = strings.Join(groups, "")
	}
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > 2 || whole == "" && fraction == "" && !strings.Contains(s, "0") {
		return 0, false
	}
	for len(fraction) < 2 {
		fraction += "0"
	}
	var n int64
	for _, r := range whole + fraction {
		if r < '0' || r > '9' || n > mostMinor {
			return 0, false
		}
		n = n*10 + int64(r-'0')
	}
	return n, n <= mostMinor
}

// signed reads an amount that may have a sign before or behind it.
func signed(s, decimal string) (n int64, negative, ok bool) {
	s = strings.TrimSpace(strings.Trim(strings.TrimSpace(s), "€"))
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(s, "EUR"), "€"), "EUR"))
	s = strings.ReplaceAll(s, "\u2212", "-")
	for _, sign := range []string{"-", "+"} {
		if rest, found := strings.CutPrefix(s, sign); found {
			n, ok = minor(rest, decimal)
			return n, sign == "-", ok
		}
		if rest, found := strings.CutSuffix(s, sign); found {
			n, ok = minor(rest, decimal)
			return n, sign == "-", ok
		}
	}
	n, ok = minor(s, decimal)
	return n, false, ok
}

// isoDay is the day of an ISO 8601 date, with a time or a zone or without.
func isoDay(s string) (string, bool) {
	if len(s) < len(time.DateOnly) {
		return "", false
	}
	return dayIn(s[:len(time.DateOnly)], time.DateOnly)
}

func dayIn(s, layout string) (string, bool) {
	at, err := time.Parse(layout, s)
	if err != nil || at.Year() < 1990 || at.Year() > 2200 {
		return "", false
	}
	return at.Format(time.DateOnly), true
}
