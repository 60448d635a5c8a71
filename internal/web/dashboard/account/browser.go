package account

import (
	"net/http"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"

	"smartlinks/internal/i18n"
	"smartlinks/internal/money"
)

// fromBrowser is what a browser tells of a new business by the languages that it prefers
// (RFC 9110, 12.5.4): the language of payers, and the currency of the first country among
// them. The time zone is told by the browser's script alone.
func fromBrowser(r *http.Request) setupValues {
	header := r.Header.Get("Accept-Language")
	v := setupValues{Currency: "EUR", TimeZone: "UTC", Locale: i18n.Match(header)}
	preferred, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return v
	}
	for _, tag := range preferred {
		region, sure := tag.Region()
		if sure != language.Exact {
			continue // a language alone is spoken in many countries
		}
		if unit, known := currency.FromRegion(region); known && money.Currency(unit.String()).Known() {
			v.Currency = unit.String()
		}
		break
	}
	return v
}
