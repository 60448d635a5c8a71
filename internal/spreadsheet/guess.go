package spreadsheet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// guessed bounds how much of a file is looked at.
const guessed = 256 << 10

// likeliest is the code page in which the file's letters look most like words.
func likeliest(file []byte) Encoding {
	if len(file) > guessed {
		file = file[:guessed]
	}
	best, highest := Encoding(""), 0
	for _, p := range CodePages() {
		if points := likeness(file, p.page); best == "" || points > highest {
			best, highest = p.Encoding, points
		}
	}
	return best
}

// likeness rates the letters beyond ASCII by what stands beside them. Between Latin
// letters they stand alone, small behind small; those of other scripts stand together.
// Signs don't stand within words, and what a code page lacks stands nowhere.
func likeness(file []byte, page *charmap.Charmap) (points int) {
	for i, b := range file {
		if b < utf8.RuneSelf {
			continue
		}
		var before, after rune
		if i > 0 {
			before = page.DecodeByte(file[i-1])
		}
		if i+1 < len(file) {
			after = page.DecodeByte(file[i+1])
		}
		points += rated(before, page.DecodeByte(b), after)
	}
	return points
}

func rated(before, r, after rune) int {
	switch {
	case r == unicode.ReplacementChar || unicode.IsControl(r):
		return -5
	case strings.ContainsRune("¤¦¨´¸¼½¾ÐÞðþÝý", r):
		return -1 // where code pages differ, and one of them has a letter of many names
	case !unicode.IsLetter(r) && isLatin(before) && isLatin(after) && r != '’':
		return -3
	case !unicode.IsLetter(r):
		return 0
	case unicode.IsUpper(r) && unicode.IsLower(before), unicode.IsLower(r) && unicode.IsUpper(after), unicode.IsUpper(r) && unicode.IsLower(after) && !isEdge(before):
		return -2
	case unicode.Is(unicode.Latin, r):
		return besideLatin(before) + besideLatin(after)
	}
	return besideOther(before) + besideOther(after)
}

func isLatin(r rune) bool { return r < utf8.RuneSelf && unicode.IsLetter(r) }

// isEdge reports whether a word may begin behind the character.
func isEdge(r rune) bool { return r == 0 || !unicode.IsLetter(r) }

func besideLatin(r rune) int {
	switch {
	case isLatin(r):
		return 1
	case unicode.IsLetter(r):
		return -1
	}
	return 0
}

func besideOther(r rune) int {
	switch {
	case isLatin(r):
		return -2
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return 1
	}
	return 0
}

// Words are up to most different words of a text with letters beyond ASCII: whoever knows
// them sees whether the text was read rightly.
func Words(text string, most int) (words []string) {
	seen := map[string]bool{}
	odd := func(r rune) bool { return r >= utf8.RuneSelf }
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;|\"", r) }) {
		if len(words) == most {
			break
		}
		if strings.ContainsFunc(word, odd) && utf8.RuneCountInString(word) <= 30 && !seen[word] {
			seen[word] = true
			words = append(words, word)
		}
	}
	return words
}
