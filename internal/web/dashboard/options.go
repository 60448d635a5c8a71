package dashboard

import (
	"slices"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/money"
	"smartlinks/internal/web/ui"
)

// currencyOptions are all currencies that can be asked, by their letters, names
// and signs: "EUR – Euro, €". A chosen one that is no longer offered comes first.
func currencyOptions(chosen string) []ui.Option {
	currencies := money.Currencies()
	if c := money.Currency(chosen); c != "" && !slices.Contains(currencies, c) {
		currencies = append([]money.Currency{c}, currencies...)
	}
	var options []ui.Option
	for _, c := range currencies {
		label := string(c)
		if name := c.Name(); name != label {
			label += " – " + name
		}
		if sign := symbol(c); sign != "" {
			label += ", " + sign
		}
		options = append(options, ui.Option{Value: string(c), Label: label})
	}
	return options
}

// zoneOptions are the time zones to choose from; a chosen one that is not among
// them (an older name of another) comes first.
func zoneOptions(chosen string) []ui.Option {
	zones := business.TimeZones()
	if chosen != "" && !slices.Contains(zones, chosen) {
		zones = append([]string{chosen}, zones...)
	}
	var options []ui.Option
	for _, zone := range zones {
		options = append(options, ui.Option{Value: zone, Label: strings.ReplaceAll(zone, "_", " ")})
	}
	return options
}

// languageOptions are the languages of pages and messages, in their own words.
func languageOptions() []ui.Option {
	names := map[string]string{"en": "English", "nl": "Nederlands", "de": "Deutsch", "fr": "Français", "es": "Español", "ar": "العربية"}
	var options []ui.Option
	for _, code := range business.Locales() {
		options = append(options, ui.Option{Value: code, Label: names[code]})
	}
	return options
}
