package payment

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
)

// The rule that keeps anybody from taking a link's slots hostage, and lets a crowd
// behind one address pay. docs/money.md tells it to people.
//
// A source is a full IPv4 address or an IPv6 /64; a network is an IPv4 /24 or an IPv6
// /48. Of U slots that are not sold, one source holds at most a third of U - 1, and
// at least one: three sources never hold all of four or more. One network leaves
// the last of four or more slots to others. A source whose hold ran out unpaid
// within two hours holds half as many, for half as long; and not the last slot, when
// somebody else found the link full meanwhile. Who was asked to pay personally, by
// their own link, is not kept from the last slot.
const (
	maxHoldsOfEmail = 3
	// sharers is how many sources it takes to hold all slots but one.
	sharers = 3
	// lapseCounts is how long a hold that ran out unpaid is remembered.
	lapseCounts = 2 * time.Hour
	// shortHold is how long a source whose hold ran out may hold the next slot.
	shortHold = HoldFor / 2
	// maxFailures is how many attempts of a source at one business may be refused by
	// the provider within failuresCount: more of them try cards, and nobody pays.
	maxFailures   = 10
	failuresCount = time.Hour
	// sourceKept is how long it is known which attempts came from one source.
	sourceKept = 24 * time.Hour
)

// tally is what a source did lately at a business, and who else pays for the link.
type tally struct {
	Live    int64 // slots that the source holds at the link, beside those asked for
	Lapsed  int64 // holds at the link that ran out unpaid within lapseCounts
	Failed  int64 // attempts that failed within failuresCount
	Email   int64 // live holds at the link under the same e-mail address
	Network int64 // slots held at the link from the same network
	Wanted  bool  // somebody found every slot held by others, within lapseCounts
}

// byUnits tells whether a slot is that of a unit, not of a payment.
const byUnits = `(SELECT by_units AND capacity IS NOT NULL FROM link_slots WHERE link_id = $4 AND mode = $2 AND business_id = $1)`

// count asks for the tally of who asks for a slot. At a limited link the caller holds the
// lock on its slots, so that it is exact.
func (t *tally) count(now time.Time, r StartRequest, asked attempt.Attempt) *db.Statement {
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
		r.Business.ID, r.Business.Mode, asked.SourceKey, string(asked.LinkID), attempt.FoldedEmail(r.Payer.Email), r.Attribution.MaskedIP, asked.ID,
		attempt.Floor(now.Add(-sourceKept)), db.At(now.Add(-failuresCount)), db.At(now.Add(-lapseCounts)))
}

// checkCaps applies the rule to an attempt that has its slot already; an error undoes
// both. availability is nil where there is no limit.
func (p *Payments) checkCaps(ctx context.Context, tx *db.Tx, r StartRequest, a *attempt.Attempt, t tally, availability *link.Availability) error {
	personal := r.Attribution.RecipientToken != "" || r.Link != nil && r.Link.CustomerID != ""
	if err := p.countFree(ctx, tx, r, *a, availability != nil && availability.ByUnits, &t); err != nil {
		return err
	}
	if t.Failed >= maxFailures || availability != nil && !t.allows(*availability, slotsOf(*a, *availability), personal) {
		return errManyAtOnce
	}
	if availability == nil || t.Lapsed == 0 || personal {
		return nil
	}
	a.HoldUntil = a.CreatedAt.Add(shortHold)
	return tx.Queue(ctx, db.Exec(nil, `UPDATE attempts SET hold_until = $3 WHERE business_id = $1 AND id = $2`, a.BusinessID, a.ID, db.At(a.HoldUntil)))
}

// errManyAtOnce accuses nobody: most who read it share an address with others.
var errManyAtOnce = fault.New(fault.TooMany, "Several payments for this are under way from your network right now. Finish yours if one is open, or try again in a few minutes. You have not been charged.")

// slotsOf is how many of the limit's slots the attempt takes.
func slotsOf(a attempt.Attempt, availability link.Availability) int64 {
	if availability.ByUnits {
		return a.Quantity
	}
	return 1
}

// allows tells whether a source may hold so many slots more. Of slots, those that are
// asked for count as held. What a source holds first may be as large as the link lets a
// payment be: a family buys its six tickets.
func (t tally) allows(availability link.Availability, asked int64, personal bool) bool {
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

// key is the source of an address for the database: a keyed hash, because whole
// addresses are never stored. "" for no address.
func (p *Payments) key(b string, address netip.Addr) string {
	if !address.IsValid() {
		return ""
	}
	address = address.Unmap().WithZone("")
	bits := 32
	if address.Is6() {
		bits = 64
	}
	network, err := address.Prefix(bits)
	if err != nil {
		return ""
	}
	mac := hmac.New(sha256.New, p.SourceKey)
	mac.Write([]byte(b + "|" + network.String()))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// ClearOldSources removes what tells which attempts came from one source, after a day.
func (p *Payments) ClearOldSources(ctx context.Context) error {
	_, err := p.DB.InChunks(ctx, deleteChunk, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `UPDATE attempts SET payer_key = '' WHERE id IN (SELECT id FROM attempts
			WHERE payer_key <> '' AND (holds_slot OR state IN ('failed', 'expired', 'released')) AND id < $1 LIMIT $2)`,
			attempt.Floor(tx.Now().Add(-sourceKept)), most)
	})
	if err != nil {
		return err
	}
	_, err = p.DB.InChunks(ctx, deleteChunk, func(tx *db.Tx, most int64) (int64, error) { // of payments of nothing
		return tx.Exec(ctx, `UPDATE attempts SET payer_key = '' WHERE id IN (SELECT id FROM attempts
			WHERE provider = 'none' AND payer_key <> '' AND id < $1 LIMIT $2)`, attempt.Floor(tx.Now().Add(-sourceKept)), most)
	})
	return err
}
