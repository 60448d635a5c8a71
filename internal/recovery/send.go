package recovery

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/payment/attempt"
)

// Ended plans the mail about an attempt that ended without money, in the transaction that
// ends it, where the business has that done by itself and nothing speaks against it.
func (s *Recoveries) Ended(ctx context.Context, tx *db.Tx, a attempt.Attempt) error {
	hours, err := hoursOf(ctx, tx, a.BusinessID)
	if err != nil || hours == 0 || a.Payer.Email == "" {
		return err
	}
	b, err := s.Businesses.ByIDTx(ctx, tx, a.BusinessID)
	if err != nil {
		return err
	}
	against, err := s.obstacles(ctx, tx, b, []attempt.Attempt{a})
	if err != nil || against[a.ID] != None {
		return err
	}
	at := tx.Now().Add(time.Duration(hours) * time.Hour)
	if _, err := s.plan(ctx, tx, a, at, false); err != nil {
		return err
	}
	s.work.DueAt(tx, at)
	return nil
}

// fallDue sends a planned mail, or leaves it out with the reason: all is read again.
func (s *Recoveries) fallDue(ctx context.Context, d due) error {
	b, err := s.Businesses.ByID(ctx, d.BusinessID)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		r, err := locked(ctx, tx, `id = $2`, d.BusinessID, d.ID)
		if fault.Is(err, fault.NotFound) || err == nil && (r.State != Planned || r.SendAt.After(tx.Now())) {
			return nil
		}
		if err != nil {
			return err
		}
		is, err := s.send(ctx, tx, b, r)
		if err != nil || is == None {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE recoveries SET state = 'left_out', reason = $3, due_at = NULL WHERE business_id = $1 AND id = $2`, r.BusinessID, r.ID, is)
		return err
	})
}

// Ask sends the mail about an attempt at once. Errors: NotFound, and Conflict with the
// reason why its payer is not asked.
func (s *Recoveries) Ask(ctx context.Context, b business.Business, id attempt.ID) (asked Recovery, err error) {
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		v, err := s.Payments.GetTx(ctx, tx, b.ID, id)
		if err != nil {
			return err
		}
		if _, err := s.plan(ctx, tx, v.Attempt, tx.Now(), true); err != nil {
			return err
		}
		r, err := locked(ctx, tx, `attempt_id = $2`, b.ID, id)
		if err != nil {
			return err
		}
		if r.State == Sent {
			return Asked.fault()
		}
		r.ByHand = true
		is, err := s.send(ctx, tx, b, r)
		if err != nil {
			return err
		}
		if is != None {
			return is.fault()
		}
		all, err := s.Of(ctx, tx, b.ID, []attempt.ID{id})
		asked = all[id]
		return err
	})
	return asked, err
}

// locked is a mail that nobody else changes until the transaction ends.
func locked(ctx context.Context, tx *db.Tx, where string, businessID business.ID, key any) (row, error) {
	var r row
	err := tx.Get(ctx, &r, `UPDATE recoveries SET state = state WHERE business_id = $1 AND `+where+` RETURNING `+columns, businessID, key)
	if errors.Is(err, db.ErrNoRows) {
		return r, errNoToken
	}
	return r, err
}

// send queues a mail and says so, or tells why not and changes nothing.
func (s *Recoveries) send(ctx context.Context, tx *db.Tx, b business.Business, r row) (Obstacle, error) {
	v, err := s.Payments.GetTx(ctx, tx, b.ID, r.AttemptID)
	if err != nil {
		return None, err
	}
	// Two mails to one payer at once come one after the other.
	if err := tx.Lock(ctx, "recovery "+string(b.ID)+" "+v.Payer.Email); err != nil {
		return None, err
	}
	against, err := s.obstacles(ctx, tx, b, []attempt.Attempt{v.Attempt})
	if err != nil || against[v.ID] != None {
		return against[v.ID], err
	}
	domain := ""
	if v.LinkID != "" {
		l, err := s.Links.GetTx(ctx, tx, b, v.LinkID)
		if err != nil {
			return None, err
		}
		domain = l.Domain
	}
	at := func(p address.Path) string { return s.Addresses.OfLink(string(b.ID), domain, p) }
	ends := tx.Now().Add(lasts)
	key := "recovery/" + string(r.ID)
	err = s.Messages.Queue(ctx, tx, message.Mail{
		BusinessID: b.ID, To: v.Payer.Email, ToName: v.Payer.Name, Language: v.Payer.Language, Typed: true, Key: key,
		Data: message.Recovery{
			CustomerName: v.Payer.Name, LinkName: v.Title, Amount: v.Amount, Until: ends, Test: v.Mode == business.Test,
			URL: at(address.Recipient(r.Token)), OptOutURL: at(address.OptOut(r.StopToken)),
		},
	})
	if err != nil {
		return None, err
	}
	var queued bool
	if err := tx.Get(ctx, &queued, `SELECT EXISTS (SELECT 1 FROM mails WHERE business_id = $1 AND key = $2)`, b.ID, key); err != nil {
		return None, err
	}
	if !queued {
		return MailsUsedUp, nil
	}
	_, err = tx.Exec(ctx, `UPDATE recoveries SET state = 'sent', reason = '', by_hand = $5, due_at = NULL, sent_at = $3, ends_at = $4 WHERE business_id = $1 AND id = $2`,
		b.ID, r.ID, db.At(tx.Now()), db.At(ends), r.ByHand)
	return None, err
}
