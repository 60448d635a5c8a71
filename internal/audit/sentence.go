package audit

import (
	"strings"

	"smartlinks/internal/i18n"
)

// Sentence is one that the log keeps with a name in it.
type Sentence int

// The sentences with a name.
const (
	_ Sentence = iota // none: whoever has no sentence says nothing rather than another's
	JoinedAsOwner
	JoinedAsAdmin
	JoinedAsStaff
	EndedInvitation
	RevokedToken
	SignedOut
	WrongPassword
	WrongPasswordInSession
	WrongCode
	AllowedAssistant
)

func sentences() []string {
	return []string{
		JoinedAsOwner:          i18n.Mark("Joined as owner, invited by {{.Name}}"),
		JoinedAsAdmin:          i18n.Mark("Joined as admin, invited by {{.Name}}"),
		JoinedAsStaff:          i18n.Mark("Joined as staff, invited by {{.Name}}"),
		EndedInvitation:        i18n.Mark("Ended an invitation that {{.Name}} had given"),
		RevokedToken:           i18n.Mark("Revoked an API token that {{.Name}} had made"),
		SignedOut:              i18n.Mark("Signed {{.Name}} out everywhere"),
		WrongPassword:          i18n.Mark("Gave a wrong password for {{.Name}}"),
		WrongPasswordInSession: i18n.Mark("Gave a wrong password in an open session for {{.Name}}"),
		WrongCode:              i18n.Mark("Gave the password and a wrong code for {{.Name}}"),
		AllowedAssistant:       i18n.Mark("Allowed an assistant: {{.Name}}"),
	}
}

// Of is the sentence with the name, in English as the log keeps it.
func (s Sentence) Of(name string) string {
	return strings.Replace(sentences()[s], "{{.Name}}", name, 1)
}

// Words are what was done in the reader's language. What programs and commands did stays
// in English.
func (e Entry) Words(t i18n.Translator) string { return t.SentenceOf(sentences(), e.What) }

// Somebody is the name of an actor who was not signed in.
const Somebody = "Somebody"

// Who is the actor's name, in the reader's language where it is ours.
func (e Entry) Who(t i18n.Translator) string {
	switch {
	case e.Actor == CommandLine:
		return t.T("Command line")
	case e.Actor == "" && e.Name == Somebody:
		return t.T("Somebody")
	}
	return e.Name
}
