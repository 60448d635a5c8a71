// Package outbound says where requests may go that strangers make us send: to
// servers on the internet, never to this machine or the network around it.
package outbound

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
)

// ErrPrivate says that a name led to an address that is not public.
var ErrPrivate = errors.New("the address is private")

// special are the networks that lead to no public server although
// netip.Addr.IsGlobalUnicast counts them as such (IANA special-purpose
// address registries). Those that wrap an IPv4 address (NAT64, 6to4, Teredo)
// are among them, because a gateway would lead back to a private one.
var special = [...]netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("::/96"), netip.MustParsePrefix("::ffff:0:0:0/96"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("3fff::/20"), netip.MustParsePrefix("5f00::/16"),
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

// OnlyPublic is for net.Dialer.Control. It looks at the address that a name led
// to, at the moment of connecting, so that no name can change its mind in
// between.
func OnlyPublic(_, address string, _ syscall.RawConn) error {
	dialled, err := netip.ParseAddrPort(address)
	if err != nil || !Public(dialled.Addr()) {
		return ErrPrivate
	}
	return nil
}

// PrivateHost says whether a host is an address that is not public, or a number in
// one of the spellings that resolvers take for one (2130706433, 0x7f.1, 127.1).
func PrivateHost(host string) bool {
	if address, err := netip.ParseAddr(host); err == nil {
		return !Public(address)
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	last := host[strings.LastIndex(host, ".")+1:]
	_, err := strconv.ParseUint(last, 0, 64)
	numeric := err == nil || last == "" || strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x")
	return numeric || last == "localhost"
}
