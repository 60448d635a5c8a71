// Package caps is the rule that keeps anybody from taking a link's slots hostage, and lets a
// crowd behind one address pay. docs/money.md tells it to people.
//
// A source is a full IPv4 address or an IPv6 /64; a network is an IPv4 /24 or an IPv6
// /48. Of U slots that are not sold, one source holds at most a third of U - 1, and
// at least one: three sources never hold all of four or more. One network leaves
// the last of four or more slots to others. A source whose hold ran out unpaid
// within two hours holds half as many, for half as long; and not the last slot, when
// somebody else found the link full meanwhile. Who was asked to pay personally, by
// their own link, is not kept from the last slot.
package caps

import (
	"context"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
)

const (
	maxHoldsOfEmail = 3
	// sharers is how many sources it takes to hold all slots but one.
	sharers = 3
	// lapseCounts is how long a hold that ran out unpaid is remembered.
	lapseCounts = 2 * time.Hour
	// maxFailures is how many attempts of a source at one business may be refused by
	// the provider within failuresCount: more of them try cards, and nobody pays.
	maxFailures   = 10
	failuresCount = time.Hour
)

// ShortHold is how long a source whose hold ran out may hold the next slot.
const ShortHold = attempt.HoldFor / 2

// SourceKept is how long it is known which attempts came from one source.
const SourceKept = 24 * time.Hour

// Tally is what a source did lately at a business, and who else pays for the link.
type Tally struct {
	Live    int64 // slots that the source holds at the link, beside those asked for
	Lapsed  int64 // holds at the link that ran out unpaid within two hours
	Failed  int64 // attempts that failed within an hour
	Email   int64 // live holds at the link under the same e-mail address
	Network int64 // slots held at the link from the same network
	Wanted  bool  // somebody found every slot held by others, within two hours
}

// byUnits tells whether a slot is that of a unit, not of a payment.
const byUnits = `(SELECT by_units AND capacity IS NOT NULL FROM link_slots WHERE link_id = $4 AND mode = $2 AND business_id = $1)`

// Count asks for the tally of who asks for a slot by the attempt. At a limited link the caller
// holds the lock on its slots, so that it is exact.
func (t *Tally) Count(now time.Time, a attempt.Attempt) *db.Statement {
	return db.One(t, `
		SELECT s.*, l.*, COALESCE((SELECT wanted_at > $10 FROM link_slots WHERE link_id = $4 AND mode = $2 AND business_id = $1), FALSE) AS wanted
		FROM (SELECT
				CAST(COALESCE(SUM(CASE WHEN `+byUnits+` THEN quantity ELSE 1 END) FILTER (WHERE link_id = $4 AND holds_slot), 0) AS BIGINT) AS live,
				COUNT(*) FILTER (WHERE link_id = $4 AND state IN ('expired', 'released') AND hold_until > $10 AND updated_at >= hold_until) AS lapsed,
				COUNT(*) FILTER (WHERE state = 'failed' AND updated_at > $9) AS failed
			FROM attempts WHERE business_id = $1 AND mode = $2 AND payer_key = $3 AND payer_key <> '' AND id > $8 AND id <> $7
				AND (holds_slot OR state IN ('failed', 'expired', 'released'))) s,
			(SELECT COUNT(*) FILTER (WHERE payer_email_folded = $5) AS email, CAST(COALESCE(SUM(CASE WHEN `+byUnits+` THEN quantity ELSE 1 END) FILTER (WHERE payer_source = $6 AND payer_source <> ''), 0) AS BIGINT) AS network
			FROM attempts WHERE link_id = $4 AND mode = $2 AND holds_slot AND business_id = $1 AND id <> $7) l`,
		a.BusinessID, a.Mode, a.SourceKey, string(a.LinkID), attempt.FoldedEmail(a.Payer.Email), a.MaskedIP, a.ID,
		attempt.Floor(now.Add(-SourceKept)), db.At(now.Add(-failuresCount)), db.At(now.Add(-lapseCounts)))
}

// AddFree adds what a source, a network and an e-mail address got for nothing within a day
// to what they hold, where the attempt is for nothing.
func (t *Tally) AddFree(ctx context.Context, tx *db.Tx, a attempt.Attempt, byUnits bool) error {
	if !a.Amount.IsZero() {
		return nil
	}
	var free Tally
	err := tx.Get(ctx, &free, `SELECT
			CAST(COALESCE(SUM(CASE WHEN $8 THEN quantity ELSE 1 END) FILTER (WHERE payer_key = $4 AND payer_key <> ''), 0) AS BIGINT) AS live,
			CAST(COALESCE(SUM(CASE WHEN $8 THEN quantity ELSE 1 END) FILTER (WHERE payer_source = $6 AND payer_source <> ''), 0) AS BIGINT) AS network,
			COUNT(*) FILTER (WHERE payer_email_folded = $5) AS email
		FROM attempts WHERE link_id = $3 AND mode = $2 AND business_id = $1 AND id > $7 AND id <> $9 AND provider = 'none' AND state = 'paid'`,
		a.BusinessID, a.Mode, string(a.LinkID), a.SourceKey, attempt.FoldedEmail(a.Payer.Email), a.MaskedIP, attempt.Floor(tx.Now().Add(-SourceKept)), byUnits, a.ID)
	t.Live, t.Network, t.Email = t.Live+free.Live, t.Network+free.Network, t.Email+free.Email
	return err
}

// Allows reports whether the source may begin the attempt, whose slots count as held already.
// available is nil where there is no limit. Who was asked to pay personally is not kept from
// the last slot.
func (t Tally) Allows(a attempt.Attempt, available *link.Availability, personal bool) bool {
	return t.Failed < maxFailures && (available == nil || t.share(*available, slotsOf(a, *available), personal))
}

// slotsOf is how many of the limit's slots the attempt takes.
func slotsOf(a attempt.Attempt, availability link.Availability) int64 {
	if availability.ByUnits {
		return a.Quantity
	}
	return 1
}

// share tells whether a source may hold so many slots more. Of slots, those that are
// asked for count as held. What a source holds first may be as large as the link lets a
// payment be: a family buys its six tickets.
func (t Tally) share(availability link.Availability, asked int64, personal bool) bool {
	share := max(1, (availability.Unsold-1)/sharers)
	if t.Lapsed > 0 {
		share = max(1, share/2)
	}
	switch {
	case t.Live > 0 && t.Live+asked > share, t.Email >= maxHoldsOfEmail:
		return false
	case availability.Unsold > sharers && t.Network > 0 && t.Network+asked > availability.Unsold-1:
		return false
	}
	return personal || availability.Free > 0 || t.Lapsed == 0 || !t.Wanted
}
