package payment

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/poll"
	"smartlinks/internal/payment/provider"
)

// Whatever a provider says was paid while a transaction settles is settled by the next,
// all of a business and mode together: they would wait for each other's receipts and
// slots otherwise. Here is what is usual, an attempt that holds its slot and was not given
// up, and money that fits. All else is settled by itself, and so is what was in a batch that failed.

const (
	// mostSettled bounds how many are settled together.
	mostSettled = 64
	// settleTimeout bounds one transaction of them.
	settleTimeout = 15 * time.Second
)

// settling is an attempt that waits to be settled.
type settling struct {
	attempt attempt.Attempt
	remote  provider.Remote
	trigger trigger
	settled bool
	err     error // the database is away: nothing else is worth trying now
}

// usual reports whether what the provider says can be settled with others'.
func usual(a attempt.Attempt, remote provider.Remote) bool {
	return remote.Status == provider.RemotePaid && a.State.Live() && a.State != attempt.Closing && a.HoldsSlot == (a.LinkID != "") && a.HoldsCode == (a.CodeID != "") && mismatch(a, remote) == ""
}

// settleTogether settles an attempt with whatever else waits for its business, and returns
// it as it is then; false when it was not: it is to be settled by itself.
func (p *Payments) settleTogether(ctx context.Context, a attempt.Attempt, remote provider.Remote, t trigger) (attempt.Attempt, bool, error) {
	if !usual(a, remote) {
		return a, false, nil
	}
	s := &settling{attempt: a, remote: remote, trigger: t}
	if err := p.settlements.Do(ctx, provider.AccountOf(a), s); err != nil { // s is its batch's still
		return a, false, fault.Wrap(err, fault.Unavailable, "The payment is being settled. We keep checking.")
	}
	if s.err != nil || !s.settled {
		return a, false, s.err
	}
	return s.attempt, true, nil
}

// settleAll is one batch.
func (p *Payments) settleAll(account provider.Account, all []*settling) {
	ctx, cancel := context.WithTimeout(context.Background(), settleTimeout)
	defer cancel()
	waiting := map[attempt.ID]*settling{}
	for _, s := range all {
		if waiting[s.attempt.ID] == nil { // who comes second finds it paid
			waiting[s.attempt.ID] = s
		}
	}
	settled, err := p.settleOnce(ctx, account, waiting)
	for errors.Is(err, errSomeWon) { // fewer each time
		fewer := map[attempt.ID]*settling{}
		for _, payment := range settled {
			fewer[payment.ID] = waiting[payment.ID]
		}
		waiting = fewer
		settled, err = p.settleOnce(ctx, account, waiting)
	}
	switch {
	case errors.Is(err, errNoneWon):
	case errors.Is(err, db.ErrAway):
		for _, s := range all {
			s.err = err
		}
	case err != nil:
		p.Log.WarnContext(ctx, "payments are settled one by one", "business", account.Business, "payments", len(waiting), "error", err)
	default:
		for _, payment := range settled {
			s := waiting[payment.ID]
			s.attempt, s.settled = payment.Attempt, true
		}
	}
}

// These undo what was counted and taken for payments that others have settled.
var (
	errNoneWon = errors.New("all of them were settled by others")
	errSomeWon = errors.New("some of them were settled by others")
)

// settleOnce is the transaction of a batch. A panic is an error here: it is that of one
// payment, and comes back where that is settled by itself.
func (p *Payments) settleOnce(ctx context.Context, account provider.Account, waiting map[attempt.ID]*settling) (settled []Payment, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	err = p.DB.InTx(ctx, func(tx *db.Tx) (err error) {
		settled, err = p.settleTx(ctx, tx, account, waiting)
		return err
	})
	return settled, err
}

// settleTx makes attempts paid that are still as they were read, and returns what they
// became. With errSomeWon some are not, and nothing may be committed: those that are come
// back, to be settled without the others.
func (p *Payments) settleTx(ctx context.Context, tx *db.Tx, account provider.Account, waiting map[attempt.ID]*settling) ([]Payment, error) {
	var attempts []attempt.Attempt
	var payments []Payment
	for _, id := range slices.Sorted(maps.Keys(waiting)) {
		s := waiting[id]
		attempts = append(attempts, s.attempt)
		a := s.attempt
		a.State, a.Reason, a.HoldsSlot, a.Tries, a.UpdatedAt = attempt.Paid, "", false, 0, tx.Now()
		payments = append(payments, newPayment(a, attempt.Accepted, s.remote, tx.Now()))
	}
	all := ids(unique(attempts, func(a attempt.Attempt) attempt.ID { return a.ID }))
	var won []attempt.ID
	in, arguments := all.in([]any{account.Business, db.At(poll.AfterPaid(tx.Now(), 0)), db.At(tx.Now())})
	facts := p.factsFor(tx, account, attempts)
	if err := p.writeWithFacts(tx, facts, payments); err != nil {
		return nil, err
	}
	if err := tx.Batch(ctx, append([]*db.Statement{db.All(&won, `
		UPDATE attempts SET state = 'paid', holds_slot = FALSE, holds_code = FALSE, payer_key = '', reason = '', sync_at = $2, sync_tries = 0, updated_at = $3
		WHERE business_id = $1 AND id IN (`+in+`) AND state IN ('creating', 'open', 'pending', 'closing') AND holds_slot = (link_id IS NOT NULL) AND holds_code = (code_id <> '')
		RETURNING id`, arguments...)}, facts.statements...)...); err != nil {
		return nil, err
	}
	switch len(won) {
	case 0:
		return nil, errNoneWon
	case len(waiting):
	default:
		return slices.DeleteFunc(payments, func(p Payment) bool { return !slices.Contains(won, p.ID) }), errSomeWon
	}
	for _, payment := range payments {
		tx.Notify("activity", payment.Target())
	}
	if err := addPaidToTimelines(ctx, tx, account, payments, waiting); err != nil {
		return nil, err
	}
	if err := p.accept(ctx, tx, facts, payments, true, recordAll); err != nil {
		return nil, err
	}
	reports := make([]trigger, len(payments))
	for i, payment := range payments {
		reports[i] = waiting[payment.ID].trigger
	}
	return payments, inboxDone(ctx, tx, account.Business, attempt.Paid, reports...)
}

// addPaidToTimelines adds to the timelines that the attempts are paid.
func addPaidToTimelines(ctx context.Context, tx *db.Tx, account provider.Account, payments []Payment, waiting map[attempt.ID]*settling) error {
	by := map[attempt.Cause]ids{}
	for _, payment := range payments {
		cause := waiting[payment.ID].trigger.cause
		by[cause] = append(by[cause], payment.ID)
	}
	for cause, of := range by {
		if err := addAllToTimelines(ctx, tx, account, of, attempt.Paid, cause, string(attempt.Accepted)); err != nil {
			return err
		}
	}
	return nil
}
