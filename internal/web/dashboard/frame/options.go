package frame

import (
	"context"
	"slices"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/i18n"
	"smartlinks/internal/money"
	"smartlinks/internal/web/ui"
)

// CurrencyOptions are all currencies that can be asked, by their letters, names
// and signs: "EUR – Euro, €". A chosen one that is no longer offered comes first.
func CurrencyOptions(ctx context.Context, chosen string) []ui.Option {
	currencies := money.Currencies()
	if c := money.Currency(chosen); c != "" && !slices.Contains(currencies, c) {
		currencies = append([]money.Currency{c}, currencies...)
	}
	var options []ui.Option
	for _, c := range currencies {
		label := string(c)
		if name := i18n.TranslatorOf(ctx).Currency(label, c.Name()); name != label {
			label += " – " + name
		}
		if sign := Symbol(c); sign != "" {
			label += ", " + sign
		}
		options = append(options, ui.Option{Value: string(c), Label: label})
	}
	return options
}

// ShortCurrencyOptions are all currencies for a field that has room for their letters alone:
// so much room stands behind these that the closed field shows nothing else.
func ShortCurrencyOptions(ctx context.Context, chosen string) []ui.Option {
	options := CurrencyOptions(ctx, chosen)
	for i := range options {
		options[i].Label = strings.Replace(options[i].Label, " – ", "\u2003\u2003", 1)
	}
	return options
}

// ZoneOptions are the time zones to choose from; a chosen one that is not among
// them (an older name of another) comes first.
func ZoneOptions(chosen string) []ui.Option {
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

// LanguageOptions are the languages of pages and messages, in their own words.
func LanguageOptions() []ui.Option {
	var options []ui.Option
	for _, l := range i18n.Languages() {
		options = append(options, ui.Option{Value: l.Code, Label: l.Name})
	}
	return options
}
