// Package sepa knows what banks of the SEPA area write: IBANs, creditor references, and the
// QR code of a transfer.
package sepa

import (
	"strings"
)

// lengths are the lengths of IBANs by country: of the SEPA area alone (European Payments
// Council, EPC409-09; SWIFT's IBAN registry).
var lengths = map[string]int{
	"AD": 24, "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FO": 18, "FR": 27,
	"GB": 22, "GI": 23, "GL": 18, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24,
	"ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "VA": 22,
}

// problem is what is wrong with what somebody typed, in a sentence for them.
type problem string

func (p problem) Error() string { return string(p) }

// What is wrong with an IBAN, as sentences for whoever typed it.
var (
	ErrForm    = error(problem("Enter the IBAN as it stands on your statements, like NL91 ABNA 0417 1643 00."))
	ErrOutside = error(problem("This IBAN is from outside the SEPA area, where transfers in euros do not reach it as we ask for them."))
	ErrLength  = error(problem("This IBAN is too short or too long for its country."))
	ErrDigits  = error(problem("This is no IBAN: its check digits do not fit. Look for a wrong digit."))
)

// ParseIBAN reads an IBAN as people type it, with blanks and in lower case (ISO 13616).
func ParseIBAN(typed string) (string, error) {
	iban := plain(typed)
	if len(iban) < 5 || strings.ContainsFunc(iban, notAlphanumeric) || !letters(iban[:2]) || !digits(iban[2:4]) {
		return "", ErrForm
	}
	length, known := lengths[iban[:2]]
	switch {
	case !known:
		return "", ErrOutside
	case len(iban) != length:
		return "", ErrLength
	case mod97(iban[4:]+iban[:4]) != 1:
		return "", ErrDigits
	}
	return iban, nil
}

// FormatIBAN writes an IBAN in groups of four.
func FormatIBAN(iban string) string { return grouped(iban) }

// ParseBIC reads a bank's code (ISO 9362), "" for none.
func ParseBIC(typed string) (string, error) {
	bic := plain(typed)
	if bic == "" {
		return "", nil
	}
	if len(bic) != 8 && len(bic) != 11 || !letters(bic[:6]) || strings.ContainsFunc(bic, notAlphanumeric) {
		return "", problem("A BIC has 8 or 11 letters and digits, like ABNANL2A. It may stay empty.")
	}
	return bic, nil
}

// Reference is the creditor reference of some letters and digits, 21 at most (ISO 11649):
// RF, its check digits, and these.
func Reference(of string) string {
	of = strings.ToUpper(of)
	check := 98 - mod97(of+"RF00")
	return "RF" + string(rune('0'+check/10)) + string(rune('0'+check%10)) + of
}

// ValidReference reports whether a text is a creditor reference whose check digits fit;
// blanks and lower case make no difference.
func ValidReference(text string) bool {
	r := plain(text)
	return len(r) >= 5 && len(r) <= 25 && r[:2] == "RF" && digits(r[2:4]) && !strings.ContainsFunc(r, notAlphanumeric) && mod97(r[4:]+r[:4]) == 1
}

// FormatReference writes a creditor reference in groups of four.
func FormatReference(r string) string { return grouped(r) }

func plain(typed string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '\u202f' || r == '\t' || r == '-' {
			return -1
		}
		return r
	}, typed))
}

func grouped(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// mod97 is the remainder of letters and digits (A is 10), as ISO 7064 reckons it.
func mod97(s string) int {
	rest := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			rest = (rest*10 + int(r-'0')) % 97
		default:
			rest = (rest*100 + int(r-'A') + 10) % 97
		}
	}
	return rest
}

func notAlphanumeric(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') }
func letters(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < 'A' || r > 'Z' })
}
func digits(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}
