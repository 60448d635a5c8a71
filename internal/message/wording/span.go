package wording

import (
	"regexp"
	"strings"
	"unicode"
)

// Span is a piece of a paragraph that looks like one thing: plain, **bold**, or a link,
// [words](address). Only what the template says marks it, never a value.
type Span struct {
	Text string
	Bold bool
	URL  string // of a link
}

// inlineLink is a link within a line; its address is the web's, or a field.
var inlineLink = regexp.MustCompile(`^\[([^\[\]]+)\]\((\x00|https?://[^\s()<>"]+)\)`)

// spansOf reads a line whose values are placeholders; nil for one without marks. Marks that
// are not closed are text.
func spansOf(marked string, values []string) []Span {
	s := spans{values: values}
	s.read(marked, 0, Span{})
	if !s.marked {
		return nil
	}
	return s.all
}

// spans collects the pieces of a line.
type spans struct {
	values []string // in their order
	all    []Span
	marked bool
}

// read adds the pieces of text, before which so many values stand, in a style.
func (s *spans) read(text string, before int, style Span) {
	done := 0 // of text, up to here
	valuesTo := func(at int) int { return before + strings.Count(text[:at], "\x00") }
	for at := 0; at < len(text); {
		length, inner, from := 0, "", 0
		in := style
		switch {
		case !style.Bold && strings.HasPrefix(text[at:], "**"):
			inner = boldOf(text[at+2:])
			length, from, in.Bold = len(inner)+4, at+2, true
		case style.URL == "" && text[at] == '[':
			if link := inlineLink.FindStringSubmatch(text[at:]); link != nil {
				inner, length, from = link[1], len(link[0]), at+1
				in.URL = s.address(link[2], valuesTo(at+1+len(inner)))
			}
		}
		if inner == "" {
			at++
			continue
		}
		s.marked = true
		s.add(text[done:at], valuesTo(done), style)
		s.read(inner, valuesTo(from), in)
		at += length
		done = at
	}
	s.add(text[done:], valuesTo(done), style)
}

// boldOf is what stands before the end of bold words; "" when they have none, or begin or
// end with a space, as in 2 ** 3.
func boldOf(text string) string {
	inner, _, closed := strings.Cut(text, "**")
	if !closed || strings.TrimFunc(inner, unicode.IsSpace) != inner {
		return ""
	}
	return inner
}

func (s *spans) add(text string, before int, style Span) {
	if style.Text = s.fill(text, before); style.Text != "" {
		s.all = append(s.all, style)
	}
}

func (s *spans) fill(text string, before int) string {
	values := s.values[before:]
	return restore(text, &values)
}

// address is where a link leads; "" where that is not the web, whatever a value says.
func (s *spans) address(text string, before int) string {
	if url := strings.TrimSpace(s.fill(text, before)); isWeb(url) {
		return url
	}
	return ""
}

// plainOf are the words of spans.
func plainOf(all []Span) string {
	var b strings.Builder
	for _, s := range all {
		b.WriteString(s.Text)
	}
	return b.String()
}

// isMarked reports whether spans are more than plain words.
func isMarked(all []Span) bool {
	for _, s := range all {
		if s.Bold || s.URL != "" {
			return true
		}
	}
	return false
}
