package delivery

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
)

// recipientRow is a line of recipients.
type recipientRow struct {
	ID         RecipientID
	BusinessID business.ID
	LinkID     link.ID
	Mode       business.Mode
	CustomerID *customer.ID
	CreatedAt  db.Time
}

const recipientColumns = `id, business_id, link_id, mode, customer_id, created_at`

func (r recipientRow) recipient() Recipient {
	to := Recipient{ID: r.ID, BusinessID: r.BusinessID, LinkID: r.LinkID, Mode: r.Mode, CreatedAt: r.CreatedAt.Time}
	if r.CustomerID != nil {
		to.CustomerID = *r.CustomerID
	}
	return to
}

// recipient returns the link's recipient who is the customer, and makes it when
// there is none.
func (s *Deliveries) recipient(ctx context.Context, tx *db.Tx, b business.Business, linkID link.ID, id customer.ID) (Recipient, error) {
	made, err := tx.NewID("rcp")
	if err != nil {
		return Recipient{}, err
	}
	var r recipientRow
	err = tx.Get(ctx, &r, `
		INSERT INTO recipients (id, business_id, link_id, mode, customer_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (link_id, mode, customer_id) DO UPDATE SET customer_id = excluded.customer_id
		RETURNING `+recipientColumns, made, b.ID, linkID, b.Mode, id, db.At(tx.Now()))
	return r.recipient(), err
}

// Recipient returns a recipient of the business, or a NotFound fault.
func (s *Deliveries) Recipient(ctx context.Context, from db.Reader, businessID business.ID, id RecipientID) (Recipient, error) {
	var r recipientRow
	err := from.Get(ctx, &r, `SELECT `+recipientColumns+` FROM recipients WHERE business_id = $1 AND id = $2`, businessID, id)
	if errors.Is(err, db.ErrNoRows) {
		return Recipient{}, fault.New(fault.NotFound, "There is no such recipient.")
	}
	return r.recipient(), err
}

// maxRecipients bounds how many recipients of a link are listed.
const maxRecipients = 1000

// RecipientsOf are those to whom a link was sent, the first first, a thousand
// at most.
func (s *Deliveries) RecipientsOf(ctx context.Context, from db.Reader, businessID business.ID, linkID link.ID, mode business.Mode) ([]Recipient, error) {
	var rows []recipientRow
	err := from.Select(ctx, &rows, `SELECT `+recipientColumns+` FROM recipients WHERE business_id = $1 AND link_id = $2 AND mode = $3 ORDER BY id LIMIT $4`,
		businessID, linkID, mode, maxRecipients)
	all := make([]Recipient, len(rows))
	for i, r := range rows {
		all[i] = r.recipient()
	}
	return all, err
}

// CountRecipients is to how many a link was sent.
func (s *Deliveries) CountRecipients(ctx context.Context, from db.Reader, businessID business.ID, linkID link.ID, mode business.Mode) (n int64, err error) {
	err = from.Get(ctx, &n, `SELECT COUNT(*) FROM recipients WHERE business_id = $1 AND link_id = $2 AND mode = $3`, businessID, linkID, mode)
	return n, err
}

// MoveCustomer gives one customer's recipients to another, in the transaction
// that merges the two. Where both got the same link they become one.
func (s *Deliveries) MoveCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone customer.ID) error {
	var both []struct{ Keep, Gone RecipientID }
	err := tx.Select(ctx, &both, `SELECT k.id AS keep, g.id AS gone FROM recipients k JOIN recipients g ON g.link_id = k.link_id AND g.mode = k.mode
		WHERE k.business_id = $1 AND k.customer_id = $2 AND g.customer_id = $3 ORDER BY k.id`, businessID, keep, gone)
	if err != nil {
		return err
	}
	for _, pair := range both {
		for _, do := range s.joined {
			if err := do(ctx, tx, businessID, pair.Keep, pair.Gone); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE sends SET recipient_id = $2 WHERE business_id = $1 AND recipient_id = $3`, businessID, pair.Keep, pair.Gone); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM recipients WHERE business_id = $1 AND id = $2`, businessID, pair.Gone); err != nil {
			return err
		}
	}
	if err := moveMember(ctx, tx, businessID, keep, gone); err != nil {
		return err
	}
	if err := moveLater(ctx, tx, businessID, keep, gone); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE recipients SET customer_id = $2 WHERE business_id = $1 AND customer_id = $3`, businessID, keep, gone)
	return err
}

// DropCustomer forgets who a customer was who is deleted: that a link was sent
// stays, to whom doesn't.
func (s *Deliveries) DropCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, gone customer.ID) error {
	for _, statement := range []string{
		`UPDATE deliveries SET address = '', reason = '' WHERE business_id = $1 AND send_id IN (
			SELECT s.id FROM sends s JOIN recipients r ON r.id = s.recipient_id WHERE r.business_id = $1 AND r.customer_id = $2)`,
		`DELETE FROM send_batch_members WHERE customer_id = $2 AND batch_id IN (SELECT id FROM send_batches WHERE business_id = $1)`,
		`UPDATE recipients SET customer_id = NULL WHERE business_id = $1 AND customer_id = $2`,
	} {
		if _, err := tx.Exec(ctx, statement, businessID, gone); err != nil {
			return err
		}
	}
	return dropLaterOf(ctx, tx, businessID, "", gone)
}
