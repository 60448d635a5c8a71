package statement

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/job"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/statement/bankfile"
)

// settleWithin is how long whoever books a statement waits until its payments are settled;
// the rest is settled behind them.
const settleWithin = 15 * time.Second

// Book makes what a statement matched count, and what is doubtful wait. It is done once,
// however often it is asked for; an entry that another statement brought meanwhile is left
// out. What it decided is durable once it returns. NotFound: there is none.
func (s *Statements) Book(ctx context.Context, b business.Business, id ID, by string) (Statement, error) {
	of, err := s.Get(ctx, b.ID, id)
	if err != nil {
		return of, err
	}
	b.Mode = of.Mode
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE statements SET status = 'booked', booked_at = $3, booked_by = $4 WHERE business_id = $1 AND id = $2 AND status = 'preview'`, b.ID, id, db.At(tx.Now()), by)
		if err != nil || n == 0 {
			return err // somebody has booked it
		}
		return s.bookTx(ctx, tx, b, of)
	})
	if err != nil {
		return of, err
	}
	s.settleOf(ctx, b, id)
	return s.Get(ctx, b.ID, id)
}

// bookTx takes the entries in that nobody took in before.
func (s *Statements) bookTx(ctx context.Context, tx *db.Tx, b business.Business, of Statement) error {
	if err := tx.Lock(ctx, "statements "+string(b.ID)); err != nil { // two that overlap
		return err
	}
	if err := s.judgeAgain(ctx, tx, b, of); err != nil {
		return err
	}
	due := db.At(tx.Now().Add(job.Lease)) // whoever booked settles them at once
	s.settling.DueAt(tx, due.Time)
	for _, step := range []struct {
		query     string
		arguments []any
	}{
		{`INSERT INTO statement_hashes (business_id, mode, hash, statement_id) SELECT business_id, mode, hash, statement_id FROM statement_entries
			WHERE business_id = $1 AND statement_id = $2 AND state <> 'left_out' ON CONFLICT DO NOTHING`, nil},
		{`UPDATE statement_entries SET due_at = $3 WHERE business_id = $1 AND statement_id = $2 AND (state = 'matched' OR state = 'doubtful' AND act IN ('accept', 'assign'))`, []any{due}},
		{`UPDATE statement_entries SET waits = TRUE WHERE business_id = $1 AND statement_id = $2 AND state = 'doubtful' AND act IN ('', 'give_back')`, nil},
		{`UPDATE statement_entries SET state = 'left_out', reason = 'returned' WHERE business_id = $1 AND statement_id = $2 AND state = 'doubtful' AND act = 'returned'`, nil},
		{`UPDATE statement_entries SET state = 'left_out', reason = 'not_ours', ` + forgotten + ` WHERE business_id = $1 AND statement_id = $2 AND state = 'doubtful' AND act = 'not_ours'`, nil},
	} {
		if _, err := tx.Exec(ctx, step.query, append([]any{b.ID, of.ID}, step.arguments...)...); err != nil {
			return err
		}
	}
	return nil
}

// forgotten is what is unset of an entry of which nothing but its hash stays.
const forgotten = `kind = '', amount_minor = 0, currency = '', booked_on = '', said = '', payer = '', reference = '', sealed_iban = '', iban_hint = '', payment_id = ''`

// judgeAgain looks at what happened since the file was read: what was recorded, booked or
// brought by another statement.
func (s *Statements) judgeAgain(ctx context.Context, tx *db.Tx, b business.Business, of Statement) error {
	rows, err := s.rows(ctx, tx, b.ID, `statement_id = $2 AND state <> 'left_out' ORDER BY number`, of.ID)
	if err != nil {
		return err
	}
	again := make([]entry, len(rows))
	for i, r := range rows {
		again[i] = r.judged()
	}
	if err := s.judge(ctx, tx, b, of.Format, of.Account, again); err != nil {
		return err
	}
	for i, now := range again {
		r, query := rows[i], ""
		switch {
		case now.state == LeftOut:
			query = `UPDATE statement_entries SET state = 'left_out', reason = $3, act = '', ` + forgotten + ` WHERE business_id = $1 AND id = $2`
		case now.state == Doubtful && r.State == Matched:
			query = `UPDATE statement_entries SET state = 'doubtful', reason = $3, payment_id = $4 WHERE business_id = $1 AND id = $2`
		default: // what was doubtful stays so: nobody has seen that it is clear now
			continue
		}
		arguments := []any{b.ID, r.ID, now.Reason}
		if now.state == Doubtful {
			arguments = append(arguments, now.paymentID)
		}
		if _, err := tx.Exec(ctx, query, arguments...); err != nil {
			return err
		}
	}
	return nil
}

// judged is an entry as it is judged, of what is kept of it.
func (r row) judged() entry {
	return entry{hash: r.Hash, Entry: bankfile.Entry{Kind: bankfile.Kind(r.Kind), Minor: r.AmountMinor, Currency: r.Currency, Day: r.BookedOn, Text: r.Said, Payer: r.Payer, Reference: r.Reference}}
}

// settleOf settles a statement's payments, as far as there is time; the queue does the rest.
func (s *Statements) settleOf(ctx context.Context, b business.Business, id ID) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleWithin)
	defer cancel()
	var ids []EntryID
	if err := s.DB.Select(ctx, &ids, `SELECT id FROM statement_entries WHERE business_id = $1 AND statement_id = $2 AND due_at IS NOT NULL ORDER BY number`, b.ID, id); err != nil {
		s.Log.WarnContext(ctx, "what was booked is settled later", "statement", id, "error", err)
		return
	}
	for _, one := range ids {
		if ctx.Err() != nil {
			return
		}
		if err := s.settle(ctx, due{b.ID, one}); err != nil {
			s.Log.WarnContext(ctx, "an entry is settled later", "entry", one, "error", err)
		}
	}
}

// settle makes an entry the money of its payment, and settles that. Whoever does it at the
// same time, or after a kill, finds what was done.
func (s *Statements) settle(ctx context.Context, d due) error {
	b, err := s.Businesses.ByID(ctx, d.BusinessID)
	if err != nil {
		return err
	}
	var e row
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		if e, err = s.dueTx(ctx, tx, d); err != nil || e.ID == "" || e.TakenAt.Ptr() != nil {
			return err
		}
		return s.take(ctx, tx, b, &e)
	})
	if err != nil || e.ID == "" || e.TakenAt.IsZero() || e.DueAt.IsZero() {
		return err
	}
	if _, err := s.Payments.Sync(ctx, b.ID, e.PaymentID, attempt.CauseMerchant); err != nil {
		return err
	}
	// Of money that was too much the payer's account stays known until it went back.
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE statement_entries SET due_at = NULL, sealed_iban = CASE WHEN EXISTS (
				SELECT 1 FROM payments p WHERE p.id = payment_id AND p.business_id = $1 AND p.receipt IS NULL) THEN sealed_iban ELSE '' END
			WHERE business_id = $1 AND id = $2`, b.ID, e.ID)
		tx.Notify("business", string(b.ID))
		return err
	})
}

// dueTx is the entry as it stands, locked by the transaction; an empty one if it was done.
func (s *Statements) dueTx(ctx context.Context, tx *db.Tx, d due) (e row, err error) {
	n, err := tx.Exec(ctx, `UPDATE statement_entries SET due_at = due_at WHERE business_id = $1 AND id = $2 AND due_at IS NOT NULL`, d.BusinessID, d.ID)
	if err != nil || n == 0 {
		return e, err
	}
	rows, err := s.rows(ctx, tx, d.BusinessID, `id = $2`, d.ID)
	if err != nil || len(rows) == 0 {
		return e, err
	}
	return rows[0], nil
}

// take makes an entry the money of its payment, once; of a payment that was recorded it
// moves no figure. What is not possible any more waits for a person again.
func (s *Statements) take(ctx context.Context, tx *db.Tx, b business.Business, e *row) error {
	refused := Reason("")
	t, err := s.target(ctx, tx, b.ID, e.Mode, e.PaymentID)
	switch {
	case err != nil:
		return err
	case t.tied, t.kind == noTarget:
		refused = PaidAlready
	case t.kind == recordedTarget && e.Act == "": // nobody has confirmed that it is the same
		refused = ByHand
	case t.kind == recordedTarget:
		_, err := tx.Exec(ctx, `UPDATE statement_entries SET state = 'matched', reason = 'recorded', taken_at = $3, due_at = NULL, waits = FALSE, sealed_iban = '' WHERE business_id = $1 AND id = $2`,
			b.ID, e.ID, db.At(tx.Now()))
		e.DueAt = db.Time{}
		return err
	default:
		err = s.Transfers.BookTx(ctx, tx, b, e.PaymentID, banktransfer.Booked{Amount: money.Amount{Minor: e.AmountMinor, Currency: money.Currency(e.Currency)}, Day: e.BookedOn, Kept: e.Act != ""})
		switch {
		case fault.Is(err, fault.Conflict):
			refused = PaidAlready
		case fault.Is(err, fault.Invalid):
			refused = TooEarly
		case err != nil:
			return err
		}
	}
	if refused != "" {
		_, err := tx.Exec(ctx, `UPDATE statement_entries SET state = 'doubtful', reason = $3, act = '', waits = TRUE, due_at = NULL WHERE business_id = $1 AND id = $2`, b.ID, e.ID, refused)
		e.DueAt = db.Time{}
		return err
	}
	reason := ByReference
	if e.Act != "" {
		reason = Decided
	}
	_, err = tx.Exec(ctx, `UPDATE statement_entries SET state = 'matched', reason = $4, taken_at = $3, waits = FALSE WHERE business_id = $1 AND id = $2`, b.ID, e.ID, db.At(tx.Now()), reason)
	e.TakenAt = db.At(tx.Now())
	return err
}
