package smtptest

import (
	"regexp"
	"slices"
	"strings"
)

// maxEncoded bounds a line of a header with encoded words: RFC 2047, 2.
const maxEncoded = 76

var (
	field       = regexp.MustCompile(`^([!-9;-~]+):(.*)$`)
	encodedWord = regexp.MustCompile(`=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=`)
)

// Flaw says what RFC 5322 and RFC 2047 have against the head of a letter, "" for
// nothing. Beyond them, a field whose first line is empty is a flaw: it is legal, and
// some servers and readers take the field for empty.
func Flaw(source string) string {
	head, _, found := strings.Cut(source, "\r\n\r\n")
	if !found {
		return "a letter has a head, an empty line and a body"
	}
	count := map[string]int{}
	for i, line := range strings.Split(head, "\r\n") {
		switch folded := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t"); {
		case strings.ContainsFunc(line, func(c rune) bool { return c > 126 || c < ' ' && c != '\t' }):
			return "a head without SMTPUTF8 is ASCII"
		case strings.Trim(line, " \t") == "":
			return "a line of a head holds more than space"
		case encodedWord.MatchString(line) && len(line) > maxEncoded:
			return "a line with encoded words has 76 characters at most"
		case folded && i == 0:
			return "a head begins with a field"
		case folded:
			continue
		}
		parts := field.FindStringSubmatch(line)
		if parts == nil {
			return "a field has a name and a colon"
		}
		if strings.Trim(parts[2], " \t") == "" {
			return "the field " + parts[1] + " begins with an empty line"
		}
		count[strings.ToLower(parts[1])]++
	}
	for _, name := range []string{"from", "to", "date", "subject", "message-id", "mime-version", "content-type"} {
		if count[name] != 1 {
			return "a letter has one field " + name
		}
	}
	for name, n := range count {
		if n > 1 && slices.Contains([]string{"reply-to", "list-unsubscribe", "list-unsubscribe-post", "content-transfer-encoding"}, name) {
			return "a letter has one field " + name + " at most"
		}
	}
	return ""
}
