package text

import "golang.org/x/text/unicode/bidi"

// Direction is where a text is read from: "ltr" or "rtl" by its first letter (UAX 9,
// rules P2 and P3), or "" when it has no letters.
func Direction(s string) string {
	for _, c := range s {
		switch p, _ := bidi.LookupRune(c); p.Class() {
		case bidi.L:
			return "ltr"
		case bidi.R, bidi.AL:
			return "rtl"
		}
	}
	return ""
}
