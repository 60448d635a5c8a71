// Package text cleans and bounds what people type, and folds it for comparing
// without case.
package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// The codes that Clean reports; they are keys of the translation catalogue.
const (
	Missing  = "text.missing"
	Long     = "text.long"
	Control  = "text.control"
	Encoding = "text.encoding"
)

// Rule says what a field accepts.
type Rule struct {
	Most     int  // length in characters (code points)
	Required bool // something must be left after trimming
	Lines    bool // line breaks and tabs may stand in it
}

// Clean returns s in Unicode's composed form (NFC) without space around it, with
// plain line breaks and without what could pass it off as another text (hidden.go);
// a text of invisible characters alone is empty. What the rule refuses is told to wrong, with the
// field's name, a code and the sentence that says how to mend it; s then comes
// back as it is, so that a form can show it again.
func (r Rule) Clean(name, s string, wrong func(name, code, message string)) string {
	if !utf8.ValidString(s) {
		wrong(name, Encoding, "This text is not valid UTF-8. Type it again.")
		return s
	}
	clean := s
	if r.Lines {
		clean = strings.ReplaceAll(clean, "\r\n", "\n") // as browsers send it
	}
	if clean = strings.TrimFunc(undisguised(norm.NFC.String(clean)), atEdge); empty(clean) && !strings.ContainsFunc(clean, r.refuses) {
		clean = ""
	}
	length := utf8.RuneCountInString(clean)
	switch {
	case strings.ContainsFunc(clean, r.refuses):
		wrong(name, Control, "This text holds characters that can't be shown, such as control characters. Remove them.")
	case r.Required && clean == "":
		wrong(name, Missing, "Fill this in.")
	case length > r.Most:
		wrong(name, Long, fmt.Sprintf("Use at most %d characters; this has %d.", r.Most, length))
	default:
		return clean
	}
	return s
}

// refuses reports whether a character can't stand in such a text. U+2028 and
// U+2029 break lines in some programs and not in others.
func (r Rule) refuses(c rune) bool {
	if r.Lines && (c == '\n' || c == '\t') {
		return false
	}
	return unicode.IsControl(c) || c == '\u2028' || c == '\u2029'
}

// Fold returns s in the form that is compared and searched without case: two
// texts that differ only in case or in composition fold to the same.
func Fold(s string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(s))) }

// Pattern returns a LIKE pattern, for ESCAPE '\', that finds what contains s,
// without the blanks around it: blanks alone find everything, as nothing does. The
// column must hold folded text.
func Pattern(s string) string { return Contains(Fold(s)) }

// Contains is Pattern for a column of texts as they are.
func Contains(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.TrimSpace(s)) + "%"
}

// maxWords is how many words a search looks for; more narrow nothing.
const maxWords = 6

// Words are those of a search, folded, at most six. What people paste may hold marks that
// nobody sees: they separate words. A NUL does not: no stored text holds one, so a word
// with it finds nothing.
func Words(query string) []string {
	all := strings.FieldsFunc(Fold(query), func(r rune) bool { return unicode.IsSpace(r) || r != 0 && unicode.IsControl(r) })
	return all[:min(len(all), maxWords)]
}
