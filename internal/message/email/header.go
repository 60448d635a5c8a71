package email

import (
	"encoding/base64"
	"fmt"
	netmail "net/mail"
	"regexp"
	"strings"

	"smartlinks/internal/text"
)

// maxWord is how long an encoded word may be (RFC 2047, 2), and so a word that no
// line has to be longer for.
const maxWord = 75

// charactersLeft is how long the first word of a field may be, so that it stands behind the
// name of the field and not alone on the next line.
func charactersLeft(field string) int { return 70 - len(field) }

// subject is a subject as it stands in a head: plain where it can be, else in
// encoded words.
func subject(s string) string {
	s = oneLine(s)
	if bare(s, charactersLeft("Subject")) {
		return s
	}
	return encode(s, charactersLeft("Subject"))
}

// mailbox is a name and an address as they stand in the field (RFC 5322, 3.4).
func mailbox(field string, of netmail.Address) (string, error) {
	address, err := onWire(of.Address)
	if err != nil {
		return "", err
	}
	name := oneLine(of.Name)
	switch {
	case name == "":
		return "<" + address + ">", nil
	case !bare(name, charactersLeft(field)-2):
		return encode(name, charactersLeft(field)) + " <" + address + ">", nil
	case strings.ContainsFunc(name, special):
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `" <` + address + ">", nil
	}
	return name + " <" + address + ">", nil
}

// special is what a name without quotes can't hold (RFC 5322, 3.2.3).
func special(c rune) bool { return strings.ContainsRune(`()<>[]:;@\,."`, c) }

// oneLine is a text on one line that turns nothing around beside it.
func oneLine(s string) string {
	return strings.Join(strings.Fields(text.Plain(strings.ToValidUTF8(s, "\ufffd"))), " ")
}

// bare reports whether a text can stand in a head as it is: ASCII, nothing that
// reads as an encoded word, and no word that a line must be longer for.
func bare(s string, first int) bool {
	for i, word := range strings.Split(s, " ") {
		if len(word) > maxWord || i == 0 && len(word) > first || strings.Contains(word, "=?") {
			return false
		}
	}
	return !strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c > '~' })
}

// encode writes a text in encoded words (RFC 2047, 4), each of whole characters, the
// first at most first long: in Q, which people can read, or in B where that is shorter.
func encode(s string, first int) string {
	begin, code := "=?utf-8?q?", quoted
	if len(quoted(s)) > base64.StdEncoding.EncodedLen(len(s)) {
		begin, code = "=?utf-8?b?", func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	}
	var words []string
	part, most := "", first
	for _, c := range s {
		if part != "" && len(begin)+len(code(part+string(c)))+2 > most {
			words = append(words, begin+code(part)+"?=")
			part, most = "", maxWord
		}
		part += string(c)
	}
	return strings.Join(append(words, begin+code(part)+"?="), " ")
}

// quoted is the Q encoding, with the characters that a name allows (RFC 2047, 5).
func quoted(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ':
			b.WriteByte('_')
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("!*+-/", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	return b.String()
}

// startsEmpty is a field whose first line is empty, because its first word is too
// long for it, such as an address of 200 characters.
var startsEmpty = regexp.MustCompile(`(?m)^([!-9;-~]+:)\r\n[ \t]+`)

// startFields lets every field of a letter's head begin on its own line. An empty
// first line is legal, and some servers and readers take the field for empty.
func startFields(source []byte) []byte {
	head, body, found := strings.Cut(string(source), "\r\n\r\n")
	if !found {
		return source
	}
	return []byte(startsEmpty.ReplaceAllString(head, "$1 ") + "\r\n\r\n" + body)
}
