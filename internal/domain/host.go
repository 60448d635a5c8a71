package domain

import (
	"net/netip"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"smartlinks/internal/fault"
)

// maxHost is the length of a name in DNS (RFC 1035, 2.3.4) less what stands before it
// in the TXT record.
const maxHost = 253 - len(txtLabel)

// txtLabel begins the name of the record that proves a host.
const txtLabel = "_smartlinks."

// readHost is what was typed as DNS has it: in lower case, without a dot at the end, in
// the letters of DNS (RFC 5891). It refuses, at the field "host", what can't be a name
// of somebody's, and our own.
func (s *Domains) readHost(typed string) (string, error) {
	var wrong fault.Fields
	refuse := func(code, sentence string) (string, error) {
		wrong.Add("host", code, sentence)
		return "", wrong.Err()
	}
	text := strings.TrimSuffix(strings.ToLower(strings.TrimSpace(typed)), ".")
	switch {
	case text == "":
		return refuse("host.missing", "Enter a name, like pay.example.com.")
	case strings.Contains(text, "://") || strings.ContainsAny(text, "/?#@"):
		return refuse("host.address", "Enter the name alone, like pay.example.com, without https:// and without what follows it.")
	case strings.HasPrefix(text, "*"):
		return refuse("host.wildcard", "Enter one name. For every name, make its own.")
	}
	if _, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil || strings.Contains(text, ":") {
		return refuse("host.form", "Enter a name, like pay.example.com, not an IP address, and no port.")
	}
	host, err := idna.Lookup.ToASCII(text)
	if err != nil || !strings.Contains(host, ".") || !labels(host) || len(host) > maxHost || local(host) {
		return refuse("host.form", "Enter a name that can be found in DNS, like pay.example.com.")
	}
	if _, err := publicsuffix.EffectiveTLDPlusOne(host); err != nil {
		return refuse("host.suffix", "Under “"+host+"” others register names. Enter one of yours, like pay."+host+".")
	}
	if own := s.Addresses.Hostname(); host == own || strings.HasSuffix(host, "."+own) {
		return refuse("host.own", "This is a name of this installation. Enter one of yours.")
	}
	return host, nil
}

// labels reports whether all parts are those of host names (RFC 1123, 2.1).
func labels(host string) bool {
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' ||
			strings.ContainsFunc(label, func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' }) {
			return false
		}
	}
	return true
}

// local reports whether the name is one that no public DNS has (RFC 6761, RFC 6762).
func local(host string) bool {
	for _, suffix := range []string{".localhost", ".local", ".arpa", ".onion", ".invalid"} {
		if strings.HasSuffix(host, suffix) {
			return true
		}
	}
	return false
}

// Zone is the name under which the host was registered: "acme.example" of
// "pay.acme.example".
func (d Domain) Zone() string {
	zone, err := publicsuffix.EffectiveTLDPlusOne(d.Host)
	if err != nil {
		return d.Host
	}
	return zone
}

// InZone is a record's name as most forms for DNS want it: without the zone, "@" for the
// zone itself.
func (d Domain) InZone(name string) string {
	if name == d.Zone() {
		return "@"
	}
	return strings.TrimSuffix(name, "."+d.Zone())
}
