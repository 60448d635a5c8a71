package payment

import (
	"context"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/job"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/poll"
)

const (
	// lease is how long what a request settles itself is left to it.
	lease = job.Lease
	// atOnce bounds how many attempts, and how many reports, a process settles at once,
	// and atOnceEach those of one business.
	atOnce, atOnceEach = 16, 8
)

// postponePoll puts off the next poll of a locked attempt that did not change.
func postponePoll(ctx context.Context, tx *db.Tx, a attempt.Attempt) error {
	a.Tries++
	next := poll.AfterEnd(tx.Now(), a.Tries)
	if a.State.Live() || a.State == attempt.Paid {
		next = poll.Next(a, tx.Now())
	}
	return schedulePoll(ctx, tx, a, next)
}

func schedulePoll(ctx context.Context, tx *db.Tx, a attempt.Attempt, next time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE attempts SET sync_at = $3, sync_tries = $4 WHERE business_id = $1 AND id = $2`,
		a.BusinessID, a.ID, db.At(next), a.Tries)
	return err
}

// addWork tells the queue how what fell due is settled: attempts that nobody returned
// from, holds whose time is up, refunds, webhooks that could not be processed. Attempts
// are also polled twice, within a day or so, when they ended without money, and some
// times within three months when they were paid.
func (p *Payments) addWork() {
	p.polls = job.Add(p.Queue, job.Kind[attempt.Row]{
		Name: "attempts", AtOnce: atOnce, AtOnceEach: atOnceEach, KeyOf: keyOf, GroupOf: groupOf, Accept: p.within,
		Rows: job.Rows{Table: "attempts", Key: []string{"id"}, Due: "sync_at", Group: "business_id", Returning: attempt.ReturnedColumns},
		Do: func(ctx context.Context, r attempt.Row) error {
			a := r.Attempt()
			if _, err := p.sync(ctx, a, trigger{cause: attempt.CausePoller}); err != nil {
				p.putOff(ctx, a, err)
			}
			return nil
		},
	})
	p.inbox = job.Add(p.Queue, job.Kind[hook]{
		Name: "reports", AtOnce: atOnce, AtOnceEach: atOnceEach, KeyOf: hook.key, GroupOf: hook.group,
		Rows: job.Rows{Table: "webhook_inbox", Key: []string{"id"}, Group: "business_id", Returning: hookColumns},
		Do: func(ctx context.Context, h hook) error {
			if err := p.process(ctx, h, nil); err != nil {
				p.tryAgain(ctx, h, err)
			}
			return nil
		},
	})
}

// within keeps the claimed attempts whose accounts may be asked now, and leaves the
// others for the seconds that come.
func (p *Payments) within(ctx context.Context, tx *db.Tx, claimed []attempt.Row) (now []attempt.Row, err error) {
	for _, r := range claimed {
		wait := p.pace.Wait(r.Attempt(), tx.Now())
		if wait == 0 {
			now = append(now, r)
			continue
		}
		at := tx.Now().Add(wait)
		if _, err := tx.Exec(ctx, `UPDATE attempts SET sync_at = $3 WHERE business_id = $1 AND id = $2`, r.BusinessID, r.ID, db.At(at)); err != nil {
			return nil, err
		}
		p.polls.DueAt(tx, at)
	}
	return now, nil
}

func keyOf(r attempt.Row) []any    { return []any{r.ID} }
func groupOf(r attempt.Row) string { return string(r.BusinessID) }
func (h hook) key() []any          { return []any{h.ID} }
func (h hook) group() string       { return string(h.BusinessID) }

// SweepDue settles what fell due, and returns when nothing is left and how much it did.
func (p *Payments) SweepDue(ctx context.Context) (n int, err error) {
	for {
		reports, err := p.inbox.Drain(ctx)
		if err != nil {
			return n, err
		}
		polls, err := p.polls.Drain(ctx)
		n += reports + polls
		if err != nil || reports+polls == 0 {
			return n, err
		}
	}
}

// putOff leaves an attempt for later that could not be settled now.
func (p *Payments) putOff(ctx context.Context, a attempt.Attempt, why error) {
	p.Log.WarnContext(ctx, "an attempt waits", "attempt", a.ID, "error", why)
	err := p.DB.InTx(ctx, func(tx *db.Tx) error {
		now, err := attempt.Lock(ctx, tx, a.BusinessID, a.ID)
		if err != nil || now.State == attempt.Review {
			return err
		}
		if now.State.Live() || now.State == attempt.Paid {
			return postponePoll(ctx, tx, now)
		}
		return schedulePoll(ctx, tx, now, tx.Now().Add(poll.MaxWait)) // it was not polled
	})
	if err != nil { // the lease ends and it is due again
		p.Log.WarnContext(ctx, "an attempt was not put off", "attempt", a.ID, "error", err)
	}
}
