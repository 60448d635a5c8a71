package reminder

import (
	"context"
	"slices"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
)

// Summary is how the reminders of a link stand.
type Summary struct {
	Settings
	Plans     []Plan // of its recipients, the first first, a hundred at most
	Count     int64  // of all plans
	Sent      int64  // to all recipients together
	Remaining int64  // those that may still be sent; none where a plan has ended. Around a due date: the days that are left
	NextAt    time.Time
	Status    State
	Reopened  bool // the link was closed and takes payments again: Resume goes on
}

// shownPlans bounds the plans of a summary.
const shownPlans = 100

// Of is the summary of a link, nil when it does not remind. Nothing is to come of
// one that takes no payments, whether its plans know that yet or not.
func (s *Reminders) Of(ctx context.Context, from db.Reader, b business.Business, l link.Link) (*Summary, error) {
	set, err := s.Settings(ctx, from, b.ID, l.ID)
	if err != nil || set == nil {
		return nil, err
	}
	sum := Summary{Settings: *set, Status: Active}
	var rows []planRow
	err = from.Select(ctx, &rows, `SELECT `+planColumns+planTables+` WHERE p.business_id = $1 AND p.link_id = $2 AND p.mode = $3 ORDER BY p.recipient_id LIMIT $4`,
		b.ID, l.ID, b.Mode, shownPlans)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		sum.Plans = append(sum.Plans, r.plan())
	}
	if len(rows) == 1 && rows[0].State == Complete {
		if sum.Plans[0].PaidBy, sum.Plans[0].PaidAt, err = s.whoPaid(ctx, from, rows[0]); err != nil {
			return nil, err
		}
	}
	if err := sum.fill(ctx, from, b, l.ID, s.DB.Clock().Now()); err != nil {
		return nil, err
	}
	if closed(l, s.DB.Clock().Now()) {
		sum.rest()
	}
	return &sum, nil
}

// closed reports whether a link takes no payments any more.
func closed(l link.Link, now time.Time) bool {
	state := l.State(now)
	return state != link.Active && state != link.Early
}

// rest says that nothing is to come while the link is closed.
func (sum *Summary) rest() {
	sum.Reopened = false
	if sum.Status == Complete || sum.Count == 0 {
		return
	}
	sum.Status, sum.NextAt, sum.Remaining = Stopped, time.Time{}, 0
	for i, p := range sum.Plans {
		if p.State == Active || p.State == Paused {
			sum.Plans[i].State, sum.Plans[i].Reason, sum.Plans[i].NextAt = Stopped, LinkClosed, time.Time{}
		}
	}
}

// Reminding are those of the links that remind.
func (s *Reminders) Reminding(ctx context.Context, from db.Reader, businessID business.ID, links []link.ID) (map[link.ID]bool, error) {
	found, arguments := map[link.ID]bool{}, []any{businessID}
	if len(links) == 0 {
		return found, nil
	}
	for _, id := range links {
		arguments = append(arguments, id)
	}
	var ids []link.ID
	err := from.Select(ctx, &ids, `SELECT link_id FROM reminder_settings WHERE business_id = $1 AND link_id IN (`+db.In(len(links), 2)+`)`, arguments...)
	for _, id := range ids {
		found[id] = true
	}
	return found, err
}

// fill adds up all plans, also those that are not shown.
func (sum *Summary) fill(ctx context.Context, from db.Reader, b business.Business, linkID link.ID, now time.Time) error {
	var rows []struct {
		State  State
		Plans  int64
		Sent   int64
		Closed int64 // with the link
		NextAt db.Time
	}
	err := from.Select(ctx, &rows, `SELECT state, COUNT(*) AS plans, CAST(SUM(sent) AS BIGINT) AS sent, MIN(due_at) AS next_at,
			COUNT(CASE WHEN reason = $4 THEN 1 END) AS closed
		FROM reminder_plans WHERE business_id = $1 AND link_id = $2 AND mode = $3 GROUP BY state`, b.ID, linkID, b.Mode, LinkClosed)
	if err != nil {
		return err
	}
	have := map[State]int64{}
	for _, r := range rows {
		have[r.State] += r.Plans
		sum.Count += r.Plans
		sum.Sent += r.Sent
		sum.Reopened = sum.Reopened || r.Closed > 0
		if len(sum.Offsets) == 0 && (r.State == Active || r.State == Paused) {
			sum.Remaining += max(r.Plans*sum.Max-r.Sent, 0)
		}
		if !r.NextAt.IsZero() {
			sum.NextAt = r.NextAt.Time
		}
	}
	if sum.Count == 0 { // nobody got the link yet
		sum.Remaining = sum.Max
		return nil
	}
	if len(sum.Offsets) > 0 {
		if err := sum.fillOffsets(ctx, from, b, linkID, now); err != nil {
			return err
		}
	}
	for _, state := range []State{Active, Paused, Stopped, Complete} {
		if have[state] > 0 {
			sum.Status = state
			break
		}
	}
	return nil
}

// fillOffsets counts the days around the due date that are left. How many were sent tells
// nothing of that: days that had passed when the link was sent are left out, and another due
// date begins anew.
func (sum *Summary) fillOffsets(ctx context.Context, from db.Reader, b business.Business, linkID link.ID, now time.Time) error {
	var rows []struct {
		State      State
		AnchorAt   db.Time
		Occurrence int64
		Plans      int64
	}
	err := from.Select(ctx, &rows, `SELECT state, anchor_at, occurrence, COUNT(*) AS plans FROM reminder_plans
		WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND state IN ($4, $5) GROUP BY state, anchor_at, occurrence`, b.ID, linkID, b.Mode, Active, Paused)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.AnchorAt.IsZero() { // nothing was sent yet
			sum.Remaining += r.Plans * sum.Max
			continue
		}
		grid := Schedule{Settings: sum.Settings, Anchor: r.AnchorAt.Time, Zone: b.Location()}
		if r.State == Active && grid.Latest(r.Occurrence, now) > r.Occurrence { // one is about to go out
			sum.Remaining += r.Plans
		}
		sum.Remaining += r.Plans * grid.remaining(r.Occurrence, now)
	}
	return nil
}

// Total is how many reminders there are of all plans, sent or still to come.
func (sum Summary) Total() int64 {
	if len(sum.Offsets) > 0 {
		return sum.Sent + sum.Remaining
	}
	return sum.Max * max(sum.Count, 1)
}

// Upcoming is a reminder that is to go out.
type Upcoming struct {
	At       time.Time
	Plan     Plan
	Number   int64 // from 1
	Of       int64 // how many that recipient gets
	Customer string
}

// Upcoming are the next n reminders of a link to all recipients whose plan is
// active, the next one first.
func (sum Summary) Upcoming(zone *time.Location, n int64) (all []Upcoming) {
	for _, p := range sum.Plans {
		if p.State != Active || p.NextAt.IsZero() {
			continue
		}
		grid := Schedule{Settings: sum.Settings, Anchor: p.AnchorAt, Zone: zone}
		behind := p.NextAt.Add(-time.Microsecond)
		of := sum.Max
		if len(sum.Offsets) > 0 { // the days themselves end them
			of = p.Sent + grid.remaining(p.Occurrence, behind)
		}
		dates := grid.Dates(p.Occurrence, behind, min(n, of-p.Sent))
		for i, at := range dates {
			all = append(all, Upcoming{At: at, Plan: p, Number: p.Sent + 1 + int64(i), Of: of, Customer: p.Customer})
		}
	}
	slices.SortStableFunc(all, func(a, b Upcoming) int { return a.At.Compare(b.At) })
	return all[:min(int64(len(all)), n)]
}
