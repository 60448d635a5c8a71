package outbound_test

import (
	"errors"
	"net/netip"
	"testing"

	"smartlinks/internal/outbound"
)

func TestOnlyServersOnTheInternetAreReached(t *testing.T) {
	for _, address := range []string{
		"127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.9", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
		"0.0.0.0", "0.1.2.3", "192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.5", "224.0.0.1", "240.0.0.1", "255.255.255.255",
		"::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "::127.0.0.1",
		"64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::", "2001::1", "2001:db8::1", "100::1", "3fff::1", "5f00::1",
	} {
		if outbound.Public(netip.MustParseAddr(address)) {
			t.Errorf("%s may be reached", address)
		}
		if err := outbound.OnlyPublic("tcp", netip.AddrPortFrom(netip.MustParseAddr(address), 443).String(), nil); !errors.Is(err, outbound.ErrPrivate) {
			t.Errorf("%s is dialled: %v", address, err)
		}
	}
	for _, address := range []string{"93.184.216.34", "172.32.0.1", "100.128.0.1", "192.169.0.1", "2606:4700::1111", "2a00:1450::1", "::ffff:93.184.216.34"} {
		if err := outbound.OnlyPublic("tcp", netip.AddrPortFrom(netip.MustParseAddr(address), 443).String(), nil); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, nonsense := range []string{"", "localhost:25", "127.0.0.1", "/run/socket"} {
		if outbound.OnlyPublic("tcp", nonsense, nil) == nil {
			t.Errorf("%q is dialled", nonsense)
		}
	}
}
