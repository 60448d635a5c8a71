package waitinglist

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/payment"
)

// open are the entries of a link that wait or have an offer, in their order.
func (s *List) open(ctx context.Context, tx *db.Tx, businessID business.ID, id link.ID) ([]Entry, error) {
	var rows []row
	err := tx.Select(ctx, &rows, `SELECT `+columns+` FROM waiting_entries WHERE business_id = $1 AND link_id = $2 AND state IN ('waiting', 'offered') ORDER BY mode, number`, businessID, id)
	all := make([]Entry, len(rows))
	for i, r := range rows {
		all[i] = r.entry()
	}
	return all, err
}

// linkChanged serves the list when the limit was raised or the link switched on or opened, and ends
// it with the link, with its switch, and when nobody need wait any more, of which all are
// told.
func (s *List) linkChanged(ctx context.Context, tx *db.Tx, b business.Business, c link.Change) error {
	if c.Kind != link.Updated && c.Kind != link.Deactivated && c.Kind != link.Deleted {
		return nil
	}
	all, err := s.open(ctx, tx, b.ID, c.Link.ID)
	if err != nil || len(all) == 0 {
		return err
	}
	if err := s.endWithLink(ctx, tx, c.Link); err != nil {
		return err
	}
	over := c.Kind == link.Deleted || !c.Link.WaitingList || c.Link.HasEnded(tx.Now())
	unlimited := !c.Link.Limit.Limited()
	for _, e := range all {
		switch {
		case over && e.State == Offered && c.Kind != link.Deleted:
			continue // what was promised holds until its time has passed
		case !over && !unlimited:
			continue
		case e.State == Waiting:
			err = s.Links.Leave(ctx, tx, b.ID, e.LinkID, e.Mode)
		default:
			err = s.Links.EndOffer(ctx, tx, b.ID, e.LinkID, e.Mode, e.Quantity)
		}
		if err != nil {
			return err
		}
		if err := s.end(ctx, tx, e, Ended); err != nil {
			return err
		}
		if e.State = Ended; unlimited && !over {
			if _, err := s.mail(ctx, tx, b, c.Link, e); err != nil {
				return err
			}
		}
	}
	for _, mode := range []business.Mode{business.Live, business.Test} {
		if err := s.turn(ctx, tx, c.Link, mode); err != nil {
			return err
		}
	}
	return nil
}

// endWithLink lets no offer last longer than its link: nobody could pay behind its end.
func (s *List) endWithLink(ctx context.Context, tx *db.Tx, l link.Link) error {
	if l.EndsAt == nil {
		return nil
	}
	n, err := tx.Exec(ctx, `UPDATE waiting_entries SET offered_until = $3, due_at = $3, updated_at = $4
		WHERE business_id = $1 AND link_id = $2 AND state = 'offered' AND offered_until > $3`, l.BusinessID, l.ID, db.At(*l.EndsAt), db.At(tx.Now()))
	if n > 0 {
		s.offers.DueAt(tx, *l.EndsAt)
	}
	return err
}

// Waited is the condition that somebody waits for a link or has an offer; links is l, and
// $2 the mode.
const Waited = `EXISTS (SELECT 1 FROM waiting_entries w WHERE w.business_id = l.business_id AND w.link_id = l.id AND w.mode = $2 AND w.state IN ('waiting', 'offered'))`

// Paid takes who has paid off the list, whichever way they paid.
func (s *List) Paid(ctx context.Context, tx *db.Tx, p payment.Payment) error {
	address, err := mailaddr.Parse(p.Payer.Email)
	if err != nil {
		return nil // no address that could wait
	}
	if _, err := s.Links.LockLine(ctx, tx, p.BusinessID, p.LinkID, p.Mode); err != nil {
		return err
	}
	var rows []row
	err = tx.Select(ctx, &rows, `SELECT `+columns+` FROM waiting_entries WHERE business_id = $1 AND link_id = $2 AND mode = $3 AND email_folded = $4 AND state IN ('waiting', 'offered')`,
		p.BusinessID, p.LinkID, p.Mode, address.Folded)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if _, err := s.leave(ctx, tx, r.entry(), Taken); err != nil {
			return err
		}
	}
	return nil
}

// keepFor is how long an entry is kept that neither waits nor has an offer.
const keepFor = 30 * 24 * time.Hour

// DeleteOld ends the lists of links that have ended, and deletes entries thirty days after they
// did.
func (s *List) DeleteOld(ctx context.Context) error {
	var ended []struct {
		BusinessID business.ID
		ID         ID
	}
	err := s.DB.Select(ctx, &ended, `SELECT w.business_id, w.id FROM waiting_entries w JOIN links l ON l.id = w.link_id
		WHERE w.state = 'waiting' AND (l.deleted_at IS NOT NULL OR l.ends_at <= $1) LIMIT 500`, db.At(s.DB.Clock().Now()))
	if err != nil {
		return err
	}
	for _, e := range ended {
		if err := s.DB.InTx(ctx, func(tx *db.Tx) error {
			_, err := s.remove(ctx, tx, e.BusinessID, e.ID, Ended)
			return err
		}); err != nil {
			return err
		}
	}
	_, err = s.DB.InChunks(ctx, 500, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM waiting_entries WHERE id IN (SELECT id FROM waiting_entries WHERE state NOT IN ('waiting', 'offered') AND updated_at < $1 LIMIT $2)`,
			db.At(tx.Now().Add(-keepFor)), most)
	})
	return err
}

// EraseCustomer forgets a customer: they leave the lists, and their address goes.
func (s *List) EraseCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, c customer.Customer) error {
	address, err := mailaddr.Parse(c.Email)
	if err != nil {
		return nil // no address that could wait
	}
	var rows []row
	err = tx.Select(ctx, &rows, `SELECT `+columns+` FROM waiting_entries WHERE business_id = $1 AND email_folded = $2 ORDER BY link_id, mode`, businessID, address.Folded)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if _, err := s.remove(ctx, tx, businessID, r.ID, Ended); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM waiting_entries WHERE business_id = $1 AND id = $2`, businessID, r.ID); err != nil {
			return err
		}
	}
	return nil
}
