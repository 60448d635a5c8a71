package sms

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/gosimple/unidecode"
	"github.com/nyaruka/phonenumbers"
)

// maxName is how long a sender name can be (3GPP TS 23.040, 9.1.2.5).
const maxName = 11

// fallbackName is the sender of a business whose name makes none, where nobody has set
// another.
const fallbackName = "SmartLinks"

// minLatin is how many Latin letters or digits of its own a name needs to make a sender:
// other scripts written in Latin letters are a riddle to those who know the name.
const minLatin = 3

// Originator makes a sender name of a business's name: ASCII letters, digits
// and spaces, at most 11, with a letter among them, which is what gateways take
// (Twilio, "Alphanumeric Sender ID"; MessageBird, "originator"). A name that is
// too long loses its spaces before it loses its end.
func Originator(name string) string {
	if latin(name) < minLatin {
		return fallbackName
	}
	var clean strings.Builder
	letter := false
	for _, c := range unidecode.Unidecode(strings.Map(onlyLatin, name)) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			letter = true
			clean.WriteRune(c)
		case c >= '0' && c <= '9':
			clean.WriteRune(c)
		default:
			clean.WriteRune(' ')
		}
	}
	words := strings.Fields(clean.String())
	made := strings.Join(words, " ")
	if len(made) > maxName {
		made = strings.Join(words, "")
	}
	made = made[:min(len(made), maxName)]
	if !letter || !strings.ContainsFunc(made, isLetter) {
		return fallbackName
	}
	return made
}

// onlyLatin leaves out the letters of other scripts.
func onlyLatin(c rune) rune {
	if unicode.IsLetter(c) && !unicode.Is(unicode.Latin, c) {
		return ' '
	}
	return c
}

// latin counts the Latin letters and the digits of a name.
func latin(name string) (n int) {
	for _, c := range name {
		if unicode.Is(unicode.Latin, c) || c >= '0' && c <= '9' {
			n++
		}
	}
	return n
}

func isLetter(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

var (
	validName   = regexp.MustCompile(`^[A-Za-z0-9 ]{1,11}$`)
	validNumber = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	// A short code is a number of a few digits that a country's networks share.
	validShortCode = regexp.MustCompile(`^[1-9][0-9]{2,7}$`)
	// A messaging service of Twilio's picks the number by itself.
	validService = regexp.MustCompile(`^MG[0-9a-f]{32}$`)
)

// IsName reports whether a sender is a name and not a number, a short code or a
// service.
func IsName(from string) bool {
	return !validNumber.MatchString(from) && !validShortCode.MatchString(from) && !validService.MatchString(from)
}

// SenderRule says what ValidSender takes.
const SenderRule = "Use a number like +31612345678, a short code, or a name of at most 11 letters, digits and spaces."

// ValidSender reports whether a text can be a sender: a number, a short code,
// a messaging service of Twilio, or a name.
func ValidSender(from string) bool {
	if !IsName(from) {
		return true
	}
	return validName.MatchString(from) && strings.ContainsFunc(from, isLetter)
}

// nameless are countries whose networks carry no sender names, as the gateways'
// tables have them: a number is needed. The list is short on purpose, of those
// where it is certain; in others names may have to be registered first.
var nameless = []string{"US", "PR", "GU", "VI", "AS", "MP", "CA", "MX", "BR", "AR", "CL", "CO", "CN", "MY"}

// NamelessCountry is the name of the country of a number when nothing arrives
// there from a sender name; "" for others.
func NamelessCountry(to string) string {
	number, err := phonenumbers.Parse(to, "")
	if err != nil {
		return ""
	}
	code := phonenumbers.GetRegionCodeForNumber(number)
	if !slices.Contains(nameless, code) {
		return ""
	}
	return countryName(code)
}

func countryName(code string) string {
	switch code {
	case "US", "PR", "GU", "VI", "AS", "MP":
		return "the United States"
	case "CA":
		return "Canada"
	case "MX":
		return "Mexico"
	case "BR":
		return "Brazil"
	case "AR":
		return "Argentina"
	case "CL":
		return "Chile"
	case "CO":
		return "Colombia"
	case "CN":
		return "China"
	}
	return "Malaysia"
}
