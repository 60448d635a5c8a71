package reminder

import (
	"context"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/text"
)

// tooSoon is how long after the link was sent no reminder goes out: a day around the due
// date that falls into it is left out.
const tooSoon = 24 * time.Hour

// atOffset is At for days around the due date: occurrence n is the nth of them, at the
// anchor's local time; zero behind the last, and without a due date.
func (s Schedule) atOffset(occurrence int64) time.Time {
	if occurrence <= 0 {
		return s.Anchor
	}
	due, ok := calendar.ParseDay(s.DueOn, s.Zone)
	if !ok || occurrence > int64(len(s.Offsets)) {
		return time.Time{}
	}
	start := s.Anchor.In(s.Zone)
	day := civilDay{due.Year(), due.Month(), due.Day()}.plusDays(int(s.Offsets[occurrence-1]))
	day, minutes, moved := s.tolerated(day, start.Hour()*60+start.Minute())
	seconds := start.Second()
	if moved {
		seconds = 0
	}
	return instant(day, minutes, seconds, s.Zone)
}

// nextOffset is Next: the last of those that fall on one instant, as a weekend's do.
func (s Schedule) nextOffset(behind int64, after time.Time) (occurrence int64, due time.Time) {
	for n := max(behind, 0) + 1; n <= int64(len(s.Offsets)); n++ {
		at := s.atOffset(n)
		switch {
		case !at.After(after) || !s.counts(at):
		case due.IsZero() || at.Equal(due):
			occurrence, due = n, at
		default:
			return occurrence, due
		}
	}
	if due.IsZero() {
		return int64(len(s.Offsets)) + 1, due
	}
	return occurrence, due
}

// latestOffset is Latest.
func (s Schedule) latestOffset(behind int64, at time.Time) int64 {
	latest := behind
	for n := max(behind, 0) + 1; n <= int64(len(s.Offsets)); n++ {
		if due := s.atOffset(n); s.counts(due) && !due.After(at) {
			latest = n
		}
	}
	return latest
}

// counts reports whether a day is not left out because the link had just been sent.
func (s Schedule) counts(at time.Time) bool { return !at.IsZero() && at.Sub(s.Anchor) > tooSoon }

// remaining is how many reminders are left behind an occurrence and an instant.
func (s Schedule) remaining(behind int64, after time.Time) int64 {
	return int64(len(s.Dates(behind, after, MaxReminders)))
}

func parseOffsets(text string) (days []int64) {
	for part := range strings.SplitSeq(text, ",") {
		if n, err := strconv.ParseInt(part, 10, 64); err == nil {
			days = append(days, n)
		}
	}
	return days
}

func joinOffsets(days []int64) string {
	parts := make([]string, len(days))
	for i, n := range days {
		parts[i] = strconv.FormatInt(n, 10)
	}
	return strings.Join(parts, ",")
}

// ParseOffsets reads days around a due date as people type them: "-3, 0, 7". False for
// what is no list of whole numbers.
func ParseOffsets(typed string) ([]int64, bool) {
	var days []int64
	for _, part := range strings.FieldsFunc(strings.ReplaceAll(text.Digits(typed), "−", "-"), func(r rune) bool { return strings.ContainsRune(",;،؛ ", r) }) {
		n, err := strconv.ParseInt(strings.TrimPrefix(part, "+"), 10, 64)
		if err != nil {
			return nil, false
		}
		days = append(days, n)
	}
	return days, len(days) > 0
}

// FormatOffsets writes them.
func FormatOffsets(days []int64) string { return strings.ReplaceAll(joinOffsets(days), ",", ", ") }

// LinkChanged plans anew where the due date of a link has changed, or was taken away: what
// was sent stays. It is for who hears of changes of links.
func (s *Reminders) LinkChanged(ctx context.Context, tx *db.Tx, b business.Business, c link.Change) error {
	if c.Kind != link.Updated && c.Kind != link.Deactivated || !c.DueChanged {
		return nil
	}
	set, err := s.Settings(ctx, tx, b.ID, c.Link.ID)
	if err != nil || set == nil || len(set.Offsets) == 0 {
		return err
	}
	return s.each(ctx, tx, b.ID, c.Link.ID, b.Mode, func(r *planRow) error {
		if r.State == Stopped && r.Reason == AllSent {
			r.State, r.Reason = Active, ""
		}
		if err := s.replan(ctx, tx, r, *set, b); err != nil {
			return err
		}
		if r.State == Active && !r.AnchorAt.IsZero() && r.DueAt.IsZero() && c.Link.DueOn != "" {
			r.stop(Stopped, AllSent)
		}
		return nil
	})
}
