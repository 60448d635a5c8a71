package business

import (
	"context"
	_ "embed" // the time zones
	"strings"
	"time"

	"smartlinks/internal/db"
)

// zones holds the names of zone1970.tab in the time zone database 2025b, which
// is in the public domain, and UTC, one a line.
//
//go:embed zones.txt
var zones string

// TimeZones returns the names to choose from, in alphabetical order. Other names
// of the time zone database are accepted as well.
func TimeZones() []string { return strings.Fields(zones) }

// LocationTx is the business's time zone, read inside the caller's transaction.
func (s *Businesses) LocationTx(ctx context.Context, tx *db.Tx, id ID) (*time.Location, error) {
	var b Business
	if err := tx.Get(ctx, &b.TimeZone, `SELECT time_zone FROM businesses WHERE id = $1`, id); err != nil {
		return nil, orMissing(err)
	}
	return b.Location(), nil
}
