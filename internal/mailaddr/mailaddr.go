// Package mailaddr reads e-mail addresses as people type them: the practical
// form that mail systems deliver to, not everything that RFC 5322 allows.
package mailaddr

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// The bounds of an address in octets: RFC 5321, 4.5.3.1, and its erratum 1690.
const (
	maxLocal   = 64
	maxAddress = 254
	// maxTyped bounds the work of converting an international domain.
	maxTyped = 1024
)

// The codes of a Refusal; they are keys of the translation catalogue.
const (
	Missing    = "email.missing"
	Incomplete = "email.incomplete"
	Invalid    = "email.invalid"
	Long       = "email.long"
	Unseen     = "email.unseen" // a mark or space that shows nothing stands in it
	WideAt     = "email.at"     // an @ of full width stands for the sign
)

// Address is an e-mail address.
type Address struct {
	Typed  string // without space and unseen marks around it, else as it was typed
	Folded string // in small letters, an international domain as xn--…; equal for equal mailboxes
	// ASCII is how mail servers and headers take it: the local part as it was typed,
	// because only its server knows what case means there (RFC 5321, 2.4), the domain
	// in A-labels (RFC 5890), so that no server needs SMTPUTF8.
	ASCII string
}

// Refusal is the error of Parse: a code for translation, and the English
// sentence that says how to mend it.
type Refusal struct{ Code, Message string }

// Error returns the sentence.
func (r *Refusal) Error() string { return r.Message }

// Parse reads one address. Every error is a *Refusal.
func Parse(s string) (Address, error) {
	typed := strings.TrimFunc(s, func(c rune) bool { return unicode.IsSpace(c) || unseen(c) }) // as it was copied
	if typed == "" {
		return Address{}, &Refusal{Missing, "Fill in an email address."}
	}
	if len(typed) > maxTyped {
		return Address{}, long()
	}
	if !utf8.ValidString(typed) || strings.ContainsFunc(typed, func(c rune) bool { return unicode.IsControl(c) || unicode.IsSpace(c) }) {
		return Address{}, &Refusal{Invalid, "An email address has no spaces and no control characters. Remove them."}
	}
	switch {
	case strings.ContainsFunc(typed, func(c rune) bool { return unseen(c) && !joiner(c) }):
		return Address{}, hides()
	case strings.ContainsAny(typed, "＠﹫"):
		return Address{}, &Refusal{WideAt, "This email address has a wide ＠. Type a plain @ instead."}
	}
	local, domain, found := strings.Cut(typed, "@")
	if !found || local == "" || domain == "" {
		return Address{}, incomplete()
	}
	if strings.Contains(domain, "@") {
		return Address{}, &Refusal{Invalid, "Give one email address; this has more than one @."}
	}
	if strings.ContainsFunc(local, joiner) {
		return Address{}, hides()
	}
	if !isLocal(local) {
		return Address{}, &Refusal{Invalid, "The part before the @ has a character that mail systems don't accept. Check it for typing errors."}
	}
	name, err := ascii(domain)
	if err != nil && strings.ContainsFunc(domain, joiner) {
		return Address{}, hides()
	}
	if err != nil {
		return Address{}, err
	}
	domain = name
	if len(local) > maxLocal || len(local)+1+len(domain) > maxAddress {
		return Address{}, long()
	}
	return Address{Typed: typed, Folded: strings.ToLower(local) + "@" + domain, ASCII: local + "@" + domain}, nil
}

// Host returns a host name in small letters and A-labels, as the DNS and mail
// servers know it, and anything that is no such name as it is.
func Host(name string) string {
	if len(name) > maxTyped {
		return name
	}
	if mapped, err := idna.Lookup.ToASCII(name); err == nil {
		return mapped
	}
	return name
}

// unseen reports whether a character takes no room: marks of direction, joiners,
// spaces of no width, soft hyphens. IDNA drops some of them without a word, and then
// what is shown is not where the mail goes.
func unseen(c rune) bool {
	return unicode.Is(unicode.Cf, c) || unicode.In(c, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || c == '\u2800'
}

// joiner reports whether a character joins or parts the letters beside it. Domains of some
// scripts are spelled with them, where IDNA allows it (RFC 5892, A.1 and A.2).
func joiner(c rune) bool { return c == '\u200c' || c == '\u200d' }

func hides() error {
	return &Refusal{Unseen, "This email address has a character that can't be seen. Type it anew instead of pasting it."}
}

func long() error {
	return &Refusal{Long, "This email address is too long. Check it for typing errors."}
}

func incomplete() error {
	return &Refusal{Incomplete, "This email address looks incomplete. It should be like jonas@example.com."}
}

// isLocal reports whether s is a dot-atom (RFC 5322, 3.2.3): quoted forms and
// letters beyond ASCII are allowed by RFCs, and rejected by most mail systems.
func isLocal(s string) bool {
	for atom := range strings.SplitSeq(s, ".") {
		if atom == "" || strings.ContainsFunc(atom, notAtom) {
			return false
		}
	}
	return true
}

const atomCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~"

func notAtom(c rune) bool { return !strings.ContainsRune(atomCharacters, c) }

// ascii returns the domain in small ASCII letters, as the DNS knows it.
func ascii(domain string) (string, error) {
	invalid := &Refusal{Invalid, "The part after the @ is not a domain name. It should be like example.com."}
	if strings.ContainsFunc(domain, func(c rune) bool { return c > unicode.MaxASCII }) {
		mapped, err := idna.Lookup.ToASCII(domain)
		if err != nil {
			return "", invalid
		}
		domain = mapped
	}
	domain = strings.ToLower(domain)
	labels := strings.Split(domain, ".")
	last := labels[len(labels)-1]
	if len(labels) < 2 || last == "" || len(last) == 1 {
		return "", incomplete()
	}
	for _, label := range labels {
		if !isLabel(label) {
			return "", invalid
		}
	}
	if strings.Trim(last, "0123456789") == "" {
		return "", invalid // an IP address
	}
	return domain, nil
}

// isLabel reports whether s is a label of a host name: RFC 1123, 2.1.
func isLabel(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	return !strings.ContainsFunc(s, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-'
	})
}
