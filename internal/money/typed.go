package money

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Separators after folding. A blank and an apostrophe only ever part thousands;
// Arabic has a mark of its own for each of the two (U+066B, U+066C).
const (
	arabicPoint = '٫'
	arabicGroup = '٬'
	groupsOnly  = " '" + string(arabicGroup)
	separators  = ".," + string(arabicPoint) + groupsOnly
)

// ParseTyped reads what a person typed, pasted or put into a URL: 25, 12.50,
// 12,50, 1.234,56, 1 234,50, €25, 25 EUR, 25,-, in digits of every script. What
// could mean two amounts (1,500 or 15.000 for EUR) is refused and never
// guessed. Every error is a *ParseError.
func ParseTyped(value string, c Currency) (Amount, error) {
	plain := fold(value)
	if plain == "" {
		return Amount{}, &ParseError{Missing, "Enter an amount."}
	}
	number, other := bare(plain, c)
	if other != "" {
		return Amount{}, &ParseError{OtherCurrency, "Write the amount in " + string(c) + ", like " + Example(c) + "."}
	}
	if strings.HasPrefix(number, "-") {
		return Amount{}, notPositive()
	}
	whole, fraction, err := split(wholeAmount(number), c)
	if err != nil {
		return Amount{}, err
	}
	return build(whole, fraction, c)
}

// ParseTypedIn is ParseTyped on a page in a language, "" for none: what that
// page itself would print for an amount, sign and all, is that amount. So
// "¥1,500" is read where pages print it, and "1,500" alone nowhere.
func ParseTypedIn(value string, c Currency, language string) (Amount, error) {
	a, err := ParseTyped(value, c)
	if err == nil || language == "" {
		return a, err
	}
	if printed, ok := readPrinted(fold(value), c, language); ok {
		return printed, nil
	}
	return Amount{}, err
}

// readPrinted reads what Format writes in the language, and nothing else.
func readPrinted(plain string, c Currency, language string) (Amount, bool) {
	s := styleOf(language)
	group := s.group
	if group == narrowNoBreak {
		group = " "
	}
	number, _ := bare(plain, c)
	a, err := Parse(strings.Replace(strings.ReplaceAll(number, group, ""), s.point, ".", 1), c)
	return a, err == nil && fold(a.Format(language)) == plain
}

// ParsePrinted reads an amount that Format wrote in the language, of whatever currency.
func ParsePrinted(value, language string) (Amount, bool) {
	plain := fold(value)
	if !strings.ContainsAny(plain, "0123456789") || strings.Trim(plain, "0123456789"+separators) == "" {
		return Amount{}, false // no number, or one without its currency
	}
	for _, c := range Currencies() {
		if a, ok := readPrinted(plain, c, language); ok {
			return a, true
		}
	}
	return Amount{}, false
}

// fold brings what people paste into plain characters: digits of all scripts
// (Nd) and of full width are 0 to 9, every blank is a space, marks of direction
// and characters without width go.
func fold(value string) string {
	value = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r):
			return -1
		case unicode.Is(unicode.Nd, r):
			return '0' + digit(r)
		case unicode.IsSpace(r):
			return ' '
		}
		switch r {
		case '’', '‘', 'ʼ':
			return '\''
		case '،': // the Arabic comma, typed for the Latin one
			return ','
		case '−', '‐', '‑', '–', '—':
			return '-'
		}
		return r
	}, width.Fold.String(value))
	return strings.Join(strings.Fields(value), " ")
}

// digit is the value of a decimal digit: in Unicode they stand in runs from
// nought to nine.
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

// bare takes the sign or code of the currency from either end. Other is that
// of another currency, if the number bears one.
func bare(plain string, c Currency) (number, other string) {
	number = plain
	for range 2 { // € 25 EUR
		for _, sign := range []string{string(c), fold(c.Symbol())} {
			number = strings.TrimSpace(cutFold(number, sign))
		}
	}
	minus := strings.HasPrefix(number, "-") // -€1
	if minus {
		for _, sign := range []string{string(c), fold(c.Symbol())} {
			number = "-" + strings.TrimSpace(cutFold(strings.TrimSpace(number[1:]), sign))
		}
	}
	letters := strings.ToUpper(strings.Trim(number, "0123456789-"+separators))
	if Currency(letters).Known() || slices.ContainsFunc([]rune(letters), func(r rune) bool { return unicode.Is(unicode.Sc, r) }) {
		return number, letters
	}
	return number, ""
}

// cutFold cuts the sign, in any case, from the start or the end.
func cutFold(number, sign string) string {
	switch n := len(sign); {
	case len(number) < n:
	case strings.EqualFold(number[:n], sign):
		return number[n:]
	case strings.EqualFold(number[len(number)-n:], sign):
		return number[:len(number)-n]
	}
	return number
}

// wholeAmount puts a nought for the dash that some write for no cents: 25,- and
// 25.--.
func wholeAmount(number string) string {
	short := strings.TrimRight(number, "-")
	cut := strings.TrimRight(short, ".,")
	if dashes := len(number) - len(short); dashes < 1 || dashes > 2 || len(short)-len(cut) != 1 || strings.Contains(cut, short[len(cut):]) {
		return number
	}
	return short + "0"
}

// split finds the digits before and behind the point.
func split(number string, c Currency) (whole, fraction string, err error) {
	if strings.Trim(number, "0123456789"+separators) != "" || strings.Trim(number, separators) == "" {
		return "", "", unreadable(c)
	}
	last := strings.LastIndexAny(number, separators)
	if last < 0 {
		return number, "", nil
	}
	parted := []rune(number[last:])[0]
	before, behind := number[:last], number[last+len(string(parted)):]
	switch group := strings.IndexAny(before, separators); {
	case strings.ContainsRune(groupsOnly, parted):
		return grouped(number, parted, c)
	case group < 0 && !clear(before, parted, behind, c):
		return "", "", ambiguous(c)
	case group < 0:
		return before, behind, nil
	case !digits(behind):
		return "", "", ambiguous(c)
	default: // of two kinds of separators the last is the point
		by := []rune(before[group:])[0]
		if by == parted || by == arabicPoint {
			return "", "", ambiguous(c)
		}
		whole, _, err = grouped(before, by, c)
		return whole, behind, err
	}
}

// clear tells whether the only point or comma can be nothing but the point.
// Three digits behind it read as thousands to many people, also where the
// currency has three decimals and they are behind a comma.
func clear(before string, point rune, behind string, c Currency) bool {
	if !digits(before) || !digits(behind) {
		return false
	}
	if point == arabicPoint || len(behind) != 3 || len(before) > 3 || before[0] == '0' {
		return true
	}
	return c.Decimals() == 3 && point == '.'
}

// grouped reads a whole number in groups of three.
func grouped(number string, by rune, c Currency) (whole, fraction string, err error) {
	for i, group := range strings.Split(number, string(by)) {
		first := i == 0
		if !digits(group) || first && (len(group) > 3 || group[0] == '0') || !first && len(group) != 3 {
			return "", "", ambiguous(c)
		}
		whole += group
	}
	return whole, "", nil
}
