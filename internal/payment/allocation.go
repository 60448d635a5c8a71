package payment

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/provider"
)

// allocation turns the slots that were held into payments and takes the next receipts: by one
// statement for each link and series, together. The rows stay locked until the commit.
type allocation struct {
	statements []*db.Statement // codes, then links in order, then series
	held       bool            // else the slots were taken before
	before     int             // statements before those of the links
	links      []link.ID
	slots      map[link.ID]*link.Consumption
	series     map[int]*receipts
	year       func(time.Time) int
}

// take says what to send, and takes the codes off the payments that hold a use of them.
func (p *Payments) take(account provider.Account, payments []Payment, year func(time.Time) int, held bool) *allocation {
	t := &allocation{statements: p.consumeCodes(payments), held: held, slots: map[link.ID]*link.Consumption{}, series: map[int]*receipts{}, year: year}
	t.before = len(t.statements)
	for _, payment := range payments {
		if payment.LinkID != "" && t.slots[payment.LinkID] == nil {
			t.slots[payment.LinkID] = &link.Consumption{Link: payment.LinkID}
		}
		if payment.LinkID != "" {
			t.slots[payment.LinkID].Slots++
			t.slots[payment.LinkID].Units += payment.Quantity
		}
	}
	t.links = slices.Sorted(maps.Keys(t.slots))
	for _, id := range t.links {
		if held {
			t.statements = append(t.statements, p.Links.Consume(account.Business, account.Mode, t.slots[id]))
		} else {
			t.statements = append(t.statements, db.One(&t.slots[id].After, `SELECT `+link.TakenColumns+` FROM link_slots WHERE business_id = $1 AND link_id = $2 AND mode = $3`,
				account.Business, id, account.Mode))
		}
	}
	for _, payment := range payments {
		in := year(payment.numberedAt)
		if t.series[in] == nil {
			t.series[in] = &receipts{year: in, mode: account.Mode}
		}
		t.series[in].taken++
	}
	for _, in := range slices.Sorted(maps.Keys(t.series)) {
		t.statements = append(t.statements, t.series[in].take(account.Business))
	}
	return t
}

// done gives the payments their slots and receipts, once the statements were sent.
func (t *allocation) done(tx *db.Tx, payments []Payment) error {
	for i, id := range t.links {
		if t.held {
			if err := t.slots[id].Done(tx, t.statements[t.before+i]); err != nil {
				return err
			}
		}
		after := &t.slots[id].After // counted up again, payment by payment
		after.Consumed, after.ConsumedUnits = after.Consumed-t.slots[id].Slots, after.ConsumedUnits-t.slots[id].Units
	}
	for i := range payments {
		payment := &payments[i]
		payment.Receipt = t.series[t.year(payment.numberedAt)].next()
		if place := t.slots[payment.LinkID]; place != nil {
			place.After.Consumed++
			place.After.ConsumedUnits += payment.Quantity
			payment.Slots = place.After
		}
	}
	return nil
}

// receipts are those that a settlement takes of a business's series for the mode and the
// year, in its time zone: 2026-00001, TEST-2026-00001. The row stays locked until the
// commit, so the series has no gaps.
type receipts struct {
	year        int
	mode        business.Mode
	taken, last int64
}

func (r *receipts) take(businessID business.ID) *db.Statement {
	return db.One(&r.last, `
		INSERT INTO receipt_series (business_id, mode, year, last) VALUES ($1, $2, $3, $4)
		ON CONFLICT (business_id, mode, year) DO UPDATE SET last = receipt_series.last + excluded.last RETURNING last`,
		businessID, r.mode, r.year, r.taken)
}

func (r *receipts) next() string {
	r.taken--
	text := fmt.Sprintf("%d-%05d", r.year, r.last-r.taken)
	if r.mode == business.Test {
		text = "TEST-" + text
	}
	return text
}
