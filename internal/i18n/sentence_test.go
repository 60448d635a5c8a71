package i18n_test

import (
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/i18n"
)

// What a rule says comes in the reader's language, with what was put into it.
func TestSentencesOfRulesAreTranslatedWithTheirValues(t *testing.T) {
	for english, dutch := range map[string]string{
		"Fill this in.":                                                         "Vul dit in.",
		"Use at most 5 characters; this has 7.":                                 "Gebruik hoogstens 5 tekens; dit zijn er 7.",
		"Use at most 2000 characters.":                                          "Gebruik hoogstens 2000 tekens.",
		"Another link has this address. “cafe-2” is free.":                      "Een andere link heeft dit adres. “cafe-2” is vrij.",
		"JPY has no decimals. Enter a whole amount, like 500.":                  "JPY heeft geen decimalen. Vul een heel bedrag in, zoals 500.",
		"KWD has 3 decimals. Enter an amount like 12.500.":                      "KWD heeft 3 decimalen. Vul een bedrag in als 12.500.",
		"“foo” is no address of a site. Write it like https://www.example.com.": "“foo” is geen adres van een site. Schrijf het als https://www.example.com.",
		"A sentence that nobody translated.":                                    "A sentence that nobody translated.",
		"The phone is off or out of reach":                                      "De telefoon staat uit of is buiten bereik",
		"The phone is off or out of reach.":                                     "De telefoon staat uit of is buiten bereik.",
		"The network could not deliver it: “Blocked”.":                          "Het netwerk kon het niet bezorgen: “Blocked”.",
		"Bird refused the message: “Sender unknown”":                            "Bird weigerde het bericht: “Sender unknown”",
		"mail.example.com answered “550 no such user” while connecting":         "mail.example.com antwoordde “550 no such user” bij het verbinden",
		"This mailbox can't be opened: imap.example.com:993 answered “NO Authentication failed.” while signing in. Check what you typed.": "Deze mailbox kan niet worden geopend: imap.example.com:993 antwoordde “NO Authentication failed.” bij het inloggen. Controleer wat je hebt ingevuld.",
		"Choose days from -30 to 90: -3 is three days before the due date.":                                                               "Kies dagen van -30 tot 90: -3 is drie dagen voor de vervaldag.",
	} {
		if got := i18n.TranslatorFor("nl").Sentence(english); got != dutch {
			t.Errorf("%q is %q, not %q", english, got, dutch)
		}
	}
}

// A reason that was ended as a sentence, or that quotes somebody, is ours in every language,
// though a text that is nearly all what is put into it fits it too.
func TestAReasonIsOursWhateverStandsBehindIt(t *testing.T) {
	for _, language := range []string{"nl", "de", "fr", "es", "ar"} {
		to := i18n.TranslatorFor(language)
		texts, err := i18n.DashboardTexts(language)
		if err != nil {
			t.Fatal(err)
		}
		for english, forms := range texts {
			if len(forms) > 1 || strings.Contains(english, "{{") || strings.ContainsAny(english, "|:.?!…") {
				continue
			}
			for _, behind := range []string{".", ": “Who is that to ask?”"} {
				if _, ours := texts[english+behind]; ours {
					continue
				}
				if got, want := to.Sentence(english+behind), to.T(english)+behind; got != want {
					t.Errorf("%s: %q is %q, not %q", language, english+behind, got, want)
				}
			}
		}
	}
}

// Some texts are nearly all that is put into them, such as "{{.Typed}} is {{.Day}}.". They
// must not be found where another says more.
func TestASentenceIsFoundByTheTextThatItWasMadeOf(t *testing.T) {
	dutch := i18n.TranslatorFor("nl")
	texts, err := i18n.DashboardTexts("nl")
	if err != nil {
		t.Fatal(err)
	}
	placeholder, found := regexp.MustCompile(`\{\{\.(\w+)\}\}`), 0
	for english, forms := range texts {
		names := placeholder.FindAllStringSubmatch(english, -1)
		if len(names) == 0 || len(forms) > 1 {
			continue
		}
		var args []string
		for _, name := range names {
			args = append(args, name[1], "q"+name[1]+"7")
		}
		said := placeholder.ReplaceAllString(english, "q${1}7")
		got, want := dutch.Sentence(said), dutch.T(english, args...)
		if got != want && got != said {
			t.Errorf("%q is read as another text: %q", said, got)
		}
		if got == want {
			found++
		}
	}
	if found < 100 {
		t.Errorf("only %d sentences were found", found)
	}
}
