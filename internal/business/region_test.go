package business_test

import (
	"testing"

	"smartlinks/internal/business"
)

// English is spoken everywhere: no form guesses the United States from it.
func TestARegionIsNotGuessedFromALanguageOfTheWorld(t *testing.T) {
	for locale, want := range map[string]string{"en": "", "ar": "", "en-GB": "GB", "nl": "NL", "de-AT": "AT", "es": "ES", "": ""} {
		if got := (business.Business{Locale: locale}).Region(); got != want {
			t.Errorf("%q is of %q, not %q", locale, got, want)
		}
	}
}

// Whoever speaks German in Vienna is called by Austrian numbers, not by German ones.
func TestTheTimeZoneTellsInWhichOfItsCountriesALanguageIsSpoken(t *testing.T) {
	for _, c := range []struct{ locale, zone, want string }{
		{"nl", "Europe/Amsterdam", "NL"}, {"nl", "Europe/Brussels", "BE"}, {"fr", "Europe/Brussels", "BE"},
		{"de", "Europe/Berlin", "DE"}, {"de", "Europe/Vienna", "AT"}, {"de", "Europe/Zurich", "CH"},
		{"es", "Europe/Madrid", "ES"}, {"es", "America/Lima", "PE"}, {"es", "America/Buenos_Aires", "AR"},
		{"en", "Europe/London", "GB"}, {"en", "America/New_York", "US"}, {"ar", "Asia/Dubai", "AE"},
		{"de-AT", "Europe/Berlin", "AT"}, // said outright
		{"nl", "Europe/Berlin", ""}, {"es", "Europe/Paris", ""}, {"en", "Europe/Amsterdam", ""}, {"ar", "Europe/Berlin", ""},
		{"nl", "UTC", "NL"}, {"de", "Etc/GMT", "DE"}, {"en", "UTC", ""}, {"fr", "Etc/GMT-1", "FR"},
	} {
		if got := (business.Business{Locale: c.locale, TimeZone: c.zone}).Region(); got != c.want {
			t.Errorf("%s in %s is %q, not %q", c.locale, c.zone, got, c.want)
		}
	}
}
