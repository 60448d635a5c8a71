package business

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Region is the ISO 3166 country of the business as far as its language and its time zone
// tell it together, "" where they do not: a phone number that is read as one of the wrong
// country is a stranger's. German in Vienna is Austria; German in Madrid may be anything.
// A time zone without a country, like UTC, leaves it to the language, which tells where one
// country has most of those who speak it.
func (b Business) Region() string {
	parsed, err := language.Parse(b.Locale)
	if err != nil {
		return ""
	}
	base, _, region := parsed.Raw()
	if region.String() != "ZZ" {
		return region.String()
	}
	country := countryOf(b.TimeZone)
	switch {
	case country == "":
		return map[string]string{"nl": "NL", "de": "DE", "fr": "FR", "es": "ES"}[base.String()]
	case slices.Contains(strings.Fields(spokenIn[base.String()]), country):
		return country
	}
	return ""
}

// spokenIn are the countries where a language is that of shops and offices.
var spokenIn = map[string]string{
	"en": "AG AI AS AU BB BM BS BW BZ CA CK DM FJ FK GB GD GG GH GI GM GU GY HK IE IM IN JE JM KE KI KN KY LC LR LS MP MS MT MU MW NA NF NG NR NU NZ PG PH PK PN PR PW RW SB SC SG SH SL SS SZ TC TO TT TV TZ UG US VC VG VI VU WS ZA ZM ZW",
	"nl": "AW BE BQ CW NL SR SX",
	"de": "AT BE CH DE LI LU",
	"fr": "BE BF BI BJ BL CA CD CF CG CH CI CM DJ DZ FR GA GF GN GP GQ HT KM LU MA MC MF MG ML MQ MR MU NC NE PF PM RE RW SC SN TD TG TN VU WF YT",
	"es": "AR BO CL CO CR CU DO EC ES GQ GT HN MX NI PA PE PR PY SV US UY VE",
	"ar": "AE BH DJ DZ EG EH IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TD TN YE",
}
