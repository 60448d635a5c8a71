package reminder

import (
	"context"
	"strconv"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
)

// Why reminders are left out, as sentences for the merchant.
const (
	ByHand    = "You skipped it."
	Rested    = "Reminders were paused."
	MadeUpFor = "It could not go out on its day, and a later one made up for it."
)

// leaveOut writes down the occurrences behind the plan's last one and before
// another that fall due until an instant: those are skipped. Days that share an
// instant, as a weekend's do, are one. Of very many the first fifty are told.
func (s *Reminders) leaveOut(ctx context.Context, tx *db.Tx, r planRow, grid Schedule, before int64, until time.Time, why string) error {
	to := delivery.Recipient{ID: r.RecipientID, BusinessID: r.BusinessID, LinkID: r.LinkID, Mode: r.Mode}
	occurrence, due := r.Occurrence, grid.At(r.Occurrence)
	for range MaxReminders {
		occurrence, due = grid.Next(occurrence, due)
		if occurrence >= before || due.After(until) {
			return nil
		}
		err := s.Deliveries.SkipTx(ctx, tx, delivery.Skip{
			Recipient: to, Due: due, Channels: parseChannels(r.Channels), Why: why,
			Key: "skipped/" + string(r.RecipientID) + "/" + strconv.FormatInt(due.Unix(), 10),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
