package i18n

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-text/typesetting/bidi"
)

var (
	// latin is a word within an Arabic text that is written from left to right: an address, the
	// beginning of a key, a number with its signs. Numbers with blanks between them are one.
	latin = regexp.MustCompile(`(?:[+-]?\d[\d:/-]*(?: \d[\d:/-]*)+)|[^\s\p{Arabic}\p{Mn}،؛؟«»“”()\[\]{}*…·]*[A-Za-z0-9][^\s\p{Arabic}\p{Mn}،؛؟«»“”()\[\]{}*…·]*`)
	// marks are left to right marks, which make what stands between two of them one piece.
	marks = "\u200e"
)

// What is written from left to right keeps its order within Arabic: without marks 2026-12-31
// is read as 31-12-2026 and whsec_ as _whsec, and who writes what they read is refused.
func TestExamplesStayInOnePieceWithinArabic(t *testing.T) {
	texts, err := DashboardTexts("ar")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for key, forms := range texts {
		for form, text := range forms {
			all[key+" "+form] = text
		}
	}
	for key, m := range messages(t, "ar") {
		for form, text := range m {
			all[key+" "+form] = text
		}
	}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		for text := range strings.Lines(placeholder.ReplaceAllString(all[key], "ا")) { // values are isolated
			for _, at := range latin.FindAllStringIndex(text, -1) {
				word := strings.TrimRight(text[at[0]:at[1]], ".,:;!?%"+marks)
				if from := at[0] + len(word) - len(strings.TrimLeft(word, marks)); !inOnePiece(text, from, at[0]+len(word)) {
					t.Errorf("%q comes apart in %q: put \\u200E before and behind it (%s)", word, text, key)
				}
			}
		}
	}
}

// inOnePiece reports whether a part of a text, which runs from right to left, stands in one
// run from left to right.
func inOnePiece(text string, from, to int) bool {
	start, end := utf8.RuneCountInString(text[:from]), utf8.RuneCountInString(text[:to])
	var p bidi.Paragraph
	runs := p.Segment([]rune(text), bidi.RightToLeft)
	for n := range runs.NumRuns() {
		if run := runs.Run(n); run.Start <= start && end <= run.End {
			return run.IsLeftToRight()
		}
	}
	return false
}
