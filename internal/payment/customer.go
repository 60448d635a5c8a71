package payment

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/text"
)

// MoveCustomer gives one customer's payments to another, in the transaction
// that merges the two.
func (p *Payments) MoveCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, keep, gone customer.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE payments SET customer_id = $3 WHERE business_id = $1 AND customer_id = $2`, businessID, gone, keep); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE past_payments SET customer_id = $3 WHERE business_id = $1 AND customer_id = $2`, businessID, gone, keep)
	return err
}

// DropCustomer makes the payments of a customer who is deleted nobody's. What
// the payer typed stays with them.
func (p *Payments) DropCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, gone customer.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE payments SET customer_id = NULL WHERE business_id = $1 AND customer_id = $2`, businessID, gone); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE past_payments SET customer_id = NULL WHERE business_id = $1 AND customer_id = $2`, businessID, gone)
	return err
}

// theirs are the attempts of a customer: those whose payment is theirs, and those
// with their e-mail address. $2 is the customer, $3 the folded address.
const theirs = ` FROM attempts a WHERE a.business_id = $1 AND a.id IN (
	SELECT id FROM payments WHERE business_id = $1 AND customer_id = $2
	UNION SELECT id FROM attempts WHERE business_id = $1 AND payer_email_folded = $3 AND $3 <> '')`

// EraseCustomer forgets what a customer typed when they paid, in live and test
// mode. What was paid, when, and under which receipt number stays. Attempts that
// may still be paid refuse it, as a Conflict.
func (p *Payments) EraseCustomer(ctx context.Context, tx *db.Tx, businessID business.ID, c customer.Customer) error {
	var open int64
	address := text.Fold(c.Email)
	err := tx.Get(ctx, &open, `SELECT COUNT(*)`+theirs+` AND a.state IN (`+attempt.UndecidedSQL+`)`, businessID, c.ID, address)
	if err != nil {
		return err
	}
	if open > 0 {
		return fault.New(fault.Conflict, "A payment of theirs is still under way. Erase them when it has ended; Transactions shows how it stands.")
	}
	if _, err := tx.Exec(ctx, `UPDATE recorded_payments SET note = '' WHERE business_id = $1 AND payment_id IN (SELECT a.id`+theirs+`)`, businessID, c.ID, address); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE past_payments SET title = '', reference = '' WHERE business_id = $1 AND customer_id = $2`, businessID, c.ID); err != nil {
		return err
	}
	if err := eraseAnswers(ctx, tx, businessID, c.ID, address); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		UPDATE attempts SET payer_name = '', payer_email = '', payer_email_folded = '', payer_notes = '', payer_source = '', payer_key = '', recipient_token = '',
			browser_key = '', receipt_token = '', updated_at = $4
		WHERE id IN (SELECT a.id`+theirs+`)`, businessID, c.ID, address, db.At(tx.Now()))
	return err
}

// eraseAnswers forgets what a customer answered; the text and the time of a consent stay.
func eraseAnswers(ctx context.Context, tx *db.Tx, businessID business.ID, id customer.ID, address string) error {
	var answered []struct {
		ID      attempt.ID
		Answers checkout.Answers
	}
	if err := tx.Select(ctx, &answered, `SELECT a.id, a.answers`+theirs+` AND a.answers <> ''`, businessID, id, address); err != nil {
		return err
	}
	for _, a := range answered {
		if _, err := tx.Exec(ctx, `UPDATE attempts SET answers = $3 WHERE business_id = $1 AND id = $2`, businessID, a.ID, a.Answers.Erased()); err != nil {
			return err
		}
	}
	return nil
}

const (
	// reportsFor is how long what providers reported can be read, in days.
	reportsFor = 90
	// unsignedFor is how long reports that anybody could have sent are known, in days.
	unsignedFor = 30
	// deleteChunk bounds a clean-up transaction, so that payments never wait for it.
	deleteChunk = 200
)

// DeleteOldReports empties reports of providers that were settled 90 days ago: some
// tell who paid. That they came stays, so that they are still known when they come
// again. Those that nobody signed are removed after 30 days. It is for a periodic job.
func (p *Payments) DeleteOldReports(ctx context.Context) error {
	if _, err := p.DB.InChunks(ctx, deleteChunk, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM webhook_inbox WHERE id IN (
			SELECT id FROM webhook_inbox WHERE NOT signed AND processed_at < $1 ORDER BY processed_at LIMIT $2)`,
			db.At(tx.Now().AddDate(0, 0, -unsignedFor)), most)
	}); err != nil {
		return err
	}
	_, err := p.DB.InChunks(ctx, deleteChunk, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `UPDATE webhook_inbox SET body = $3 WHERE id IN (
			SELECT id FROM webhook_inbox WHERE processed_at < $1 AND LENGTH(body) > 0 ORDER BY processed_at LIMIT $2)`,
			db.At(tx.Now().AddDate(0, 0, -reportsFor)), most, []byte{})
	})
	return err
}
