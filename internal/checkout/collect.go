package checkout

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"smartlinks/internal/fault"
	"smartlinks/internal/text"
)

// Demand says whether something is asked.
type Demand string

// The demands; the empty one is No.
const (
	No       Demand = "no"
	Optional Demand = "optional"
	Required Demand = "required"
)

func (d Demand) asked() bool { return d == Optional || d == Required }

// Collect is what is asked beside questions.
type Collect struct {
	Phone   Demand `json:"phone,omitempty"`
	Address Demand `json:"address,omitempty"`
	Company Demand `json:"company,omitempty"` // with a VAT id, which is never required
}

func (c *Collect) clean(wrong *fault.Fields) {
	for name, d := range map[string]*Demand{"phone": &c.Phone, "address": &c.Address, "company": &c.Company} {
		switch *d {
		case No:
			*d = ""
		case "", Optional, Required:
		default:
			wrong.Add("collect."+name, "collect.demand", "Choose no, optional or required.")
		}
	}
}

// Address is a postal address.
type Address struct {
	Line1      string `json:"line1"`
	Line2      string `json:"line2"`
	PostalCode string `json:"postal_code"`
	City       string `json:"city"`
	Region     string `json:"region"`
	Country    string `json:"country"` // ISO 3166-1, two letters
}

var (
	lineRule   = text.Rule{Most: 120}
	postalRule = text.Rule{Most: 16}

	// postal are the forms of postal codes where people mistype them most, by country, as
	// their posts have them; other countries' codes are taken as typed.
	postal = map[string]*regexp.Regexp{
		"NL": regexp.MustCompile(`^[1-9][0-9]{3} ?[A-Z]{2}$`), "GB": regexp.MustCompile(`^[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}$`),
		"US": regexp.MustCompile(`^[0-9]{5}(-?[0-9]{4})?$`), "CA": regexp.MustCompile(`^[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]$`),
		"PT": regexp.MustCompile(`^[0-9]{4}-?[0-9]{3}$`), "PL": regexp.MustCompile(`^[0-9]{2}-?[0-9]{3}$`), "SE": fiveWithBlank, "CZ": fiveWithBlank, "SK": fiveWithBlank, "GR": fiveWithBlank,
		"BE": four, "LU": four, "AT": four, "CH": four, "DK": four, "NO": four, "AU": four, "HU": four, "SI": four, "BG": four,
		"DE": five, "FR": five, "ES": five, "IT": five, "FI": five, "EE": five, "HR": five, "MC": five, "MX": five, "TR": five, "MA": five, "SA": five,
		"RO": regexp.MustCompile(`^[0-9]{6}$`), "IN": regexp.MustCompile(`^[0-9]{6}$`), "JP": regexp.MustCompile(`^[0-9]{3}-?[0-9]{4}$`), "BR": regexp.MustCompile(`^[0-9]{5}-?[0-9]{3}$`),
	}
	four          = regexp.MustCompile(`^[0-9]{4}$`)
	five          = regexp.MustCompile(`^[0-9]{5}$`)
	fiveWithBlank = regexp.MustCompile(`^[0-9]{3} ?[0-9]{2}$`)

	// regional are countries whose addresses have a state or province.
	regional = []string{"US", "CA", "AU", "BR", "MX", "IN", "JP", "CN", "MY", "AE"}
)

// The codes of the fields of an address.
const (
	NoCountry = "country.unknown"
	BadPostal = "postal_code.form"
)

// notCountries are codes that CLDR has as regions and ISO 3166-1 only reserves: territories
// that others post for, the euro area and the United Nations.
var notCountries = []string{"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "TA", "UN"}

// Countries are those that an address can be in: every country that ISO 3166-1 has given
// a code, and Kosovo, whose code is used without it, in the order of their codes.
var Countries = func() (codes []string) {
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			code := string(a) + string(b)
			if r, err := language.ParseRegion(code); err == nil && r.IsCountry() && r.Canonicalize().String() == code && !slices.Contains(notCountries, code) {
				codes = append(codes, code)
			}
		}
	}
	return codes
}()

// readAddress reads an address with the fields of its country. Of an optional one nothing
// is nothing; a part of one is completed.
func readAddress(sent Typed, demand Demand, wrong *fault.Fields) *Address {
	a := Address{
		Line1: lineRule.Clean("line1", sent.one("line1"), wrong.Add), Line2: lineRule.Clean("line2", sent.one("line2"), wrong.Add),
		City: lineRule.Clean("city", sent.one("city"), wrong.Add), Region: lineRule.Clean("region", sent.one("region"), wrong.Add),
		PostalCode: strings.ToUpper(text.Digits(postalRule.Clean("postal_code", sent.one("postal_code"), wrong.Add))), Country: sent.one("country"),
	}
	if demand == Optional && a.Line1+a.Line2+a.City+a.Region+a.PostalCode == "" {
		return nil // a country alone was chosen beforehand
	}
	if !slices.Contains(Countries, a.Country) {
		wrong.Add("country", NoCountry, "Choose a country.")
	}
	missing := func(name, value string) {
		if value == "" && !wrong.Has(name) {
			wrong.Add(name, Missing, "Enter this part of the address.")
		}
	}
	missing("line1", a.Line1)
	missing("city", a.City)
	if slices.Contains(regional, a.Country) {
		missing("region", a.Region)
	}
	if form := postal[a.Country]; form != nil {
		if missing("postal_code", a.PostalCode); a.PostalCode != "" && !form.MatchString(a.PostalCode) {
			wrong.Add("postal_code", BadPostal, "Check the postal code: it has another form in this country.")
		}
	}
	return &a
}

// Lines are an address as it is written on a letter, without its country.
func (a Address) Lines() (lines []string) {
	place := strings.TrimSpace(a.PostalCode + " " + a.City)
	if a.Region != "" {
		place = strings.TrimSpace(a.City + ", " + a.Region + " " + a.PostalCode)
	}
	for _, l := range []string{a.Line1, a.Line2, place} {
		if l != "" {
			lines = append(lines, l)
		}
	}
	return lines
}
