package text

import (
	"unicode"
	"unicode/utf8"
)

// Capital is a word as it stands where a sentence begins.
func Capital(word string) string {
	if word == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(first)) + word[size:]
}
