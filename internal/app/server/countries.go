package server

import (
	"net/netip"

	"smartlinks/internal/cli"
	"smartlinks/internal/geo"
)

// openCountries opens the file that tells countries; nil without one.
func openCountries(file string) (*geo.Countries, error) {
	if file == "" {
		return nil, nil
	}
	c, err := geo.Open(file)
	if err != nil {
		return nil, cli.Misuse("--geoip needs a file in MaxMind's format that tells countries: " + err.Error())
	}
	return c, nil
}

// country is what the payers' pages ask; nil when nobody knows.
func (s settings) country() func(netip.Addr) string {
	if s.countries == nil {
		return nil
	}
	return s.countries.Of
}
