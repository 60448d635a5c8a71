package link

import (
	"context"
	"errors"
	"fmt"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// A row of link_slots counts payments and their units side by side, held ones and used
// ones; its capacity is of the one or the other. So a limit may change what it counts
// at any time, and what is counted is right at once.

// hasSlotsFor is true of slots that have room for a payment of so many units; the argument
// of the statement has this number.
func hasSlotsFor(units int) string { return hasSlots(units, "1") }

// hasSlots is true of slots that have room for so many payments, an expression, of so many
// units together, the number of an argument.
func hasSlots(units int, payments string) string {
	return fmt.Sprintf(`(capacity IS NULL OR CASE WHEN by_units THEN held_units + consumed_units + $%d ELSE held + consumed + %s END <= capacity)`, units, payments)
}

// Hold takes the place of a payment of so many units for an attempt, inside the
// transaction that inserts it. One conditional update is the rule, so however many pay
// at once, held and used together never pass the limit; all units are held, or none.
// Errors: LimitReached when all payments are made, SlotTaken when the rest is held and
// may free up, Invalid with a TooFew when fewer units are left, NotFound when the link
// takes no payments now. It returns what is left of a limited link, nil of one without
// a limit.
func (s *Links) Hold(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode, units int64) (*Availability, error) {
	h := s.Holding(tx, businessID, id, mode, 1, units)
	if err := tx.Batch(ctx, h.Statement); err != nil {
		return nil, err
	}
	return h.Done(ctx, tx)
}

// Holding is Hold by a statement that the caller sends with others, and then calls Done.
type Holding struct {
	Statement *db.Statement
	after     slotsRow
	business  business.ID
	link      ID
	mode      business.Mode
	units     int64
}

// Holding says how to take the slots of so many payments, of so many units together: of
// all of them or of none.
func (s *Links) Holding(tx *db.Tx, businessID business.ID, id ID, mode business.Mode, payments, units int64) *Holding {
	h := &Holding{business: businessID, link: id, mode: mode, units: units}
	h.Statement = db.One(&h.after, `
		UPDATE link_slots SET held = held + $6, held_units = held_units + $5
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND (capacity IS NULL OR waiting = 0) AND `+hasSlots(5, "$6")+`
			AND EXISTS (SELECT 1 FROM links l WHERE l.id = $1 AND l.business_id = $2 AND `+OpenSQL(4)+`)
		RETURNING `+slotsColumns, id, businessID, mode, db.At(tx.Now()), units, payments)
	return h
}

// Done returns what is left, with the errors of Hold.
func (h *Holding) Done(ctx context.Context, tx *db.Tx) (*Availability, error) {
	if h.Statement.None {
		return nil, whyNotHeld(ctx, tx, h.business, h.link, h.mode, h.units)
	}
	a := h.after.availability()
	if a != nil && a.Free < h.after.least() { // pages offer no place that is held
		tx.Notify("link", string(h.link))
	}
	return a, nil
}

// HoldInstead turns the hold of an attempt of so many units into that of another one,
// as Hold would and with its errors. The link takes payments now, or the caller has
// looked.
func (s *Links) HoldInstead(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode, before, units int64) error {
	if before == units {
		return nil
	}
	n, err := tx.Exec(ctx, `UPDATE link_slots SET held_units = held_units + $4
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND (capacity IS NULL OR NOT by_units OR $5 OR held_units + consumed_units + $4 <= capacity)`,
		id, businessID, mode, units-before, units < before)
	if err != nil {
		return err
	}
	if n > 0 && units < before {
		return s.notifyFree(ctx, tx, businessID, id, mode)
	}
	if n > 0 {
		tx.Notify("link", string(id)) // the last may be held now
		return nil
	}
	err = whyNotHeld(ctx, tx, businessID, id, mode, units-before)
	if few := (*TooFew)(nil); !errors.As(err, &few) && !fault.Is(err, fault.SlotTaken) && !fault.Is(err, fault.LimitReached) {
		return err
	}
	// Who holds the last units isn't told that somebody pays for them, or that none are left.
	var now slotsRow
	if err := tx.Get(ctx, &now, `SELECT `+slotsColumns+` FROM link_slots WHERE link_id = $1 AND business_id = $2 AND mode = $3`, id, businessID, mode); err != nil {
		return err
	}
	left := max(0, now.availability().Free) + before // a limit may be lowered below what is held
	if left < now.least() {
		return err
	}
	return (&TooFew{Left: left}).fault()
}

// Availability are those of a limited link that can still be had.
type Availability struct {
	Unsold  int64 // held ones too
	Free    int64
	ByUnits bool // a slot is that of a unit, not of a payment
}

// slotsRow is a row of slots, as far as limits ask.
type slotsRow struct {
	Held, Consumed           int64
	HeldUnits, ConsumedUnits int64
	ByUnits                  bool
	Least                    int64
	Capacity                 *int64
}

const slotsColumns = `held, consumed, held_units, consumed_units, by_units, least, capacity`

func (r slotsRow) availability() *Availability {
	if r.Capacity == nil {
		return nil
	}
	held, used := r.Held, r.Consumed
	if r.ByUnits {
		held, used = r.HeldUnits, r.ConsumedUnits
	}
	return &Availability{Unsold: *r.Capacity - used, Free: *r.Capacity - used - held, ByUnits: r.ByUnits}
}

// least is how much of the limit a payment takes at least.
func (r slotsRow) least() int64 {
	if r.ByUnits {
		return r.Least
	}
	return 1
}

// TooFew says that fewer units are free than a payer wants.
type TooFew struct{ Left int64 }

// Error is for the log.
func (e *TooFew) Error() string { return fmt.Sprintf("link: only %d are left", e.Left) }

func (e *TooFew) fault() error {
	var wrong fault.Fields
	wrong.Add("quantity", "quantity.left", fmt.Sprintf("Only %d left. Choose at most as many.", e.Left))
	refused := fault.Wrap(e, fault.Invalid, "Fewer are left than you want. You have not been charged.")
	refused.Fields = wrong
	return refused
}

// Wanted notes that somebody found every slot of a link held by others. The note is
// made once a minute at most.
func (s *Links) Wanted(ctx context.Context, businessID business.ID, id ID, mode business.Mode) error {
	return s.db.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE link_slots SET wanted_at = $4 WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND (wanted_at IS NULL OR wanted_at < $5)`,
			id, businessID, mode, db.At(tx.Now()), db.At(tx.Now().Add(-time.Minute)))
		return err
	})
}

// whyNotHeld tells apart what the update refused.
func whyNotHeld(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode, units int64) error {
	var one found
	err := tx.Get(ctx, &one, `SELECT `+rowColumns+rowTables+` AND l.id = $3`, businessID, mode, id)
	switch {
	case errors.Is(err, db.ErrNoRows):
		return errNotFound
	case err != nil:
		return err
	}
	l := one.link()
	switch l.State(tx.Now()) {
	case Inactive:
		return fault.New(fault.NotFound, "This link takes no payments at the moment.")
	case Early:
		return fault.New(fault.NotFound, "This link is not open yet.")
	case Ended:
		return fault.New(fault.NotFound, "This link has ended.")
	case LimitReached:
		return fault.New(fault.LimitReached, "Payment limit reached. You have not been charged.")
	}
	if free := l.Free(); l.Limit.ByUnits() && free >= l.least() && free < units {
		return (&TooFew{Left: free}).fault()
	}
	return fault.New(fault.SlotTaken, "Someone is paying for the last place right now. It may free up; try again in a few minutes. You have not been charged.")
}

// Release gives the held slot of a payment of so many units back, when the provider
// confirms that its attempt can no longer be paid.
func (s *Links) Release(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode, units int64) error {
	if err := s.ReleaseUnoffered(ctx, tx, businessID, id, mode, units); err != nil {
		return err
	}
	return s.notifyFree(ctx, tx, businessID, id, mode)
}

// ReleaseUnoffered is Release of slots that are for somebody already, so that no waiting list
// is told.
func (s *Links) ReleaseUnoffered(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode, units int64) error {
	return change(ctx, tx, businessID, id, mode, `UPDATE link_slots SET held = held - 1, held_units = held_units - $4
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND held > 0 AND held_units >= $4 RETURNING capacity`, units)
}

// Consumption is held slots of a link that become payments.
type Consumption struct {
	Link  ID
	Slots int64 // payments
	Units int64 // of all of them
	// What the link has behind it.
	After Taken
}

// Taken is how many slots of a link are used up.
type Taken struct {
	Consumed, ConsumedUnits int64
	ByUnits                 bool
	Least                   int64
	Capacity                *int64 // nil without a limit
}

// TakenColumns are those of Taken.
const TakenColumns = `consumed, consumed_units, by_units, least, capacity`

// Before is what was taken before a payment of so many units.
func (t Taken) Before(units int64) Taken {
	t.Consumed, t.ConsumedUnits = t.Consumed-1, t.ConsumedUnits-units
	return t
}

// Left is how much of the limit is not used up; 0 without one.
func (t Taken) Left() int64 {
	if t.Capacity == nil {
		return 0
	}
	if t.ByUnits {
		return *t.Capacity - t.ConsumedUnits
	}
	return *t.Capacity - t.Consumed
}

// Full reports whether no payment has room any more.
func (t Taken) Full() bool {
	if t.Capacity == nil {
		return false
	}
	used := t.Consumed
	if t.ByUnits {
		used = t.ConsumedUnits
	}
	return used+t.Least > *t.Capacity
}

// Consume turns held slots into payments, once the statement has run; see Done.
func (s *Links) Consume(businessID business.ID, mode business.Mode, c *Consumption) *db.Statement {
	return db.One(&c.After, `UPDATE link_slots SET held = held - $4, consumed = consumed + $4, held_units = held_units - $5, consumed_units = consumed_units + $5
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND held >= $4 AND held_units >= $5 RETURNING `+TakenColumns, c.Link, businessID, mode, c.Slots, c.Units)
}

// Done fails when the statement of Consume found fewer slots than were held, and else
// tells who shows what remains.
func (c *Consumption) Done(tx *db.Tx, ran *db.Statement) error {
	if ran.None {
		return errNoSlot
	}
	if c.After.Capacity != nil {
		tx.Notify("link", string(c.Link))
	}
	return nil
}

// ConsumeFresh takes the place of a payment of so many units whose hold had been given
// back. It reports false when there is no room for all of it.
func (s *Links) ConsumeFresh(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode, units int64) (bool, error) {
	err := change(ctx, tx, businessID, id, mode, `UPDATE link_slots SET consumed = consumed + 1, consumed_units = consumed_units + $4
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND `+hasSlotsFor(4)+` RETURNING capacity`, units)
	if errors.Is(err, errNoSlot) {
		return false, nil
	}
	return err == nil, err
}

// ConsumeRaised is ConsumeFresh on a link whose limit is raised by so many slots for it. Both
// are one statement, so that nobody who waits is offered the room that is made. The caller
// raises the limit in the link's fields too.
func (s *Links) ConsumeRaised(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode, units, more int64) (bool, error) {
	err := change(ctx, tx, businessID, id, mode, `UPDATE link_slots SET capacity = capacity + $5, consumed = consumed + 1, consumed_units = consumed_units + $4
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND CASE WHEN by_units THEN held_units + consumed_units + $4 ELSE held + consumed + 1 END <= capacity + $5 RETURNING capacity`, units, more)
	if errors.Is(err, errNoSlot) {
		return false, nil
	}
	return err == nil, err
}

// Missing is the limit of a link, and how many slots more it would need for a payment
// of so many units; zero for one without a limit.
func (s *Links) Missing(ctx context.Context, from db.Reader, businessID business.ID, id ID, mode business.Mode, units int64) (capacity, missing int64, err error) {
	var now slotsRow
	err = from.Get(ctx, &now, `SELECT `+slotsColumns+` FROM link_slots WHERE business_id = $1 AND link_id = $2 AND mode = $3`, businessID, id, mode)
	if err != nil || now.Capacity == nil {
		return 0, 0, err
	}
	takes := int64(1)
	if now.ByUnits {
		takes = units
	}
	return *now.Capacity, max(0, takes-now.availability().Free), nil
}

// ReturnSlots makes room for somebody else, when units of a payment were refunded and the
// merchant wants their slots to be free again; whole: the last of them, so that the
// payment counts no more.
func (s *Links) ReturnSlots(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode, units int64, whole bool) error {
	payments := 0
	if whole {
		payments = 1
	}
	err := change(ctx, tx, businessID, id, mode, `UPDATE link_slots SET consumed = consumed - $5, consumed_units = consumed_units - $4
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND consumed >= $5 AND consumed_units >= $4 RETURNING capacity`, units, payments)
	if err != nil {
		return err
	}
	return s.notifyFree(ctx, tx, businessID, id, mode)
}

// What HoldAgain finds.
var (
	ErrGone   = errors.New("link: there is no such link")
	ErrNoSlot = errors.New("link: no slot is free")
)

// HoldAgain takes the place of a payment of so many units for an attempt that a backup
// had forgotten, whether the link takes payments now or not. ErrNoSlot: there is no
// room.
func (s *Links) HoldAgain(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode, units int64) error {
	var there bool
	if err := tx.Get(ctx, &there, `SELECT EXISTS (SELECT 1 FROM links WHERE business_id = $1 AND id = $2)`, businessID, id); err != nil {
		return err
	}
	if !there {
		return ErrGone
	}
	err := change(ctx, tx, businessID, id, mode, `UPDATE link_slots SET held = held + 1, held_units = held_units + $4
		WHERE link_id = $1 AND business_id = $2 AND mode = $3 AND `+hasSlotsFor(4)+` RETURNING capacity`, units)
	if errors.Is(err, errNoSlot) {
		return ErrNoSlot
	}
	return err
}

// errNoSlot says that the update found no slot to change. From Release and
// Consume it is a mistake of ours: the transaction must not go on.
var errNoSlot = errors.New("link: no such slot")

// change runs an update of slots and tells who shows what remains. $1 to $3 are link,
// business and mode.
func change(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, mode business.Mode, statement string, more ...any) error {
	var after struct{ Capacity *int64 }
	err := tx.Get(ctx, &after, statement, append([]any{id, businessID, mode}, more...)...)
	if errors.Is(err, db.ErrNoRows) {
		return errNoSlot
	}
	if err == nil && after.Capacity != nil {
		tx.Notify("link", string(id))
	}
	return err
}
