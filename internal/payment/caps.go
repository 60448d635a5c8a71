package payment

import (
	"bytes"
	"context"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
)

// Caps on live holds of a limited link, so that nobody takes its slots hostage.
const (
	maxHoldsOfSource = 5 // by masked address
	maxHoldsOfEmail  = 3
)

// checkCaps counts the live holds of one source and one e-mail address at the
// link, beside the one that is asked for. The caller holds the lock on the link's
// slots.
func (p *Payments) checkCaps(ctx context.Context, tx *db.Tx, r StartRequest, asked ID) error {
	if !p.Limits || !r.Link.Limit.Limited() {
		return nil
	}
	email := foldedEmail(r.Payer.Email)
	var live []struct{ PayerSource, PayerEmailFolded string }
	if err := tx.Select(ctx, &live, `SELECT payer_source, payer_email_folded FROM attempts
		WHERE link_id = $1 AND mode = $2 AND business_id = $3 AND holds_slot AND (payer_source = $4 OR payer_email_folded = $5)
			AND id > $6 AND id <> $7`,
		r.Link.ID, r.Business.Mode, r.Business.ID, r.Attribution.MaskedIP, email, idFloor(tx.Now().Add(-holdsWithin)), asked); err != nil {
		return err
	}
	bySource, byEmail := 0, 0
	for _, l := range live {
		if r.Attribution.MaskedIP != "" && l.PayerSource == r.Attribution.MaskedIP {
			bySource++
		}
		if l.PayerEmailFolded == email {
			byEmail++
		}
	}
	if bySource >= maxHoldsOfSource || byEmail >= maxHoldsOfEmail {
		return fault.New(fault.TooMany, "You have several payments under way for this already. Finish one of them, or try again in half an hour. You have not been charged.")
	}
	return nil
}

// holdsWithin is how far back live holds are looked for; older ones wait for a
// provider's word and are few.
const holdsWithin = 24 * time.Hour

// idFloor is at or below every id made at the instant or later, so that an
// index on ids can end a search by time.
func idFloor(at time.Time) ID {
	// Ids take ten random bytes; zeros can't run out.
	floor, err := id.New("pay", at, bytes.NewReader(make([]byte, 10)))
	if err != nil {
		return ""
	}
	return ID(floor)
}
