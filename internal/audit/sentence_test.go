package audit_test

import (
	"testing"

	"smartlinks/internal/audit"
	"smartlinks/internal/i18n"
)

// Names are others' words: whatever they are, the sentence around them is found again.
func TestEntriesReadInTheReadersLanguage(t *testing.T) {
	for what, dutch := range map[string]string{
		"Changed a link":                                            "Link gewijzigd",
		audit.JoinedAsStaff.Of("Marit"):                             "Lid geworden als medewerker, uitgenodigd door Marit",
		audit.SignedOut.Of("Marit out everywhere"):                  "Marit out everywhere overal uitgelogd",
		audit.WrongPasswordInSession.Of("Jo for {{.Name}}|x"):       "Verkeerd wachtwoord ingevuld in een open sessie voor Jo for {{.Name}}|x",
		audit.AllowedAssistant.Of("Refused: a link, invited by Jo"): "Assistent toegelaten: Refused: a link, invited by Jo",
		"Signed in with a passkey":                                  "Ingelogd met een passkey",
		"Delete Marit":                                              "Delete Marit", // of a program, like a text of a button
		"Turned the second step off: Marit":                         "Turned the second step off: Marit",
	} {
		if got := (audit.Entry{What: what}).Words(i18n.TranslatorFor("nl")); got != dutch {
			t.Errorf("%q is %q, not %q", what, got, dutch)
		}
		if got := (audit.Entry{What: what}).Words(i18n.TranslatorFor("en")); got != what {
			t.Errorf("%q is %q in English", what, got)
		}
	}
}
