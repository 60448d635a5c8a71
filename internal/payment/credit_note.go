package payment

import (
	"context"
	"fmt"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
)

// CreditNote is the numbered document of a refund that went through.
type CreditNote struct {
	Number string // CN-2026-00001, TEST-CN-2026-00001
	Refund
	// What it gave back of each part.
	Goods, Fee, Tip int64
	// TaxedBefore is what the notes before it gave back of what bears VAT, so that the VAT
	// of all notes together is that of the receipt, to the cent.
	TaxedBefore int64
}

// Taxed is what of it bears VAT: a tip never does.
func (c CreditNote) Taxed() int64 { return c.Goods + c.Fee }

// CreditNotes are those of a payment, the oldest first.
func (p *Payments) CreditNotes(ctx context.Context, businessID business.ID, id attempt.ID) (notes []CreditNote, err error) {
	rows, err := doneOf(ctx, p.DB, attempt.Attempt{BusinessID: businessID, ID: id})
	taxed := int64(0)
	for _, r := range rows {
		if r.CreditNote != nil && *r.CreditNote != "" {
			notes = append(notes, CreditNote{Number: *r.CreditNote, Refund: r.refund(), Goods: r.GoodsMinor, Fee: r.FeeMinor, Tip: r.TipMinor, TaxedBefore: taxed})
		}
		taxed += r.GoodsMinor + r.FeeMinor
	}
	return notes, err
}

// doneOf are the refunds of an attempt that went through, in that order.
func doneOf(ctx context.Context, from db.Reader, a attempt.Attempt) (rows []refundRow, err error) {
	err = from.Select(ctx, &rows, refundQuery+` AND r.payment_id = $2 AND r.done_at IS NOT NULL ORDER BY `+history.NoteOrder, a.BusinessID, a.ID)
	return rows, err
}

// issueCreditNote writes what a refund that went through gave back of each part, and gives it the
// next number of the business's credit notes for the mode and the year in its time zone.
// The series' row stays locked until the commit, so it has no gaps. Money that came when no
// slot was left has no receipt, so there is nothing to credit.
func issueCreditNote(ctx context.Context, tx *db.Tx, of paid, r refundRow) (number string, err error) {
	if of.Receipt != "" {
		if number, err = nextNote(ctx, tx, of.Attempt); err != nil {
			return "", err
		}
	}
	before, err := doneOf(ctx, tx, of.Attempt)
	if err != nil {
		return "", err
	}
	left := map[checkout.Kind]int64{checkout.FeeLine: of.Fee, checkout.TipLine: of.Tip}
	left[checkout.GoodsLine] = of.Captured.Minor - of.Fee - of.Tip
	for _, b := range before {
		left[checkout.GoodsLine] -= b.GoodsMinor
		left[checkout.FeeLine] -= b.FeeMinor
		left[checkout.TipLine] -= b.TipMinor
	}
	given := r.takeOf(left)
	_, err = tx.Exec(ctx, `UPDATE refunds SET credit_note = $3, goods_minor = $4, fee_minor = $5, tip_minor = $6, done_at = COALESCE(done_at, $7)
		WHERE business_id = $1 AND id = $2`,
		of.BusinessID, r.ID, number, given[checkout.GoodsLine], given[checkout.FeeLine], given[checkout.TipLine], db.At(tx.Now()))
	return number, err
}

func nextNote(ctx context.Context, tx *db.Tx, a attempt.Attempt) (string, error) {
	zone, err := business.Zone(ctx, tx, a.BusinessID)
	if err != nil {
		return "", err
	}
	year, last := tx.Now().In(zone).Year(), int64(0)
	if err := tx.Get(ctx, &last, `
		INSERT INTO credit_note_series (business_id, mode, year, last) VALUES ($1, $2, $3, 1)
		ON CONFLICT (business_id, mode, year) DO UPDATE SET last = credit_note_series.last + 1 RETURNING last`,
		a.BusinessID, a.Mode, year); err != nil {
		return "", fmt.Errorf("take the number of a credit note: %w", err)
	}
	number := fmt.Sprintf("CN-%d-%05d", year, last)
	if a.Mode == business.Test {
		number = "TEST-" + number
	}
	return number, nil
}

// notesAtOnce is how many refunds NumberCreditNotes reads at a time.
const notesAtOnce = 100

// NumberCreditNotes numbers the refunds that went through before there were credit notes,
// the oldest first. They are of the year in which they get their number: the series of an
// ended year stays as it was.
func (p *Payments) NumberCreditNotes(ctx context.Context) error {
	for {
		var rows []struct {
			ID         RefundID
			BusinessID business.ID
			PaymentID  attempt.ID
		}
		if err := p.DB.Select(ctx, &rows, `SELECT id, business_id, payment_id FROM refunds WHERE done_at IS NOT NULL AND credit_note IS NULL
			ORDER BY done_at, id LIMIT $1`, notesAtOnce); err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			if err := p.DB.InTx(ctx, func(tx *db.Tx) error { return numberOne(ctx, tx, r.BusinessID, r.PaymentID, r.ID) }); err != nil {
				return fmt.Errorf("number the credit note of %s: %w", r.ID, err)
			}
		}
	}
}

func numberOne(ctx context.Context, tx *db.Tx, businessID business.ID, id attempt.ID, refund RefundID) error {
	a, err := attempt.Lock(ctx, tx, businessID, id)
	if err != nil {
		return err
	}
	var row refundRow
	if err := tx.Get(ctx, &row, refundQuery+` AND r.id = $2`, businessID, refund); err != nil || row.CreditNote != nil {
		return err // somebody was faster
	}
	of, err := paidOf(ctx, tx, a)
	if err == nil {
		_, err = issueCreditNote(ctx, tx, of, row)
	}
	return err
}
