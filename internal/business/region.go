package business

import "golang.org/x/text/language"

// Region is the ISO 3166 country of the business as far as its language tells, "" where
// that is spoken in too many.
func (b Business) Region() string {
	parsed, err := language.Parse(b.Locale)
	if err != nil {
		return ""
	}
	base, _, region := parsed.Raw()
	if region.String() != "ZZ" {
		return region.String()
	}
	return map[string]string{"nl": "NL", "de": "DE", "fr": "FR", "es": "ES"}[base.String()]
}
