package payment

import (
	"bytes"
	"time"

	"smartlinks/internal/id"
)

// idAt is the id of an attempt made at the instant with these random bytes.
func idAt(at time.Time, random []byte) (string, error) {
	return id.New("pay", at, bytes.NewReader(random))
}
