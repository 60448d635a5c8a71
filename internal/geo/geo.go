// Package geo tells from which country an address is, by a file in MaxMind's format that the
// operator names. Nothing is asked of anybody.
package geo

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/oschwald/maxminddb-golang/v2"
)

// Countries is an open file. It is safe for concurrent use.
type Countries struct {
	reader *maxminddb.Reader
	file   string
}

// Open opens the file and sees that it tells countries.
func Open(file string) (*Countries, error) {
	reader, err := maxminddb.Open(file)
	if err != nil {
		return nil, err // it names the file
	}
	if err := reader.Verify(); err != nil {
		_ = reader.Close() // it was only read
		return nil, fmt.Errorf("%s is damaged; download it again: %w", file, err)
	}
	return &Countries{reader, file}, nil
}

// Close lets go of the file.
func (c *Countries) Close() error { return c.reader.Close() }

// Of is the country of the address: two letters of ISO 3166-1 in capitals, "" where the file
// doesn't say. It reads the country alone, of whatever else the file holds.
func (c *Countries) Of(at netip.Addr) string {
	if !at.IsValid() {
		return ""
	}
	found := c.reader.Lookup(at.Unmap())
	if !found.Found() {
		return ""
	}
	// MaxMind's and DB-IP's files, then IPinfo's.
	for _, path := range [][]any{{"country", "iso_code"}, {"country_code"}} {
		var code string
		if found.DecodePath(&code, path...) == nil && isCode(code) {
			return strings.ToUpper(code)
		}
	}
	return ""
}

func isCode(s string) bool {
	return len(s) == 2 && strings.Trim(strings.ToUpper(s), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
