package sms

import (
	"slices"
	"strings"
)

// optOutWords are what people answer to hear no more (Twilio, "Support for opt-out
// keywords"; CTIA), and the same in the languages that we write in.
var optOutWords = []string{
	"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT",
	"STOPPEN", "AFMELDEN", "ABMELDEN", "STOPP", "ARRET", "ARRÊT", "BAJA", "PARAR", "إيقاف", "توقف",
}

// IsStop reports whether a text that came in asks for no more messages: one of
// the words, alone but for case and marks.
func IsOptOut(text string) bool {
	word := strings.ToUpper(strings.Trim(strings.TrimSpace(text), " .!,;:\"'“”"))
	return slices.Contains(optOutWords, word)
}
