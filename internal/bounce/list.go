package bounce

import (
	"context"

	"smartlinks/internal/bounce/report"
	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/message"
)

const (
	// listed bounds how many are shown.
	listed = 20
	// keptFor is how long it is known what came back, in days.
	keptFor = 90
	// deleteChunk bounds a clean-up transaction, so that payments never wait for it.
	deleteChunk = 200
)

// Newest are the mails that came back last, the newest first.
func (b *Bounces) Newest(ctx context.Context, businessID business.ID) (all []Bounce, err error) {
	return b.list(ctx, `SELECT mail_id, address, kind, reason, at FROM bounces WHERE business_id = $1 AND address <> '' ORDER BY id DESC LIMIT $2`, businessID, listed)
}

// Of are the mails to an address that came back in the last 90 days, the newest first.
func (b *Bounces) Of(ctx context.Context, businessID business.ID, address string) ([]Bounce, error) {
	to, err := mailaddr.Parse(address)
	if err != nil {
		return nil, nil // nothing was ever sent there
	}
	return b.list(ctx, `SELECT mail_id, address, kind, reason, at FROM bounces WHERE business_id = $1 AND address = $3 ORDER BY id DESC LIMIT $2`, businessID, listed, to.Folded)
}

func (b *Bounces) list(ctx context.Context, query string, businessID business.ID, more ...any) ([]Bounce, error) {
	var rows []struct {
		MailID          message.ID
		Address, Reason string
		Kind            report.Kind
		At              db.Time
	}
	err := b.DB.Select(ctx, &rows, query, append([]any{businessID}, more...)...)
	all := make([]Bounce, len(rows))
	for i, r := range rows {
		all[i] = Bounce{businessID, r.MailID, r.Address, r.Kind, r.Reason, r.At.Time}
	}
	return all, err
}

// EraseCustomer forgets what came back from a customer.
func (b *Bounces) EraseCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, c customer.Customer) error {
	if c.Email == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `DELETE FROM bounces WHERE business_id = $1 AND address = (SELECT email_folded FROM customers WHERE business_id = $1 AND id = $2)`, businessID, c.ID)
	return err
}

// DeleteOld forgets what came back 90 days ago. That the address is written to no more stays.
// It is for a periodic job.
func (b *Bounces) DeleteOld(ctx context.Context) error {
	_, err := b.DB.InChunks(ctx, deleteChunk, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM bounces WHERE id IN (SELECT id FROM bounces WHERE at < $1 ORDER BY at LIMIT $2)`, db.At(tx.Now().AddDate(0, 0, -keptFor)), most)
	})
	return err
}

// ResealTx seals anew what the room keeps sealed. The secret key itself is changed by the
// caller, in the same transaction.
func ResealTx(ctx context.Context, tx *db.Tx, reseal func(sealed, context string) (string, error)) error {
	var all []struct {
		BusinessID      business.ID
		Mailbox, Secret string
	}
	if err := tx.Select(ctx, &all, `SELECT business_id, mailbox, secret FROM bounce_sources WHERE mailbox <> '' OR secret <> ''`); err != nil {
		return err
	}
	for _, one := range all {
		for sealed, context := range map[*string]string{&one.Mailbox: mailboxContext(one.BusinessID), &one.Secret: secretContext(one.BusinessID)} {
			if *sealed == "" {
				continue
			}
			fresh, err := reseal(*sealed, context)
			if err != nil {
				return err
			}
			*sealed = fresh
		}
		if _, err := tx.Exec(ctx, `UPDATE bounce_sources SET mailbox = $2, secret = $3 WHERE business_id = $1`, one.BusinessID, one.Mailbox, one.Secret); err != nil {
			return err
		}
	}
	return nil
}
