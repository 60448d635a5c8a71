// Package geotest makes small files in MaxMind's format for tests.
package geotest

import (
	"encoding/binary"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
)

// File makes a file in which networks of IPv4 have their country, and a city that nobody
// may keep (https://maxmind.github.io/MaxMind-DB/).
func File(tb testing.TB, countries map[string]string) string {
	tb.Helper()
	tree, data := [][2]int{{}}, []byte{}
	const leaf = 1 << 20 // what is at least so large is the place of a value, plus one
	for network, code := range countries {
		prefix := netip.MustParsePrefix(network)
		value := object("country", object("iso_code", text(code)), "city", text("Springfield"))
		at, ip := 0, prefix.Addr().As4()
		for bit := range prefix.Bits() {
			side := int(ip[bit/8]>>(7-bit%8)) & 1
			if bit == prefix.Bits()-1 {
				tree[at][side] = leaf + len(data)
				break
			}
			if tree[at][side] == 0 {
				tree = append(tree, [2]int{})
				tree[at][side] = len(tree) - 1
			}
			at = tree[at][side]
		}
		data = append(data, value...)
	}
	var file []byte
	record := func(v int) {
		switch {
		case v == 0:
			v = len(tree) // nothing is known
		case v >= leaf:
			v = v - leaf + len(tree) + 16
		}
		file = append(file, byte(v>>16), byte(v>>8), byte(v))
	}
	for _, node := range tree {
		record(node[0])
		record(node[1])
	}
	file = append(append(file, make([]byte, 16)...), data...)
	file = append(file, "\xab\xcd\xefMaxMind.com"...)
	file = append(file, object(
		"node_count", number(6, uint64(len(tree))), "record_size", number(5, 24), "ip_version", number(5, 4), "database_type", text("Test-Country"),
		"languages", []byte{0x00, 0x04}, "binary_format_major_version", number(5, 2), "binary_format_minor_version", number(5, 0),
		"build_epoch", append([]byte{0x08, 0x02}, binary.BigEndian.AppendUint64(nil, 1_790_000_000)...), "description", object("en", text("test")))...)
	name := filepath.Join(tb.TempDir(), "countries.mmdb")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		tb.Fatal(err)
	}
	return name
}

func text(s string) []byte {
	if len(s) < 29 {
		return append([]byte{2<<5 | byte(len(s))}, s...)
	}
	return append([]byte{2<<5 | 29, byte(len(s) - 29)}, s...)
}

// number is an unsigned integer of the format's type: 5 of 16 bits, 6 of 32.
func number(kind byte, v uint64) []byte {
	size := 2
	if kind == 6 {
		size = 4
	}
	return append([]byte{kind<<5 | byte(size)}, binary.BigEndian.AppendUint64(nil, v)[8-size:]...)
}

// object is a map: a name and its value, and so on.
func object(parts ...any) []byte {
	made := []byte{7<<5 | byte(len(parts)/2)}
	for i := 0; i+1 < len(parts); i += 2 {
		made = append(append(made, text(parts[i].(string))...), parts[i+1].([]byte)...)
	}
	return made
}
