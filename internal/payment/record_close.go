package payment

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
)

// closeWithin bounds how long a member waits for a provider to confirm that a payer's
// checkout is closed.
const closeWithin = 10 * time.Second

var (
	errNotClosed   = fault.New(fault.Conflict, "They have a checkout open, and the payment provider did not confirm that it is closed. Nothing was recorded. Try again in a minute.")
	errPaidBesides = fault.New(fault.Conflict, "They have just paid by their open checkout. Nothing was recorded; Transactions shows their payment.")
	errUnderWay    = fault.New(fault.Conflict, "A payment of theirs is on its way already. Nothing was recorded; Transactions shows how it stands.")
)

// theirOpen finds the attempts at a link that may still be paid and are the payer's of a
// record: of a one-time link any; else those that came by a message to the customer or
// carry the payer's address. $1 business, $2 link, $3 mode, $4 customer, $5 folded address.
var theirOpen = `SELECT ` + attempt.Columns + ` FROM attempts a WHERE a.business_id = $1 AND a.link_id = $2 AND a.mode = $3 AND a.state IN (` + attempt.UndecidedSQL + `) AND (
		EXISTS (SELECT 1 FROM links o WHERE o.business_id = $1 AND o.id = $2 AND (o.limit_kind = 'once' OR o.customer_id = $4))
		OR $5 <> '' AND a.payer_email_folded = $5
		OR EXISTS (SELECT 1 FROM customers c WHERE c.business_id = $1 AND c.id = $4 AND c.email_folded <> '' AND c.email_folded = a.payer_email_folded)
		OR a.recipient_token <> '' AND EXISTS (SELECT 1 FROM deliveries d JOIN sends s ON s.id = d.send_id JOIN recipients r ON r.id = s.recipient_id
			WHERE d.business_id = $1 AND d.token = a.recipient_token AND r.customer_id = $4))
	ORDER BY a.id`

func openOf(ctx context.Context, from db.Reader, r RecordRequest) ([]attempt.Attempt, error) {
	address := ""
	if r.Email != "" {
		address = attempt.FoldedEmail(r.Email)
	}
	var rows []attempt.Row
	err := from.Select(ctx, &rows, theirOpen, r.Business.ID, r.LinkID, r.Business.Mode, r.CustomerID, address)
	attempts := make([]attempt.Attempt, len(rows))
	for i, one := range rows {
		attempts[i] = one.Attempt()
	}
	return attempts, err
}

// OpenCheckouts counts the checkouts that recording a payment of a customer would close.
func (p *Payments) OpenCheckouts(ctx context.Context, b business.Business, linkID link.ID, customerID customer.ID) (int, error) {
	open, err := openOf(ctx, p.DB, RecordRequest{Business: b, LinkID: linkID, CustomerID: customerID})
	return len(open), err
}

// closeTheirs closes the checkouts that the payer has open, and returns them once the
// provider has confirmed that none can be paid any more.
func (p *Payments) closeTheirs(ctx context.Context, r RecordRequest) (closed []attempt.ID, err error) {
	open, err := openOf(ctx, p.DB, r)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	waiting, cancel := context.WithTimeout(ctx, closeWithin)
	defer cancel()
	for _, a := range open {
		if err := p.closeOne(waiting, a); err != nil {
			return nil, err
		}
		closed = append(closed, a.ID)
	}
	return closed, nil
}

func (p *Payments) closeOne(ctx context.Context, a attempt.Attempt) error {
	err := p.DB.InTx(ctx, func(tx *db.Tx) (err error) {
		if a, err = attempt.Lock(ctx, tx, a.BusinessID, a.ID); err != nil || a.State != attempt.Open && a.State != attempt.Creating && !(a.State == attempt.Pending && p.waits(a)) {
			return err
		}
		a.State = attempt.Closing
		if _, err := tx.Exec(ctx, `UPDATE attempts SET state = 'closing', sync_at = $3, sync_tries = 0, updated_at = $3 WHERE business_id = $1 AND id = $2`,
			a.BusinessID, a.ID, db.At(tx.Now())); err != nil {
			return err
		}
		return attempt.AddToTimeline(ctx, tx, a, attempt.Closing, attempt.CauseMerchant, "a payment is recorded by hand")
	})
	if err != nil {
		return err
	}
	type answer struct {
		attempt attempt.Attempt
		err     error
	}
	told := make(chan answer, 1)
	go func() { // it goes on when nobody waits any more, as far as providerTimeout
		defer close(told)
		now, err := p.sync(ctx, a, trigger{cause: attempt.CauseMerchant, slotFor: aRecord})
		told <- answer{now, err}
	}()
	select {
	case <-ctx.Done():
		return errNotClosed
	case got, answered := <-told:
		switch {
		case !answered:
			return errNotClosed
		case fault.Is(got.err, fault.Unavailable):
			return errNotClosed
		case got.err != nil:
			return got.err
		case got.attempt.State == attempt.Paid:
			return errPaidBesides
		case got.attempt.State == attempt.Pending, got.attempt.State == attempt.Review:
			return errUnderWay
		case got.attempt.State.Live():
			return errNotClosed
		}
		return nil
	}
}

// supersededBy is the recorded payment for which a checkout was closed, "" for none.
func supersededBy(ctx context.Context, tx *db.Tx, a attempt.Attempt) (by attempt.ID, err error) {
	err = tx.Get(ctx, &by, `SELECT superseded_by FROM attempts WHERE business_id = $1 AND id = $2`, a.BusinessID, a.ID)
	if errors.Is(err, db.ErrNoRows) {
		err = nil
	}
	return by, err
}
