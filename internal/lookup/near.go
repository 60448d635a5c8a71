package lookup

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// shortest is how many letters a word has at least for one of them to be taken as wrong:
// in shorter words nearly everything is one letter apart.
const shortest = 4

// Near is how a word is written that is one letter apart from the one given (one too many,
// one too few, another one, or two that changed places), and how well that fits. The
// fit is 0 when there is none. Words with digits are left as they are: a wrong
// digit is another number.
func (t *Text) Near(word string) (near string, fit int) {
	typed := []rune(word)
	if len(typed) < shortest || slices.ContainsFunc(typed, unicode.IsDigit) || !utf8.ValidString(word) || strings.ContainsAny(word, Part+string(end)) {
		return "", 0
	}
	found := map[string]*candidate{}
	// One mistake leaves one half as it is, unless it changed the places of the two
	// letters where the halves meet.
	half := len(typed) / 2
	first, second := typed[:half], typed[half:]
	t.beside(string(first), func(begin, upTo int) {
		for _, n := range []int{len(second), len(second) - 1, len(second) + 1} {
			if rest, ok := runesFrom(t.all[upTo:], n); ok && oneApart(second, rest) {
				t.count(found, len(typed), begin, upTo+len(string(rest)))
			}
		}
	})
	t.beside(string(second), func(begin, upTo int) {
		for _, n := range []int{len(first), len(first) - 1, len(first) + 1} {
			if rest, ok := runesUpTo(t.all[:begin], n); ok && oneApart(first, rest) {
				t.count(found, len(typed), begin-len(string(rest)), upTo)
			}
		}
	})
	middle := slices.Clone(typed)
	middle[half-1], middle[half] = middle[half], middle[half-1]
	t.beside(string(middle), func(begin, upTo int) { t.count(found, len(typed), begin, upTo) })
	for text, c := range found {
		if c.fit() > fit || c.fit() == fit && text < near {
			near, fit = text, c.fit()
		}
	}
	return near, fit
}

// candidate is how a word is written somewhere.
type candidate struct {
	times               int
	begins, whole, long bool
}

// fit tells which of several candidates was meant: whole words before parts, those of the
// same length before others, then the one that occurs most.
func (c candidate) fit() int {
	fit := 1 + min(c.times, 1<<20)
	for i, yes := range []bool{c.long, c.whole, c.begins} {
		if yes {
			fit += 1 << (21 + i)
		}
	}
	return fit
}

func (t *Text) count(found map[string]*candidate, length, begin, upTo int) {
	text := t.all[begin:upTo]
	if bytes.ContainsAny(text, Part+string(end)+" ") {
		return
	}
	c := found[string(text)]
	if c == nil {
		c = &candidate{long: utf8.RuneCount(text) == length}
		found[string(text)] = c
	}
	before, _ := utf8.DecodeLastRune(t.all[:begin])
	after, _ := utf8.DecodeRune(t.all[upTo:])
	begins := !unicode.IsLetter(before)
	c.times++
	c.begins = c.begins || begins
	c.whole = c.whole || begins && !unicode.IsLetter(after)
}

// beside calls do for every place where the part stands.
func (t *Text) beside(part string, do func(begin, upTo int)) {
	for at := 0; ; {
		found := bytes.Index(t.all[at:], []byte(part))
		if found < 0 {
			return
		}
		do(at+found, at+found+len(part))
		at += found + len(part)
	}
}

func runesFrom(text []byte, n int) (runes []rune, ok bool) {
	for range n {
		c, size := utf8.DecodeRune(text)
		if size == 0 || c == end {
			return nil, false
		}
		runes, text = append(runes, c), text[size:]
	}
	return runes, true
}

func runesUpTo(text []byte, n int) ([]rune, bool) {
	begin := len(text)
	for range n {
		c, size := utf8.DecodeLastRune(text[:begin])
		if size == 0 || c == end {
			return nil, false
		}
		begin -= size
	}
	return []rune(string(text[begin:])), true
}

// oneApart tells whether one letter too many, too few or other than the one meant, or two
// that changed places, make one text of the other.
func oneApart(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return slices.Equal(a[i:], b[i+1:])
	}
	if i == len(a) {
		return false // the same
	}
	return slices.Equal(a[i+1:], b[i+1:]) || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && slices.Equal(a[i+2:], b[i+2:])
}

// OneApart tells whether the two words are one letter apart, and long enough for that to
// say something.
func OneApart(a, b string) bool {
	return min(utf8.RuneCountInString(a), utf8.RuneCountInString(b)) >= shortest && oneApart([]rune(a), []rune(b))
}

// Known is the fit of a word that is written as it is given.
const Known = 1 << 30

// Spelt is the word as it is when a text holds it, with the fit Known, else what is Near.
func (t *Text) Spelt(word string) (spelt string, fit int) {
	if word == "" || t.Holds(word) {
		return word, Known
	}
	return t.Near(word)
}
