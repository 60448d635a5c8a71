package payment

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/secret"
)

// Manual is the provider of payments that a member records by hand (package manual).
const Manual = "manual"

// ByHand is the channel of payments that nobody's visit led to.
const ByHand = "by_hand"

// RecordRequest is money that reached the business outside any provider.
type RecordRequest struct {
	Business business.Business
	LinkID   link.ID
	Amount   money.Amount // in the link's currency; also less or more than its price
	Quantity int64        // of units that were bought; 0 is one
	Method   HandMethod
	PaidOn   string // a day in the business's zone, 2026-12-31; "" is today, never later
	// CustomerID is whose money it is, "" for nobody that is known; then Name and Email
	// say what is known of the payer, which may be nothing.
	CustomerID  customer.ID
	Name, Email string
	Note        string // for the business alone, 500 characters at most
	MailReceipt bool   // to the payer, where there is an address
	// RaiseLimit makes room on a full link, by as many slots as are missing.
	RaiseLimit bool
	By         string // who records it, as it is shown

	paidAt time.Time
}

// FullError refuses a record for which the link has no slot. It is a fault of the code
// LimitReached.
type FullError struct {
	Missing int64 // slots
	Limit   int64 // with them
	fault   *fault.Error
}

// Error is the sentence of the fault.
func (e *FullError) Error() string { return e.fault.Message }

// Unwrap is the fault.
func (e *FullError) Unwrap() error { return e.fault }

// Full says that a link with a limit lacks slots for a record.
func Full(capacity, missing int64) *FullError {
	return &FullError{Missing: missing, Limit: capacity + missing, fault: fault.New(fault.LimitReached, fmt.Sprintf(
		"Too few places are free: the limit is %d. Raise it to %d to record this, or reverse a payment first.", capacity, capacity+missing))}
}

// Record takes money in that a member says was paid. It is a payment as any other: a
// slot, a receipt and all effects, in one transaction; its receipt is of the year in which
// it is recorded, its figures are of the day on which it was paid. A checkout that the
// payer has open is closed first, so that they don't pay twice; money that comes of it
// later is overflow. Errors: NotFound, Invalid with the fields that are wrong, FullError,
// and Conflict when the payer has paid already, or when their checkout can't be closed.
func (p *Payments) Record(ctx context.Context, r RecordRequest) (history.View, error) {
	if err := p.completeRecord(ctx, &r); err != nil {
		return history.View{}, err
	}
	for range 3 {
		closed, err := p.closeTheirs(ctx, r)
		if err != nil {
			return history.View{}, err
		}
		var made attempt.ID
		err = p.DB.InTx(ctx, func(tx *db.Tx) error {
			made, err = p.recordTx(ctx, tx, r, closed)
			return err
		})
		if errors.Is(err, errOpenedAgain) {
			continue
		}
		if err != nil {
			return history.View{}, err
		}
		return p.Get(ctx, r.Business.ID, made)
	}
	return history.View{}, errNotClosed
}

// errOpenedAgain undoes a record beside which the payer has opened another checkout.
var errOpenedAgain = errors.New("payment: the payer has a checkout open")

func (p *Payments) recordTx(ctx context.Context, tx *db.Tx, r RecordRequest, closed []attempt.ID) (attempt.ID, error) {
	l, err := p.Links.GetTx(ctx, tx, r.Business, r.LinkID)
	if err != nil {
		return "", err
	}
	if l.Currency != r.Amount.Currency {
		return "", errHandCurrency(l.Currency)
	}
	if err := p.takeByHand(ctx, tx, r, l, closed); err != nil {
		return "", err
	}
	// Behind the lock on the link's slots: whoever holds one now is seen.
	open, err := openOf(ctx, tx, r)
	if err != nil {
		return "", err
	}
	if len(open) > 0 {
		return "", errOpenedAgain
	}
	a, err := p.handAttempt(ctx, tx, r, l)
	if err != nil {
		return "", err
	}
	if err := supersede(ctx, tx, a, closed); err != nil {
		return "", err
	}
	facts := p.factsFor(tx, provider.AccountOf(a), []attempt.Attempt{a})
	p.matchPayers(facts, []attempt.Attempt{a})
	if err := tx.Batch(ctx, facts.statements...); err != nil {
		return "", err
	}
	payment := newPayment(a, attempt.Accepted, provider.Remote{Ref: string(a.ID), Amount: r.Amount, Method: string(r.Method), PaidAt: r.paidAt, ByHand: true}, tx.Now())
	tx.Notify("activity", payment.Target())
	if err := p.accept(ctx, tx, facts, []Payment{payment}, false, record); err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `INSERT INTO recorded_payments (payment_id, business_id, paid_on, note, recorded_by, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		a.ID, a.BusinessID, r.PaidOn, r.Note, r.By, db.At(tx.Now()))
	return a.ID, err
}

// takeByHand takes a slot of the link, whether the link takes payments now or not: the
// money is there. On a full link it takes what is kept for the payer, and else makes room
// where the member wants that.
func (p *Payments) takeByHand(ctx context.Context, tx *db.Tx, r RecordRequest, l link.Link, closed []attempt.ID) error {
	mode := r.Business.Mode
	free, err := p.Links.ConsumeFresh(ctx, tx, l.BusinessID, l.ID, mode, r.Quantity)
	if err == nil && !free {
		free, err = p.takeKept(ctx, tx, r, closed)
	}
	if err != nil || free {
		return err
	}
	capacity, missing, err := p.Links.Missing(ctx, tx, l.BusinessID, l.ID, mode, r.Quantity)
	if err != nil {
		return err
	}
	if !r.RaiseLimit {
		return Full(capacity, missing)
	}
	if free, err = p.Links.ConsumeRaised(ctx, tx, l.BusinessID, l.ID, mode, r.Quantity, missing); err != nil {
		return err
	}
	if !free {
		return Full(capacity, missing)
	}
	_, err = p.Links.EditTx(ctx, tx, r.Business, l.ID, 0, func(f *link.Fields) {
		f.Limit.Kind, f.Limit.Max = link.Multiple, capacity+missing
	})
	return err
}

// takeKept takes the slots that the waiting list of a full link keeps for the payer: those of
// an offer to their address, or that their closed checkouts gave back to one.
func (p *Payments) takeKept(ctx context.Context, tx *db.Tx, r RecordRequest, closed []attempt.ID) (bool, error) {
	if p.Offers == nil {
		return false, nil
	}
	for _, id := range closed {
		a, err := attempt.Find(ctx, tx, r.Business.ID, id) // it has ended: no lock behind that of the slots
		if err != nil {
			return false, err
		}
		reclaimed, err := p.Offers.Reclaim(ctx, tx, a)
		if err != nil {
			return false, err
		}
		if !reclaimed {
			continue
		}
		if free, err := p.Links.ConsumeFresh(ctx, tx, a.BusinessID, a.LinkID, a.Mode, r.Quantity); err != nil || free {
			return free, err
		}
	}
	email := r.Email
	if r.CustomerID != "" {
		c, err := p.Customers.GetTx(ctx, tx, r.Business.ID, r.CustomerID)
		if err != nil {
			return false, err
		}
		email = c.Email
	}
	return p.Offers.Spend(ctx, tx, r.Business.ID, r.LinkID, r.Business.Mode, email, r.Quantity)
}

// handAttempt inserts the attempt, which is paid from the beginning.
func (p *Payments) handAttempt(ctx context.Context, tx *db.Tx, r RecordRequest, l link.Link) (attempt.Attempt, error) {
	id, err := tx.NewID("pay")
	if err != nil {
		return attempt.Attempt{}, err
	}
	a := attempt.Attempt{
		ID: attempt.ID(id), BusinessID: r.Business.ID, Source: attempt.SourceLink, LinkID: l.ID, ProductID: l.ProductID, Version: l.Version, Title: l.Name, Description: l.Description,
		Reference: l.Reference, DueOn: l.DueOn, Quantity: r.Quantity, Unit: money.Amount{Minor: r.Amount.Minor / r.Quantity, Currency: r.Amount.Currency}, Amount: r.Amount, Mode: r.Business.Mode, Provider: Manual, ProviderRef: id, State: attempt.Paid, HoldUntil: tx.Now(),
		Payer: attempt.Payer{Name: r.Name, Email: r.Email}, Attribution: attempt.Attribution{Channel: ByHand},
		CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Customer: r.CustomerID, Quiet: !r.MailReceipt,
	}
	if a.ReceiptToken, err = secret.Token(p.DB.Random()); err != nil {
		return a, err
	}
	if r.CustomerID != "" {
		c, err := p.Customers.GetTx(ctx, tx, r.Business.ID, r.CustomerID)
		if err != nil {
			return a, err
		}
		a.Payer.Name, a.Payer.Email = c.Name, c.Email
		if c.Language != "" {
			a.Payer.Language = c.Language
		}
	}
	a.Quiet = a.Quiet || a.Payer.Email == ""
	if n, err := insert(ctx, tx, a); err != nil || n == 0 {
		return a, errors.Join(err, errIfNone(n))
	}
	if _, err := tx.Exec(ctx, `UPDATE attempts SET sync_at = NULL WHERE business_id = $1 AND id = $2`, a.BusinessID, a.ID); err != nil {
		return a, err
	}
	return a, attempt.AddToTimeline(ctx, tx, a, attempt.Paid, attempt.CauseMerchant, strings.TrimSpace("recorded by hand by "+r.By))
}

func errIfNone(n int64) error {
	if n == 0 {
		return errors.New("payment: the id of a recorded payment is taken")
	}
	return nil
}

// supersede marks the checkouts that were closed for a recorded payment. One that was paid
// all the same undoes the record.
func supersede(ctx context.Context, tx *db.Tx, a attempt.Attempt, closed []attempt.ID) error {
	for _, id := range closed {
		n, err := tx.Exec(ctx, `UPDATE attempts SET superseded_by = $3 WHERE business_id = $1 AND id = $2 AND state <> 'paid'`, a.BusinessID, id, a.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errPaidBesides
		}
	}
	return nil
}

// dayOfPayment is when money came that was paid on a day: now for today, else the noon of
// the day, so that it is that day in the zones around too. A day to come is refused, and one
// before 1970, which is a slip of the pen.
func dayOfPayment(day string, now time.Time, zone *time.Location) (time.Time, bool) {
	start, ok := calendar.ParseDay(day, zone)
	if !ok {
		return time.Time{}, false
	}
	if day == now.In(zone).Format(time.DateOnly) {
		return now, true
	}
	return start.Add(12 * time.Hour), start.Before(now) && !calendar.FromStart(start)
}
