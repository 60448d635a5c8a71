package arrival

import (
	"sync"
	"time"

	"smartlinks/internal/business"
)

// zones are the time zones of businesses, read once: they lie in files, and each
// view asks for one. There are some hundred names.
type zones struct{ by sync.Map }

func (z *zones) of(b business.Business) *time.Location {
	if zone, known := z.by.Load(b.TimeZone); known {
		return zone.(*time.Location)
	}
	zone := b.Location()
	z.by.Store(b.TimeZone, zone)
	return zone
}
