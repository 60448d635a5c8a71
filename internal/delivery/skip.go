package delivery

import (
	"context"
	"strings"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/id"
	"smartlinks/internal/message"
)

// Skip is a reminder that did not go out on its day.
type Skip struct {
	Recipient Recipient
	Due       time.Time
	Channels  []message.Channel
	Why       string // a sentence for people
	Key       string // as Order.Key
}

// SkipTx writes a reminder down that was left out, so that the activity tells
// why it never came. It takes the place of its day there, before or behind now.
func (s *Deliveries) SkipTx(ctx context.Context, tx *db.Tx, k Skip) error {
	row, err := id.New("snd", k.Due, s.DB.Random())
	if err != nil {
		return err
	}
	names := make([]string, len(k.Channels))
	for i, c := range k.Channels {
		names[i] = string(c)
	}
	to := k.Recipient
	_, err = tx.Exec(ctx, `
		INSERT INTO sends (id, business_id, link_id, recipient_id, mode, kind, key, status, at, skipped, skipped_channels)
		VALUES ($1, $2, $3, $4, $5, 'reminder', $6, 'failed', $7, $8, $9) ON CONFLICT DO NOTHING`,
		row, to.BusinessID, to.LinkID, to.ID, to.Mode, k.Key, db.At(k.Due), k.Why, strings.Join(names, ","))
	return err
}

// channelsOf reads skipped_channels.
func channelsOf(joined string) (all []message.Channel) {
	for name := range strings.SplitSeq(joined, ",") {
		if name != "" {
			all = append(all, message.Channel(name))
		}
	}
	return all
}
