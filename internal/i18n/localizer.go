package i18n

import (
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// Localizer finds texts in one language.
type Localizer struct {
	language  Language
	localizer *goi18n.Localizer
}

// Lang returns the code for <html lang>.
func (l Localizer) Lang() string { return l.language.Code }

// Dir returns "ltr" or "rtl" for <html dir>.
func (l Localizer) Dir() string { return l.language.Dir }

// T returns the text of key. args are pairs of a name in the text and what to
// put there: T("pay.button", "Amount", "€89.00"). A key that does not exist
// is returned as it is, so that a page never fails for want of a word; a test
// looks for such keys.
func (l Localizer) T(key string, args ...string) string {
	return l.find(&goi18n.LocalizeConfig{MessageID: key, TemplateData: l.data(key, args)})
}

// N returns the text of key in the plural form that n asks for in this
// language. {{.Count}} is n.
func (l Localizer) N(key string, n int, args ...string) string {
	values := l.data(key, args)
	values["Count"] = n
	return l.find(&goi18n.LocalizeConfig{MessageID: key, PluralCount: n, TemplateData: values})
}

func (l Localizer) find(config *goi18n.LocalizeConfig) string {
	text, err := l.localizer.Localize(config)
	if err != nil && text == "" {
		return config.MessageID
	}
	return text
}

// Marks that keep a name or an amount in one piece within a sentence that is
// written from right to left (Unicode's FSI and PDI, UAX #9).
const (
	isolate = "\u2068"
	release = "\u2069"
)

// data leaves text messages without marks: some phones take them for a part of
// an address.
func (l Localizer) data(key string, args []string) map[string]any {
	isolated := l.language.Dir == "rtl" && !strings.HasPrefix(key, "sms.")
	values := make(map[string]any, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		value := args[i+1]
		if isolated && value != "" {
			value = isolate + value + release
		}
		values[args[i]] = value
	}
	return values
}
