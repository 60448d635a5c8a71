package business

import (
	"cmp"
	"context"
	_ "embed" // the time zones
	"fmt"
	"strings"
	"time"

	"smartlinks/internal/db"
)

// zones holds the names of zone.tab in the time zone database 2025b, which is in
// the public domain, each with its country (ISO 3166), and UTC, which has none, one a
// line: one at least of every country, so that each finds its own.
//
//go:embed zones.txt
var zones string

// TimeZones returns the names to choose from, in alphabetical order. Other names
// of the time zone database are accepted as well.
func TimeZones() []string {
	var names []string
	for line := range strings.Lines(zones) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		names = append(names, name)
	}
	return names
}

// countryOf is the country of a time zone, "" of one that no country has for its own.
func countryOf(zone string) string {
	zone = cmp.Or(OldZones()[zone], zone)
	for line := range strings.Lines(zones) {
		if name, country, _ := strings.Cut(strings.TrimSpace(line), " "); name == zone {
			return country
		}
	}
	return ""
}

// OldZones are the names to choose from by older names that browsers still tell.
func OldZones() map[string]string {
	return map[string]string{
		"Africa/Asmera":         "Africa/Asmara",
		"America/Buenos_Aires":  "America/Argentina/Buenos_Aires",
		"America/Catamarca":     "America/Argentina/Catamarca",
		"America/Coral_Harbour": "America/Atikokan",
		"America/Cordoba":       "America/Argentina/Cordoba",
		"America/Godthab":       "America/Nuuk",
		"America/Indianapolis":  "America/Indiana/Indianapolis",
		"America/Jujuy":         "America/Argentina/Jujuy",
		"America/Louisville":    "America/Kentucky/Louisville",
		"America/Mendoza":       "America/Argentina/Mendoza",
		"Asia/Calcutta":         "Asia/Kolkata",
		"Asia/Katmandu":         "Asia/Kathmandu",
		"Asia/Rangoon":          "Asia/Yangon",
		"Asia/Saigon":           "Asia/Ho_Chi_Minh",
		"Atlantic/Faeroe":       "Atlantic/Faroe",
		"Etc/GMT":               "UTC",
		"Etc/UTC":               "UTC",
		"Europe/Kiev":           "Europe/Kyiv",
		"Pacific/Enderbury":     "Pacific/Kanton",
		"Pacific/Ponape":        "Pacific/Pohnpei",
		"Pacific/Truk":          "Pacific/Chuuk",
	}
}

// Zone is the time zone by which the business counts its days, for who has nothing else
// to ask of it.
func Zone(ctx context.Context, r db.Reader, id ID) (*time.Location, error) {
	var b Business
	if err := r.Get(ctx, &b.TimeZone, `SELECT time_zone FROM businesses WHERE id = $1`, id); err != nil {
		return nil, fmt.Errorf("read the time zone: %w", orMissing(err))
	}
	return b.Location(), nil
}
