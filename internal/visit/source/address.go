package source

import (
	"fmt"
	"net/netip"
	"strings"
)

// MaskIP writes an address so that it no longer names a household, in the form
// that may be stored: an IPv4 address without its last octet
// ("192.168.1.xxx"), an IPv6 address by its first 48 bits, which is what a
// provider gives to a site ("2001:db8:1::xxx"). IPv4 addresses that travel
// inside IPv6 (mapped, RFC 4291, and 6to4, RFC 3056) are masked as IPv4. The
// result is empty for the zero Addr.
func MaskIP(addr netip.Addr) string {
	if !addr.IsValid() {
		return ""
	}
	addr = addr.Unmap()
	if addr.Is4() {
		b := addr.As4()
		return fmt.Sprintf("%d.%d.%d.xxx", b[0], b[1], b[2])
	}
	b := addr.As16()
	if b[0] == 0x20 && b[1] == 0x02 { // 6to4: the next four bytes are an IPv4 address
		return fmt.Sprintf("%d.%d.%d.xxx", b[2], b[3], b[4])
	}
	return fmt.Sprintf("%x:%x:%x::xxx", uint16(b[0])<<8|uint16(b[1]), uint16(b[2])<<8|uint16(b[3]), uint16(b[4])<<8|uint16(b[5]))
}

// ClientIP is the address of whoever asked, seen through our own proxies.
// remoteAddr is the connection's other end, forwarded the values of
// X-Forwarded-For, trusted the proxies whose word counts. From the right, the
// first hop that is no trusted proxy is the client: everything left of it is
// what the client claims. A hop that can't be read ends the search at the last
// one that can. The result is the zero Addr only if remoteAddr can't be read.
func ClientIP(remoteAddr string, forwarded []string, trusted []netip.Prefix) netip.Addr {
	client := ParseAddr(remoteAddr)
	for i := len(forwarded) - 1; i >= 0; i-- {
		for rest := forwarded[i]; rest != ""; {
			if !Trusted(client, trusted) {
				return client
			}
			var hop string
			rest, hop = cutLast(rest)
			if strings.TrimSpace(hop) == "" {
				continue // an empty element of a list counts for nothing (RFC 9110, 5.6.1.2)
			}
			addr := ParseAddr(hop)
			if !addr.IsValid() {
				return client
			}
			client = addr
		}
	}
	return client
}

// cutLast splits a comma-separated list before its last part.
func cutLast(list string) (before, last string) {
	if i := strings.LastIndexByte(list, ','); i >= 0 {
		return list[:i], list[i+1:]
	}
	return "", list
}

// ParseAddr reads an address with or without a port. IPv4 inside IPv6 becomes
// IPv4, so that it matches trusted networks, and zones are dropped.
func ParseAddr(s string) netip.Addr {
	s = strings.TrimSpace(s)
	addr, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(s, "["), "]"))
	if err != nil {
		withPort, err := netip.ParseAddrPort(s)
		if err != nil {
			return netip.Addr{}
		}
		addr = withPort.Addr()
	}
	return addr.Unmap().WithZone("")
}

// Trusted reports whether the address is in one of the networks.
func Trusted(addr netip.Addr, trusted []netip.Prefix) bool {
	for _, network := range trusted {
		if network.Contains(addr) {
			return true
		}
	}
	return false
}
