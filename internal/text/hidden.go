package text

import (
	"strings"
	"unicode"
)

// Characters that show nothing of their own are of two kinds. Disguises change how the
// text around them reads, or only hide in it; nobody's name or sentence needs them, so
// Clean drops them everywhere. Marks and joiners belong to the spelling of some scripts
// and of emoji; they stay inside of a text and go from its ends.

// disguise reports whether a character is an embedding, override or isolate of UAX 9
// (section 2), or a space or operator of no width.
func disguise(c rune) bool {
	switch {
	case c >= '\u202a' && c <= '\u202e', c >= '\u2066' && c <= '\u206f', c >= '\u2060' && c <= '\u2064', c >= '\ufff9' && c <= '\ufffb':
		return true
	}
	return c == '\u200b' || c == '\ufeff' || c == '\u180e'
}

// mark reports whether a character is a direction mark of UAX 9 (section 2.6).
func mark(c rune) bool { return c == '\u200e' || c == '\u200f' || c == '\u061c' }

// joiner reports whether a character joins or parts the letters beside it.
func joiner(c rune) bool { return c == '\u200c' || c == '\u200d' }

// atEdge reports whether a character is left out at the ends of a text.
func atEdge(c rune) bool { return unicode.IsSpace(c) || mark(c) || joiner(c) }

// Plain returns s without any control of direction and without what has no width, but
// for joiners: for places that show texts of strangers beside others' words and don't
// keep the two apart, such as the head of a mail.
func Plain(s string) string {
	return strings.Map(func(c rune) rune {
		if disguise(c) || mark(c) {
			return -1
		}
		return c
	}, s)
}

// undisguised returns s without its disguises.
func undisguised(s string) string {
	return strings.Map(func(c rune) rune {
		if disguise(c) {
			return -1
		}
		return c
	}, s)
}

// empty reports whether a text shows nothing at all: spaces, fillers, and marks that
// stand on nothing.
func empty(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool {
		switch {
		case c == '\u2800', unicode.IsSpace(c), unicode.IsControl(c):
			return false
		case unicode.Is(unicode.Cf, c):
			return unicode.Is(unicode.Prepended_Concatenation_Mark, c)
		}
		return !unicode.In(c, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
	})
}
