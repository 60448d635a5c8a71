package reminder

import (
	"context"
	"errors"
	"slices"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
)

type settingsRow struct {
	Frequency    Frequency
	Most         int64
	WeekdaysOnly bool
	QuietFrom    *int64
	QuietTo      *int64
	Offsets      string
	DueOn        string
}

func (r settingsRow) settings() Settings {
	s := Settings{Frequency: r.Frequency, Max: r.Most, WeekdaysOnly: r.WeekdaysOnly, Offsets: parseOffsets(r.Offsets), DueOn: r.DueOn}
	if len(s.Offsets) > 0 {
		s.Max = int64(len(s.Offsets))
	}
	if r.QuietFrom != nil && r.QuietTo != nil {
		s.Quiet = &Quiet{*r.QuietFrom, *r.QuietTo}
	}
	return s
}

// Settings are how the link reminds; nil when it does not.
func (s *Reminders) Settings(ctx context.Context, from db.Reader, businessID business.ID, linkID link.ID) (*Settings, error) {
	var r settingsRow
	err := from.Get(ctx, &r, `SELECT s.frequency, s.most, s.weekdays_only, s.quiet_from, s.quiet_to, s.offsets, COALESCE(l.due_on, '') AS due_on
		FROM reminder_settings s JOIN links l ON l.id = s.link_id WHERE s.business_id = $1 AND s.link_id = $2`, businessID, linkID)
	if errors.Is(err, db.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	found := r.settings()
	return &found, nil
}

// SetTx changes how a link reminds, for everybody it was sent to and will be;
// nil switches it off. Switched on later, or changed, reminders count from the
// last message that went out, and none is due at once. Those who paid are left
// alone. Errors: Invalid with fields as the API has them.
func (s *Reminders) SetTx(ctx context.Context, tx *db.Tx, b business.Business, linkID link.ID, want *Settings) error {
	before, err := s.Settings(ctx, tx, b.ID, linkID)
	if err != nil || want == nil && before == nil {
		return err
	}
	if want == nil {
		if _, err := tx.Exec(ctx, `DELETE FROM reminder_settings WHERE business_id = $1 AND link_id = $2`, b.ID, linkID); err != nil {
			return err
		}
		return s.each(ctx, tx, b.ID, linkID, b.Mode, func(r *planRow) error {
			if r.State == Active || r.State == Paused {
				r.stop(Stopped, SwitchOff)
			}
			return nil
		})
	}
	// A copy: it is the caller's, and the transaction may run again.
	asked := *want
	if want = &asked; len(asked.Offsets) > 0 {
		if err := tx.Get(ctx, &asked.DueOn, `SELECT COALESCE(due_on, '') FROM links WHERE business_id = $1 AND id = $2`, b.ID, linkID); err != nil {
			return err
		}
	}
	if err := asked.clean(); err != nil {
		return err
	}
	if before != nil && before.same(*want) {
		return nil
	}
	if err := write(ctx, tx, b.ID, linkID, *want); err != nil {
		return err
	}
	if before == nil {
		if err := s.begin(ctx, tx, b, linkID); err != nil {
			return err
		}
	}
	return s.each(ctx, tx, b.ID, linkID, b.Mode, func(r *planRow) error { return s.replan(ctx, tx, r, *want, b) })
}

func (s Settings) same(o Settings) bool {
	quiet := s.Quiet == nil && o.Quiet == nil || s.Quiet != nil && o.Quiet != nil && *s.Quiet == *o.Quiet
	return slices.Equal(s.Offsets, o.Offsets) && s.Frequency == o.Frequency && s.Max == o.Max && s.WeekdaysOnly == o.WeekdaysOnly && quiet
}

func write(ctx context.Context, tx *db.Tx, businessID business.ID, linkID link.ID, s Settings) error {
	var from, to *int64
	if s.Quiet != nil {
		from, to = &s.Quiet.From, &s.Quiet.To
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO reminder_settings (link_id, business_id, frequency, most, weekdays_only, quiet_from, quiet_to, updated_at, offsets)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (link_id) DO UPDATE SET frequency = excluded.frequency, most = excluded.most, weekdays_only = excluded.weekdays_only,
			quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, updated_at = excluded.updated_at, offsets = excluded.offsets`,
		linkID, businessID, s.Frequency, s.Max, s.WeekdaysOnly, from, to, db.At(tx.Now()), joinOffsets(s.Offsets))
	return err
}

// begin makes plans for recipients of before the link reminded.
func (s *Reminders) begin(ctx context.Context, tx *db.Tx, b business.Business, linkID link.ID) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO reminder_plans (recipient_id, business_id, link_id, mode, channels, state, created_at, updated_at)
		SELECT r.id, r.business_id, r.link_id, r.mode,
			COALESCE((SELECT string_agg(d.channel, ',') FROM deliveries d WHERE d.send_id =
				(SELECT s.id FROM sends s WHERE s.recipient_id = r.id AND s.kind = 'send' ORDER BY s.id LIMIT 1)), 'email'), 'active', $4, $4
		FROM recipients r WHERE r.business_id = $1 AND r.link_id = $2 AND r.mode = $3 AND r.customer_id IS NOT NULL
		ON CONFLICT (recipient_id) DO NOTHING`, b.ID, linkID, b.Mode, db.At(tx.Now()))
	if err != nil {
		return err
	}
	// What was switched off begins again.
	_, err = tx.Exec(ctx, `UPDATE reminder_plans SET state = 'active', reason = '' WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND state = 'stopped' AND reason = $4`,
		b.ID, linkID, b.Mode, SwitchOff)
	return err
}

// replan counts anew from the last message that went out.
func (s *Reminders) replan(ctx context.Context, tx *db.Tx, r *planRow, want Settings, b business.Business) error {
	if r.State == Stopped && r.Reason == AllSent && r.Sent < want.Max {
		r.State, r.Reason = Active, ""
	}
	if r.State != Active && r.State != Paused {
		return nil
	}
	if r.Sent >= want.Max && len(want.Offsets) == 0 {
		r.stop(Stopped, AllSent)
		return nil
	}
	var last struct{ At db.Time }
	err := tx.Get(ctx, &last, `SELECT MAX(d.sent_at) AS at FROM deliveries d JOIN sends s ON s.id = d.send_id WHERE s.business_id = $1 AND s.recipient_id = $2`, r.BusinessID, r.RecipientID)
	if err != nil {
		return err
	}
	if last.At.IsZero() {
		return nil // the first send is still on its way
	}
	paid, err := s.paid(ctx, tx, *r)
	if err != nil {
		return err
	}
	if paid {
		r.stop(Complete, "")
		return nil
	}
	r.AnchorAt, r.Occurrence = last.At, 0
	r.next(want, b.Location(), tx.Now())
	return nil
}

// next finds the next occurrence after an instant. A paused plan has none.
func (r *planRow) next(s Settings, zone *time.Location, after time.Time) {
	r.DueAt = db.Time{}
	if r.State != Active || r.AnchorAt.IsZero() {
		return
	}
	if _, due := r.schedule(s, zone).Next(r.Occurrence, after); !due.IsZero() {
		r.DueAt = db.At(due)
	}
}
