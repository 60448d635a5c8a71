package webhook

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

const maxURL = 2000

// special are the networks that lead to no public server although
// netip.Addr.IsGlobalUnicast counts them as such (IANA special-purpose
// address registries). Those that wrap an IPv4 address (NAT64, 6to4, Teredo)
// are among them, because a gateway would lead back to a private one.
var special = [...]netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("fec0::/10"),
}

// Public says whether an address belongs to a server on the internet, and not
// to this machine or the network around it.
func Public(address netip.Addr) bool {
	address = address.Unmap().WithZone("")
	if !address.IsGlobalUnicast() || address.IsPrivate() {
		return false
	}
	for _, network := range special {
		if network.Contains(address) {
			return false
		}
	}
	return true
}

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
		return !Public(address)
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	last := host[strings.LastIndex(host, ".")+1:]
	_, err := strconv.ParseUint(last, 0, 64)
	numeric := err == nil || last == "" || strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x")
	return numeric || last == "localhost"
}
