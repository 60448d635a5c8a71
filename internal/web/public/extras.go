package public

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"smartlinks/internal/checkout"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/provider"
)

// What is kept of parameters that have no field of their own, in characters.
const (
	maxExtra     = 200 // of one value, and of a key
	maxExtras    = 20  // custom fields
	maxAllExtras = 1000
)

// customField begins the names of parameters that a merchant's own program made up.
const customField = "customfield_"

// extras are the parameters of the page's URL that PayRequest knew and that have no
// field here, a line for each: they are kept behind the payer's notes. A URL proves
// nothing, so they are as good as what somebody typed. PayRequest's disabled=true locks
// custom fields, which can't be typed here at all; it never locks a name or an e-mail. A field that
// is a question of the link is answered there.
func extras(query url.Values, rules checkout.Rules) string {
	var lines []string
	add := func(label, name string) {
		if value := extra(query.Get(name)); value != "" {
			lines = append(lines, label+": "+value)
		}
	}
	if provider.WayName(query.Get(methodField)) == "" && query.Get(methodField) != banktransfer.Name { // the page has the others
		add("Method", methodField)
	}
	if rules.Collect.Address == "" {
		add("Address", "address")
		add("Postal code", "postal")
		add("City", "city")
	}
	var custom []string
	for name := range query {
		key, is := strings.CutPrefix(name, customField)
		asked := slices.ContainsFunc(rules.Questions, func(q checkout.Question) bool { return q.Key == key })
		if is && extra(key) != "" && !asked {
			custom = append(custom, name)
		}
	}
	slices.Sort(custom)
	for _, name := range custom[:min(len(custom), maxExtras)] {
		add(extra(strings.TrimPrefix(name, customField)), name)
	}
	return cut(strings.Join(lines, "\n"), maxAllExtras)
}

// extra is a text of a stranger on one line, bounded; "" for what can't be kept.
func extra(s string) string {
	if !utf8.ValidString(s) {
		return ""
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	return cut(strings.Join(strings.Fields(s), " "), maxExtra)
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return s
}

// withExtras are the payer's notes and what the page's URL says beside, once: who tries
// again is given the notes of the first attempt.
func withExtras(notes string, query url.Values, rules checkout.Rules) string {
	more := extras(query, rules)
	if more == "" || strings.HasSuffix(notes, more) {
		return notes
	}
	return strings.TrimSpace(notes + "\n" + more)
}
