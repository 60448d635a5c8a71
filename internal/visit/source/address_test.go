package source_test

import (
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"smartlinks/internal/visit/source"
)

func TestAddressesAreMasked(t *testing.T) {
	for addr, want := range map[string]string{
		"192.168.1.42":              "192.168.1.xxx",
		"::ffff:192.168.1.42":       "192.168.1.xxx",
		"2001:db8:1:2:3:4:5:6":      "2001:db8:1::xxx",
		"2001:db8::1":               "2001:db8:0::xxx",
		"::1":                       "0:0:0::xxx",
		"fe80::1%eth0":              "fe80:0:0::xxx",
		"2002:c0a8:12a::1":          "192.168.1.xxx", // 6to4 of 192.168.1.42
		"2a02:a44f:1234:5678::dead": "2a02:a44f:1234::xxx",
	} {
		if got := source.MaskIP(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: got %s, not %s", addr, got, want)
		}
	}
	if got := source.MaskIP(netip.Addr{}); got != "" {
		t.Errorf("no address: %q", got)
	}
}

func TestMasksOfOneNetworkAreEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := [4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "address"))
		other := b
		other[3] = rapid.Byte().Draw(t, "last octet")
		if x, y := source.MaskIP(netip.AddrFrom4(b)), source.MaskIP(netip.AddrFrom4(other)); x != y {
			t.Fatalf("the last octet shows: %s, %s", x, y)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		b := [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "address"))
		other := b
		copy(other[6:], rapid.SliceOfN(rapid.Byte(), 10, 10).Draw(t, "rest"))
		if b[0] == 0 { // may be IPv4 in disguise, which the first property covers
			return
		}
		if x, y := source.MaskIP(netip.AddrFrom16(b)), source.MaskIP(netip.AddrFrom16(other)); x != y {
			t.Fatalf("more than 48 bits show: %s, %s", x, y)
		}
	})
}

func TestTheClientIsTheFirstHopThatIsNotOurs(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct {
		name, remote string
		forwarded    []string
		want         string
	}{
		{"no proxy", "203.0.113.9:5000", nil, "203.0.113.9"},
		{"a stranger's claim", "203.0.113.9:5000", []string{"1.2.3.4"}, "203.0.113.9"},
		{"one proxy", "10.0.0.1:5000", []string{"203.0.113.9"}, "203.0.113.9"},
		{"one proxy and a claim", "10.0.0.1:5000", []string{"1.2.3.4, 203.0.113.9"}, "203.0.113.9"},
		{"two proxies", "10.0.0.1:5000", []string{"1.2.3.4, 203.0.113.9, 10.9.9.9"}, "203.0.113.9"},
		{"two headers", "10.0.0.1:5000", []string{"1.2.3.4", "203.0.113.9", "10.9.9.9"}, "203.0.113.9"},
		{"only proxies", "127.0.0.1:5000", []string{"10.1.1.1, 10.2.2.2"}, "10.1.1.1"},
		{"a hop that can't be read", "10.0.0.1:5000", []string{"1.2.3.4, unknown, 10.9.9.9"}, "10.9.9.9"},
		{"an empty element", "10.0.0.1:5000", []string{"203.0.113.9,"}, "203.0.113.9"},
		{"empty elements", "10.0.0.1:5000", []string{"1.2.3.4,, 203.0.113.9 ,\t, ,10.9.9.9, "}, "203.0.113.9"},
		{"an empty header among others", "10.0.0.1:5000", []string{"203.0.113.9", "", ", ,"}, "203.0.113.9"},
		{"an empty header", "10.0.0.1:5000", []string{""}, "10.0.0.1"},
		{"a port", "10.0.0.1:5000", []string{"203.0.113.9:1234"}, "203.0.113.9"},
		{"IPv6", "[fd00::1]:5000", []string{"[2001:db8::7]:99"}, "2001:db8::7"},
		{"IPv6 in brackets", "[fd00::1]:5000", []string{"[2001:db8::7]"}, "2001:db8::7"},
		{"mapped", "[::ffff:10.0.0.1]:5000", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		{"a zone", "[fe80::1%eth0]:5000", nil, "fe80::1"},
		{"a bare address", "203.0.113.9", nil, "203.0.113.9"},
	} {
		if got := source.ClientIP(c.remote, c.forwarded, trusted); got.String() != c.want {
			t.Errorf("%s: got %s, not %s", c.name, got, c.want)
		}
	}
	if got := source.ClientIP("@", []string{"1.2.3.4"}, trusted); got.IsValid() {
		t.Errorf("a socket without an address became %s", got)
	}
}

func FuzzClientIP(f *testing.F) {
	f.Add("10.0.0.1:5000", "1.2.3.4, 203.0.113.9")
	f.Add("[::1]:1", ",,,")
	f.Add("", "[[]]::%")
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	f.Fuzz(func(t *testing.T, remote, forwarded string) {
		addr := source.ClientIP(remote, []string{forwarded}, trusted)
		masked := source.MaskIP(addr)
		if masked == "" {
			return
		}
		if !strings.HasSuffix(masked, "xxx") {
			t.Errorf("%s is masked as %s", addr, masked)
		}
		if addr.Is4() {
			last := "." + strconv.Itoa(int(addr.As4()[3]))
			if strings.HasSuffix(masked, last) || strings.Count(masked, ".") != 3 {
				t.Errorf("%s is masked as %s", addr, masked)
			}
		}
	})
}

func BenchmarkMaskedClient(b *testing.B) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	forwarded := []string{"203.0.113.9"}
	b.ReportAllocs()
	for b.Loop() {
		_ = source.MaskIP(source.ClientIP("10.0.0.1:5000", forwarded, trusted))
	}
}
