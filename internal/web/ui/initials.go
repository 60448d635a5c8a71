package ui

import (
	"hash/fnv"
	"strings"
	"unicode/utf8"
)

// Initials returns the first letters of the first and the last word of name,
// upper-cased; "?" for an empty name.
func Initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "?"
	}
	letters := firstLetter(words[0])
	if len(words) > 1 {
		letters += firstLetter(words[len(words)-1])
	}
	return strings.ToUpper(letters)
}

// initial returns the first letter of name for the mark of a business.
func initial(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "?"
	}
	return strings.ToUpper(firstLetter(words[0]))
}

func firstLetter(word string) string {
	r, _ := utf8.DecodeRuneInString(word)
	return string(r)
}

func avatarTone(name string) Tone {
	tones := []Tone{Orange, Blue, Purple, Teal, Green}
	sum := fnv.New32a()
	sum.Write([]byte(name))
	return tones[sum.Sum32()%uint32(len(tones))]
}
