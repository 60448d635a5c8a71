package i18n_test

import (
	"testing"

	"smartlinks/internal/i18n"
)

// What a rule says comes in the reader's language, with what was put into it.
func TestSentencesOfRulesAreTranslatedWithTheirValues(t *testing.T) {
	for english, dutch := range map[string]string{
		"Fill this in.":                                                     "Vul dit in.",
		"Use at most 5 characters; this has 7.":                             "Gebruik hoogstens 5 tekens; dit zijn er 7.",
		"Use at most 2000 characters.":                                      "Gebruik hoogstens 2000 tekens.",
		"Another link has this address. “cafe-2” is free.":                  "Een andere link heeft dit adres. “cafe-2” is vrij.",
		"JPY has no decimals. Enter a whole amount, like 500.":              "JPY heeft geen decimalen. Vul een heel bedrag in, zoals 500.",
		"KWD has 3 decimals. Enter an amount like 12.500.":                  "KWD heeft 3 decimalen. Vul een bedrag in als 12.500.",
		"A sentence that nobody translated.":                                "A sentence that nobody translated.",
		"The phone is off or out of reach":                                  "De telefoon staat uit of is buiten bereik",
		"The phone is off or out of reach.":                                 "De telefoon staat uit of is buiten bereik.",
		"The network could not deliver it: “Blocked”.":                      "Het netwerk kon het niet bezorgen: “Blocked”.",
		"Bird refused the message: “Sender unknown”":                        "Bird weigerde het bericht: “Sender unknown”",
		"mail.example.com answered “550 no such user” while connecting":     "mail.example.com antwoordde “550 no such user” bij het verbinden",
		"Choose days from -30 to 90: -3 is three days before the due date.": "Kies dagen van -30 tot 90: -3 is drie dagen voor de vervaldag.",
	} {
		if got := i18n.TranslatorFor("nl").Sentence(english); got != dutch {
			t.Errorf("%q is %q, not %q", english, got, dutch)
		}
	}
}
