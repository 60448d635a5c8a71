package source

import (
	"strconv"
	"strings"
)

// maxLanguages bounds the work on one header.
const maxLanguages = 20

// FirstLanguage is the language that a visitor reads best, from the
// Accept-Language header (RFC 9110, 12.5.4): the highest weight, of equals the
// first. The tag is written as RFC 5646 recommends ("nl-NL", "zh-Hant-TW"). The
// result is empty when the header names none.
func FirstLanguage(accept string) string {
	best, weight := "", 0.0
	for range maxLanguages {
		var part string
		var more bool
		part, accept, more = strings.Cut(accept, ",")
		tag, parameter, _ := strings.Cut(part, ";")
		if w := weightOf(parameter); w > weight {
			if tag = languageTag(strings.TrimSpace(tag)); tag != "" {
				best, weight = tag, w
			}
		}
		if !more || weight == 1 {
			break
		}
	}
	return best
}

// weightOf reads ";q=0.8"; what can't be read weighs nothing.
func weightOf(parameter string) float64 {
	parameter = strings.TrimSpace(parameter)
	if parameter == "" {
		return 1
	}
	value, found := strings.CutPrefix(strings.ToLower(parameter), "q=")
	w, err := strconv.ParseFloat(value, 64)
	if !found || err != nil || !(w >= 0 && w <= 1) {
		return 0
	}
	return w
}

// maxTag is enough for every tag in use: RFC 5646, 4.4.1.
const maxTag = 35

// languageTag is the tag in its usual case, or empty if it is none.
func languageTag(tag string) string {
	if len(tag) > maxTag {
		return ""
	}
	parts := strings.Split(tag, "-")
	for i, part := range parts {
		switch {
		case part == "" || len(part) > 8 || strings.ContainsFunc(part, notAlphanumeric):
			return ""
		case i == 0 && (len(part) < 2 || strings.ContainsFunc(part, isDigit)):
			return ""
		case i > 0 && len(part) == 2:
			parts[i] = strings.ToUpper(part) // a region
		case i > 0 && len(part) == 4:
			parts[i] = strings.ToUpper(part[:1]) + strings.ToLower(part[1:]) // a script
		default:
			parts[i] = strings.ToLower(part)
		}
	}
	return strings.Join(parts, "-")
}

func isDigit(c rune) bool { return c >= '0' && c <= '9' }

func notAlphanumeric(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && !isDigit(c)
}

// BaseLanguage is a language tag without script and region: "nl" of "nl-NL".
func BaseLanguage(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	return base
}
