package checkout

import (
	"regexp"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/text"
)

// VAT identification numbers as the member states of the EU write them (the list of the
// European Commission for VIES), and those of the United Kingdom, Switzerland and Norway.
// Checksums are checked where a state publishes one; nobody is asked over the network.
var vatForms = map[string]*regexp.Regexp{
	"AT": regexp.MustCompile(`^U[0-9]{8}$`), "BE": regexp.MustCompile(`^[01][0-9]{9}$`), "BG": regexp.MustCompile(`^[0-9]{9,10}$`),
	"CY": regexp.MustCompile(`^[0-9]{8}[A-Z]$`), "CZ": regexp.MustCompile(`^[0-9]{8,10}$`), "DE": regexp.MustCompile(`^[1-9][0-9]{8}$`),
	"DK": regexp.MustCompile(`^[1-9][0-9]{7}$`), "EE": regexp.MustCompile(`^10[0-9]{7}$`), "EL": regexp.MustCompile(`^[0-9]{9}$`),
	"ES": regexp.MustCompile(`^[A-Z0-9][0-9]{7}[A-Z0-9]$`), "FI": regexp.MustCompile(`^[0-9]{8}$`), "FR": regexp.MustCompile(`^[A-HJ-NP-Z0-9]{2}[0-9]{9}$`),
	"HR": regexp.MustCompile(`^[0-9]{11}$`), "HU": regexp.MustCompile(`^[0-9]{8}$`), "IE": regexp.MustCompile(`^[0-9][A-Z0-9+*][0-9]{5}[A-W][A-I]?$`),
	"IT": regexp.MustCompile(`^[0-9]{11}$`), "LT": regexp.MustCompile(`^([0-9]{9}|[0-9]{12})$`), "LU": regexp.MustCompile(`^[0-9]{8}$`),
	"LV": regexp.MustCompile(`^[0-9]{11}$`), "MT": regexp.MustCompile(`^[0-9]{8}$`), "NL": regexp.MustCompile(`^[0-9]{9}B[0-9]{2}$`),
	"PL": regexp.MustCompile(`^[0-9]{10}$`), "PT": regexp.MustCompile(`^[0-9]{9}$`), "RO": regexp.MustCompile(`^[0-9]{2,10}$`),
	"SE": regexp.MustCompile(`^[0-9]{10}01$`), "SI": regexp.MustCompile(`^[1-9][0-9]{7}$`), "SK": regexp.MustCompile(`^[0-9]{10}$`),
	"XI": regexp.MustCompile(`^([0-9]{9}|[0-9]{12})$`), "GB": regexp.MustCompile(`^([0-9]{9}|[0-9]{12})$`),
	"CH": regexp.MustCompile(`^E[0-9]{9}(MWST|TVA|IVA)?$`), "NO": regexp.MustCompile(`^[0-9]{9}(MVA)?$`),
}

// BadVATID is the code of a VAT id that can't be one.
const BadVATID = "vat_id.form"

// readVATID reads a VAT id, with blanks, points and dashes left out.
func readVATID(typed string, wrong *fault.Fields) string {
	id := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-\u00a0\t", r) {
			return -1
		}
		return r
	}, strings.ToUpper(text.Digits(typed)))
	if id == "" {
		return ""
	}
	if !IsVATID(id) {
		wrong.Add("vat_id", BadVATID, "Check the VAT number: it starts with the two letters of the country, like NL123456789B01.")
	}
	return id
}

// IsVATID reports whether a text has the form of a VAT id of its country, and the
// checksum where there is one.
func IsVATID(id string) bool {
	if len(id) < 4 || len(id) > 16 {
		return false
	}
	country, number := id[:2], id[2:]
	form := vatForms[country]
	if form == nil || !form.MatchString(number) {
		return false
	}
	check := vatChecks[country]
	return check == nil || check(number)
}

// vatChecks are the checksums of countries.
var vatChecks = map[string]func(number string) bool{
	"BE": func(n string) bool { return 97-value(n[:8])%97 == value(n[8:]) },
	"DE": func(n string) bool { return mod11And10(n) },
	"HR": func(n string) bool { return mod11And10(n) },
	"DK": func(n string) bool { return weighted(n, 2, 7, 6, 5, 4, 3, 2, 1)%11 == 0 },
	"FI": func(n string) bool { return weighted(n, 7, 9, 10, 5, 8, 4, 2, 1)%11 == 0 },
	"IT": func(n string) bool { return luhn(n) },
	"LU": func(n string) bool { return value(n[:6])%89 == value(n[6:]) },
	"PL": func(n string) bool { return weighted(n[:9], 6, 5, 7, 2, 3, 4, 5, 6, 7)%11 == digit(n, 9) },
	"PT": func(n string) bool {
		check := 11 - weighted(n[:8], 9, 8, 7, 6, 5, 4, 3, 2)%11
		return check%11%10 == digit(n, 8)
	},
	"NL": func(n string) bool {
		// Companies' ids are checked by the number of the tax office, those of people since
		// 2020 by ISO 7064 over the whole.
		return weighted(n[:8], 9, 8, 7, 6, 5, 4, 3, 2)%11 == digit(n, 8) || mod97("NL"+n) == 1
	},
	"FR": func(n string) bool {
		if digit(n, 0) > 9 || digit(n, 1) > 9 {
			return true // the newer keys with letters have no published rule
		}
		return (12+3*(value(n[2:])%97))%97 == value(n[:2])
	},
}

func digit(n string, i int) int { return int(n[i]) - '0' }

func value(n string) (v int) {
	for i := range n {
		v = v*10 + digit(n, i)
	}
	return v
}

func weighted(n string, weights ...int) (sum int) {
	for i, w := range weights {
		sum += w * digit(n, i)
	}
	return sum
}

// mod11And10 is ISO 7064, MOD 11,10.
func mod11And10(n string) bool {
	product := 10
	for i := range len(n) - 1 {
		sum := (digit(n, i) + product) % 10
		if sum == 0 {
			sum = 10
		}
		product = 2 * sum % 11
	}
	return (11-product)%10 == digit(n, len(n)-1)
}

func luhn(n string) bool {
	sum := 0
	for i := range n {
		d := digit(n, len(n)-1-i)
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// mod97 is ISO 7064, MOD 97-10, with letters as two digits.
func mod97(s string) (rest int) {
	for _, r := range s {
		if r >= 'A' {
			rest = (rest*100 + int(r-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(r-'0')) % 97
		}
	}
	return rest
}
