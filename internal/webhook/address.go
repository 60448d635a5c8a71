package webhook

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"smartlinks/internal/outbound"
)

const maxURL = 2000

// CheckURL says why an endpoint may not be saved, "" where it may: https to a
// name or a public address. Where private addresses are allowed, plain http is
// allowed too. A name that leads to a private address is refused later, when it
// is dialled.
func CheckURL(text string, allowPrivate bool) string {
	parsed, err := url.Parse(text)
	switch {
	case err != nil, len(text) > maxURL, parsed.Hostname() == "", parsed.User != nil, parsed.Fragment != "":
		return "Enter a whole address such as https://example.com/webhooks, without a password in it."
	case parsed.Scheme != "https" && (!allowPrivate || parsed.Scheme != "http"):
		return "Enter an address that starts with https://."
	case !allowPrivate && private(parsed.Hostname()):
		return "Enter an address that can be reached from the internet; this one is private."
	}
	return ""
}

// private says whether a host is an address that is not public, or a number in
// one of the spellings that resolvers take for one (2130706433, 0x7f.1, 127.1).
func private(host string) bool {
	if address, err := netip.ParseAddr(host); err == nil {
		return !outbound.Public(address)
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	last := host[strings.LastIndex(host, ".")+1:]
	_, err := strconv.ParseUint(last, 0, 64)
	numeric := err == nil || last == "" || strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x")
	return numeric || last == "localhost"
}
