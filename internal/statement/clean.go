package statement

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/statement/bankfile"
	"smartlinks/internal/text"
)

// Discard forgets a statement that was not booked, with all that was read of it. Conflict:
// it was booked.
func (s *Statements) Discard(ctx context.Context, businessID business.ID, id ID) error {
	of, err := s.Get(ctx, businessID, id)
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE statements SET status = status WHERE business_id = $1 AND id = $2 AND status = 'preview'`, businessID, id)
		if err == nil && n == 0 {
			err = errBooked
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM statement_entries WHERE business_id = $1 AND statement_id = $2`, businessID, id); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM statements WHERE business_id = $1 AND id = $2`, businessID, id)
		if err != nil || of.Format != bankfile.CSV {
			return err
		}
		return forgetColumns(ctx, tx, businessID) // who sees in the preview that they are wrong chooses anew
	})
}

const (
	// previewDays is how long a statement is kept that nobody books.
	previewDays = 30
	// taskDays is how long a payer's account, and what they wrote, is kept once their
	// money was dealt with.
	taskDays = 90
	chunk    = 500
)

// DeleteOld forgets what nobody needs any more: previews, payers' accounts behind their tasks,
// and entries that were left out. It is for a periodic job.
func (s *Statements) DeleteOld(ctx context.Context) error {
	now := s.DB.Clock().Now()
	old, done := db.At(now.Add(-previewDays*24*time.Hour)), db.At(now.Add(-taskDays*24*time.Hour))
	var previews []struct {
		ID         ID
		BusinessID business.ID
	}
	if err := s.DB.Select(ctx, &previews, `SELECT id, business_id FROM statements WHERE status = 'preview' AND created_at < $1 LIMIT 500`, old); err != nil {
		return err
	}
	for _, p := range previews {
		if err := s.Discard(ctx, p.BusinessID, p.ID); err != nil {
			return err
		}
	}
	for _, query := range []string{
		// Money that went back: as somebody said here, or of a payment that was too much.
		`UPDATE statement_entries SET sealed_iban = '', iban_hint = '', said = '', payer = '' WHERE id IN (SELECT e.id FROM statement_entries e WHERE e.sealed_iban <> ''
			AND (e.state = 'left_out' AND e.acted_at < $1 OR e.taken_at IS NOT NULL AND EXISTS (SELECT 1 FROM bank_transfers t WHERE t.attempt_id = e.payment_id AND t.returned_at < $1)) LIMIT $2)`,
		// Their hashes are kept where they count for something.
		`DELETE FROM statement_entries WHERE id IN (SELECT e.id FROM statement_entries e JOIN statements s ON s.id = e.statement_id
			WHERE s.status = 'booked' AND s.booked_at < $1 AND e.state = 'left_out' AND e.kind = '' LIMIT $2)`,
	} {
		if _, err := s.DB.InChunks(ctx, chunk, func(tx *db.Tx, most int64) (int64, error) { return tx.Exec(ctx, query, done, most) }); err != nil {
			return err
		}
	}
	return nil
}

// EraseCustomer forgets what a customer's bank told of them.
func (s *Statements) EraseCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, c customer.Customer) error {
	_, err := tx.Exec(ctx, `UPDATE statement_entries SET said = '', payer = '', sealed_iban = '', iban_hint = '' WHERE business_id = $1 AND payment_id <> '' AND payment_id IN (
		SELECT id FROM payments WHERE business_id = $1 AND customer_id = $2
		UNION SELECT id FROM attempts WHERE business_id = $1 AND payer_email_folded = $3 AND $3 <> '')`, businessID, c.ID, text.Fold(c.Email))
	return err
}

// ResealTx seals payers' accounts anew. The secret key itself is changed by the caller, in
// the same transaction.
func ResealTx(ctx context.Context, tx *db.Tx, reseal func(sealed, context string) (string, error)) error {
	var rows []struct {
		ID         EntryID
		BusinessID business.ID
		SealedIBAN string `db:"sealed_iban"`
	}
	if err := tx.Select(ctx, &rows, `SELECT id, business_id, sealed_iban FROM statement_entries WHERE sealed_iban <> ''`); err != nil {
		return err
	}
	for _, r := range rows {
		sealed, err := reseal(r.SealedIBAN, ibanContext(r.BusinessID, r.ID))
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE statement_entries SET sealed_iban = $3 WHERE business_id = $1 AND id = $2`, r.BusinessID, r.ID, sealed); err != nil {
			return err
		}
	}
	return nil
}
