package spreadsheet

import (
	"strings"
	"unicode"
)

// A spreadsheet runs a cell that begins with what starts a formula (OWASP, "CSV
// Injection"). Which characters begin a cell depends on the reader: one that parts cells at
// semicolons or tabs sees quotation marks in the middle of its cells, so that they protect
// neither separators nor line breaks. Whatever stands behind one of these is therefore
// treated like the beginning of a cell. Here it is called a piece.

// Escape makes a text safe for every reader: an apostrophe goes before each piece that
// would be run. Pieces that read like an escaped one get another, so that Unescape returns
// every text as it was, but for line breaks, which all become "\n".
func Escape(s string) string {
	return pieces(lineBreaks.Replace(s), func(to *strings.Builder, piece string, boundary rune) {
		if risky(strings.TrimLeft(piece, "'"), boundary) {
			to.WriteByte('\'')
		}
		to.WriteString(piece)
	})
}

// Unescape is the text that Escape was given.
func Unescape(s string) string {
	return pieces(lineBreaks.Replace(s), func(to *strings.Builder, piece string, boundary rune) {
		if rest, quoted := strings.CutPrefix(piece, "'"); quoted && risky(strings.TrimLeft(rest, "'"), boundary) {
			piece = rest
		}
		to.WriteString(piece)
	})
}

// lineBreaks makes every line break the one of texts. A file can't tell them apart: its
// readers change those in cells into their own.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// start is the boundary before a text's first piece.
const start rune = 0

// pieces takes a text apart, and puts together what write makes of each piece. A piece
// goes to the end of the text, for its beginning decides, but write gets only as much of
// it as comes before the next boundary, and that one.
func pieces(s string, write func(to *strings.Builder, piece string, boundary rune)) string {
	var to strings.Builder
	for boundary := start; ; {
		end := strings.IndexFunc(s, isBoundary)
		if end < 0 {
			write(&to, s, boundary)
			return to.String()
		}
		next, size := decode(s[end:])
		write(&to, s[:end+size], boundary)
		s, boundary = s[end+size:], next
	}
}

func decode(s string) (rune, int) {
	for _, r := range s {
		return r, len(string(r))
	}
	return 0, 0
}

// isBoundary reports whether some reader begins a cell behind the character.
func isBoundary(c rune) bool {
	switch c {
	case ',', ';', '\t', '|', '\n', '\v', '\f', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

// risky reports whether a piece would be run, or might become the beginning of a piece that
// is: what readers skip or take off before they look is skipped here as well.
func risky(piece string, boundary rune) bool {
	for _, c := range piece {
		switch {
		case strings.ContainsRune("=+-@＝＋－＠", c):
			return true
		case c == '\t' || c == '\n':
			return c != boundary // two line breaks are an empty line, two tabs an empty cell
		case isBoundary(c):
			return false
		case c != '"' && !unicode.IsSpace(c) && !unicode.Is(unicode.Cf, c):
			return false
		}
	}
	// Nothing but what is skipped: behind it, the file's own line break would follow.
	return boundary != start
}
