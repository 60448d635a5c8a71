package statement

import (
	"context"
	"errors"
	"strings"
	"time"

	"smartlinks/internal/audit"
	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/job"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
)

// Decision is what a person decides of a doubtful entry.
type Decision struct {
	Act       Act // "" takes back what was chosen in a preview
	PaymentID attempt.ID
	Day       string // on which the money went back; "" is today
	// By is who decides. With an actor the audit log gets an entry.
	By audit.Entry
}

// Decide notes what a doubtful entry of a preview is to become once that is booked, and
// does it at once where it was booked. Errors: NotFound, Invalid at "act", "payment_id" or
// "day", Conflict where it is not doubtful or was decided on.
func (s *Statements) Decide(ctx context.Context, b business.Business, id ID, entry EntryID, d Decision) (Entry, error) {
	of, err := s.Get(ctx, b.ID, id)
	if err != nil {
		return Entry{}, err
	}
	err = s.DB.InTx(ctx, func(tx *db.Tx) error { return s.decideTx(ctx, tx, b, of, entry, d) })
	if err != nil {
		return Entry{}, err
	}
	if err := s.settle(ctx, due{b.ID, entry}); err != nil { // nothing to do in a preview
		s.Log.WarnContext(ctx, "an entry is settled later", "entry", entry, "error", err)
	}
	return s.EntryOf(ctx, b.ID, id, entry)
}

func (s *Statements) decideTx(ctx context.Context, tx *db.Tx, b business.Business, of Statement, which EntryID, d Decision) error {
	id := of.ID
	// Locks the statement, which may be being booked.
	if _, err := tx.Exec(ctx, `UPDATE statements SET status = status WHERE business_id = $1 AND id = $2`, b.ID, id); err != nil {
		return err
	}
	rows, err := s.rows(ctx, tx, b.ID, `statement_id = $2 AND id = $3`, id, which)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return errNoEntry
	}
	e := rows[0]
	now, err := s.status(ctx, tx, b.ID, id)
	switch {
	case err != nil:
		return err
	case e.State != Doubtful, now == Booked && !e.Waits:
		return errDecided
	}
	if e.Act == Accept || e.Act == Assign { // it is what it seemed to be again, not what somebody took it for
		if e.PaymentID, err = s.seemed(ctx, tx, b, of, e); err != nil {
			return err
		}
	}
	if err := s.complete(ctx, tx, b, e, &d); err != nil {
		return err
	}
	if d.Act == Accept || d.Act == Assign {
		e.PaymentID = d.PaymentID
	}
	set, arguments := `act = $3, acted_by = $4, acted_at = $5, returned_on = $6`, []any{b.ID, e.ID, d.Act, d.By.Name, db.At(tx.Now()), d.Day}
	if now != Booked || d.Act != Foreign { // of which it is forgotten
		set, arguments = set+`, payment_id = $7`, append(arguments, e.PaymentID)
	}
	if now == Booked {
		switch d.Act {
		case Accept, Assign:
			set, arguments = set+`, waits = FALSE, due_at = $8`, append(arguments, db.At(tx.Now().Add(job.Lease)))
			s.settling.DueAt(tx, tx.Now().Add(job.Lease))
		case Returned:
			set += `, waits = FALSE, state = 'left_out', reason = 'returned'`
		case Foreign:
			set += `, waits = FALSE, state = 'left_out', reason = 'not_ours', ` + forgotten
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE statement_entries SET `+set+` WHERE business_id = $1 AND id = $2`, arguments...); err != nil {
		return err
	}
	tx.Notify("business", string(b.ID))
	if d.By.Actor == "" { // whoever asked for it logs it
		return nil
	}
	return s.Audit.Record(ctx, tx, b.ID, audit.Entry{Actor: d.By.Actor, Name: d.By.Name, Address: d.By.Address, What: d.What(), Object: string(e.ID)})
}

// seemed is the payment that an entry was judged to be.
func (s *Statements) seemed(ctx context.Context, tx *db.Tx, b business.Business, of Statement, e row) (attempt.ID, error) {
	b.Mode = of.Mode
	again := []entry{e.judged()}
	err := s.judge(ctx, tx, b, of.Format, of.Account, again)
	return attempt.ID(again[0].paymentID), err
}

// complete checks what was decided, and finds the payment that is meant.
func (s *Statements) complete(ctx context.Context, tx *db.Tx, b business.Business, e row, d *Decision) error {
	var wrong fault.Fields
	switch d.Act {
	case "", Foreign, ToReturn:
		return nil
	case Returned:
		d.Day = strings.TrimSpace(d.Day)
		if d.Day == "" {
			d.Day = tx.Now().In(b.Location()).Format(time.DateOnly)
		}
		day, ok := calendar.ParseDay(d.Day, b.Location())
		came, _ := calendar.ParseDay(e.BookedOn, b.Location())
		switch {
		case !ok || day.After(tx.Now()):
			wrong.Add("day", "day.invalid", "Enter the day on which it went back, like 2026-12-31, not later than today.")
		case day.Before(came):
			wrong.Add("day", "day.early", "Enter a day on or after the one on which it came.")
		}
		return wrong.Err()
	case Accept, Assign:
	default:
		wrong.Add("act", "act.unknown", "Say accept, assign, returned or not_ours.")
		return wrong.Err()
	}
	if d.Act == Accept && d.PaymentID == "" {
		d.PaymentID = e.PaymentID
	}
	if d.PaymentID == "" {
		wrong.Add("payment_id", "payment_id.missing", "Say whose payment it is: send payment_id.")
		return wrong.Err()
	}
	switch {
	case e.Kind == "reversal":
		wrong.Add("act", "act.reversal", "The bank took this back, so it is nobody’s payment. Refund the payment that it was, then say returned.")
	case e.Currency != euro:
		wrong.Add("act", "act.currency", "This is not in euros, so it can’t be a transfer that was asked for.")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	t, err := s.target(ctx, tx, b.ID, e.Mode, d.PaymentID)
	if err != nil {
		return err
	}
	other, err := s.promised(ctx, tx, b.ID, e, d.PaymentID)
	switch {
	case err != nil:
		return err
	case t.kind == noTarget:
		wrong.Add("payment_id", "payment_id.none", "There is no such payment that waits for a transfer, or was recorded as one.")
	case t.tied:
		wrong.Add("payment_id", "payment_id.paid", "This payment has its money already.")
	case other:
		wrong.Add("payment_id", "payment_id.given", "Another entry of this statement is to be the money of that payment. One transfer pays one payment: change the other entry first, or give this one back.")
	case t.kind == recordedTarget && t.amount != e.AmountMinor:
		wrong.Add("payment_id", "payment_id.amount", "What was recorded is of another amount, so this is other money.")
	case t.kind == askedTarget && e.BookedOn < banktransfer.FirstDay(b, t.begun.Time):
		wrong.Add("payment_id", "payment_id.early", "This money came before that payment was begun.")
	}
	return wrong.Err()
}

// targetKind is what money can be given to.
type targetKind int

const (
	noTarget       targetKind = iota
	askedTarget               // a transfer that was asked for and has no money yet
	recordedTarget            // a payment of which somebody said that its money came
)

type target struct {
	kind   targetKind
	amount int64
	begun  db.Time
	tied   bool // an entry is its money, or it was settled otherwise
}

// target is what a payment is for money of a statement.
func (s *Statements) target(ctx context.Context, tx *db.Tx, id business.ID, mode business.Mode, paymentID attempt.ID) (target, error) {
	var a asked
	err := tx.Get(ctx, &a, `SELECT `+askedColumns+` FROM bank_transfers t JOIN attempts a ON a.id = t.attempt_id WHERE t.business_id = $1 AND t.attempt_id = $2 AND t.mode = $3`, id, paymentID, mode)
	switch {
	case err == nil && a.Status == "paid" && (a.Kept || a.BookedMinor == a.AmountMinor):
		return target{kind: recordedTarget, amount: a.BookedMinor, begun: a.CreatedAt, tied: a.Tied}, nil
	case err == nil:
		return target{kind: askedTarget, amount: a.AmountMinor, begun: a.CreatedAt, tied: a.Tied}, nil
	case !errors.Is(err, db.ErrNoRows):
		return target{}, err
	}
	var hand struct {
		AmountMinor int64
		Tied        bool
	}
	err = tx.Get(ctx, &hand, `SELECT p.captured_minor AS amount_minor, EXISTS (SELECT 1 FROM statement_entries e WHERE e.business_id = p.business_id AND e.payment_id = p.id AND e.taken_at IS NOT NULL) AS tied
		FROM recorded_payments r JOIN payments p ON p.id = r.payment_id WHERE r.business_id = $1 AND p.id = $2 AND p.mode = $3 AND p.method = 'bank_transfer' AND p.currency = 'EUR'`, id, paymentID, mode)
	if errors.Is(err, db.ErrNoRows) {
		return target{}, nil
	}
	return target{kind: recordedTarget, amount: hand.AmountMinor, tied: hand.Tied}, err
}

// promised reports whether another entry of the same statement is to be the money of the
// payment: by its reference, or because somebody said so.
func (s *Statements) promised(ctx context.Context, tx *db.Tx, id business.ID, e row, of attempt.ID) (found bool, err error) {
	err = tx.Get(ctx, &found, `SELECT EXISTS (SELECT 1 FROM statement_entries WHERE business_id = $1 AND statement_id = $2 AND id <> $3 AND payment_id = $4
		AND (state = 'matched' OR state = 'doubtful' AND act IN ('accept', 'assign')))`, id, e.StatementID, e.ID, of)
	return found, err
}

// What is the act in the words of the audit log.
func (d Decision) What() string {
	switch d.Act {
	case Accept:
		return i18n.Mark("Took money of a statement as a payment")
	case Assign:
		return i18n.Mark("Gave money of a statement to another payment")
	case Returned:
		return i18n.Mark("Said that money of a statement went back")
	case Foreign:
		return i18n.Mark("Said that money of a statement is for something else")
	case ToReturn:
		return i18n.Mark("Decided to give money of a statement back")
	}
	return i18n.Mark("Left an entry of a statement undecided")
}
