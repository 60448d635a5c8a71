package texting

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// SMSLeft is how many parts of text messages the business may still send on the day of an
// instant, and how many it may on any day.
func (m *Texts) SMSLeft(ctx context.Context, b business.Business, at time.Time) (left, ofDay int64, err error) {
	s, err := readSMSSettings(ctx, m.DB, b.ID)
	if err != nil {
		return 0, 0, err
	}
	var spent int64
	err = m.DB.Get(ctx, &spent, `SELECT segments FROM texts_spent WHERE business_id = $1 AND day = $2`, b.ID, at.In(b.Location()).Format(time.DateOnly))
	if errors.Is(err, db.ErrNoRows) {
		err = nil
	}
	return max(s.DayCap-spent, 0), s.DayCap, err
}
