package attempt

import (
	"bytes"
	"time"

	"smartlinks/internal/id"
)

// Floor is at or below every id made at the instant or later, so that an
// index on ids can end a search by time.
func Floor(at time.Time) ID {
	// Ids take ten random bytes; zeros can't run out.
	if at.UnixMilli() < 0 {
		return "" // ids can't tell of a time before 1970; this is before all of them
	}
	floor, err := id.New("pay", at, bytes.NewReader(make([]byte, 10)))
	if err != nil {
		return ""
	}
	return ID(floor)
}
