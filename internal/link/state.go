package link

import (
	"fmt"
	"time"
)

// Status says whether a link takes payments.
type Status string

// The statuses.
const (
	Active       Status = "active"
	Inactive     Status = "inactive"
	LimitReached Status = "limit_reached"

	// What State knows beside them.
	Early Status = "early" // opens later
	Ended Status = "ended" // its last date has passed
)

// Status is inactive when the merchant switched it off, else limit_reached
// when its payments are used up, counting slots on offer, or somebody waits for one,
// else active.
func (l Link) Status() Status {
	switch {
	case !l.Active:
		return Inactive
	case l.Full(), l.kept():
		return LimitReached
	}
	return Active
}

// State is the status at an instant: Inactive too while the link's product is not for sale,
// Early or Ended outside of the dates of a link that is on and whose payments are not used
// up, else Status. Only an Active one takes payments.
func (l Link) State(at time.Time) Status {
	status := l.Status()
	switch {
	case l.offSale:
		return Inactive
	case status == Inactive || l.Full():
		return status
	case l.early(at):
		return Early
	case l.HasEnded(at):
		return Ended
	}
	return status
}

func (l Link) early(at time.Time) bool { return l.StartsAt != nil && at.Before(*l.StartsAt) }

// HasEnded reports whether the link's last date has passed, whatever else is with it.
func (l Link) HasEnded(at time.Time) bool { return l.EndsAt != nil && !at.Before(*l.EndsAt) }

// OffSale reports whether the link's product is switched off, so that nobody can pay.
func (l Link) OffSale() bool { return l.offSale }

// Open is OpenSQL of a link that is there, and whose product is for sale: who has an offer
// can pay.
func (l Link) Open(at time.Time) bool {
	return l.Active && !l.offSale && !l.early(at) && !l.HasEnded(at)
}

// Turn is the next instant at which the link's dates open or close it, nil for none.
func (l Link) Turn(after time.Time) *time.Time {
	switch {
	case l.early(after):
		return l.StartsAt
	case l.HasEnded(after):
		return nil
	}
	return l.EndsAt
}

// What statements ask of a link, for all packages that read links as l and its slots in
// one mode as s.
const (
	// FullSQL is true of a link that takes no payments from the public, as LimitReached is.
	FullSQL = `(s.capacity IS NOT NULL AND (` + usedSQL + ` + ` + offeredSQL + ` + s.least > s.capacity OR s.waiting > 0))`
	// usedSQL is what counts against the limit, as Counted().Used, and offeredSQL what is
	// on offer to the waiting list.
	usedSQL    = `(CASE WHEN s.by_units THEN s.consumed_units ELSE s.consumed END)`
	offeredSQL = `(CASE WHEN s.by_units THEN s.offered_units ELSE s.offered END)`
	// PriceSQL and CurrencySQL are what a link asks now, as Price has it; its product is
	// joined as p.
	PriceSQL    = `COALESCE(l.amount_minor, p.price_minor, 0)`
	CurrencySQL = `COALESCE(p.currency, l.currency)`
)

// OpenSQL is true of a link that is there, on, and within its dates at the instant that
// is the statement's argument of this number. Of its limit it knows nothing.
func OpenSQL(instant int) string {
	return fmt.Sprintf(`(l.deleted_at IS NULL AND l.active AND (l.starts_at IS NULL OR l.starts_at <= $%[1]d) AND (l.ends_at IS NULL OR l.ends_at > $%[1]d))`, instant)
}
