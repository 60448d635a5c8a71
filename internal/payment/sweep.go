package payment

import (
	"context"
	"sync"
	"time"

	"smartlinks/internal/db"
)

const (
	// lease is how long a claimed row is left to whoever claimed it: longer
	// than the calls to a provider may take.
	lease = time.Minute
	// claimed bounds how many rows one claim takes; they are done at once.
	claimed = 8
	// firstWait doubles with every look in vain, up to maxWait.
	firstWait = 30 * time.Second
	maxWait   = time.Hour
)

// wait is how long to leave something alone that was tried so often in vain.
func wait(tries int64) time.Duration {
	if tries >= 7 { // half a minute doubled seven times is over an hour
		return maxWait
	}
	return firstWait << tries
}

// nextLook is when the poller looks at an attempt again: after a growing wait,
// but no later than its hold ends.
func nextLook(a Attempt, now time.Time) time.Time {
	next := now.Add(wait(a.tries))
	if a.State == Open && next.After(a.HoldUntil) && now.Before(a.HoldUntil) {
		return a.HoldUntil
	}
	return next
}

// afterEnd are the waits between the looks at what ended without money: it may
// have been paid all the same, and the webhook lost.
var afterEnd = [...]time.Duration{time.Hour, 24 * time.Hour}

// afterPaid are the waits between the looks at what was paid: it may have been
// refunded or disputed at the provider, and the webhook lost.
var afterPaid = [...]time.Duration{24 * time.Hour, 7 * 24 * time.Hour, 30 * 24 * time.Hour, 60 * 24 * time.Hour}

// lookAfterPaid is the next of those looks, after so many; zero: no more.
func lookAfterPaid(now time.Time, tries int64) time.Time {
	if tries >= int64(len(afterPaid)) {
		return time.Time{}
	}
	return now.Add(afterPaid[tries])
}

// lookAfterEnd is the next of those looks, after so many; zero: no more.
func lookAfterEnd(now time.Time, tries int64) time.Time {
	if tries >= int64(len(afterEnd)) {
		return time.Time{}
	}
	return now.Add(afterEnd[tries])
}

// lookLater puts off the next look at a locked attempt that did not change.
func lookLater(ctx context.Context, tx *db.Tx, a Attempt) error {
	a.tries++
	next := lookAfterEnd(tx.Now(), a.tries)
	if a.State.live() || a.State == Paid {
		next = nextLook(a, tx.Now())
	}
	return lookAt(ctx, tx, a, next)
}

func lookAt(ctx context.Context, tx *db.Tx, a Attempt, next time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE attempts SET sync_at = $3, sync_tries = $4 WHERE business_id = $1 AND id = $2`,
		a.BusinessID, a.ID, db.At(next), a.tries)
	return err
}

// SweepDue settles what fell due: attempts that nobody returned from, holds
// whose time is up, refunds, webhooks that could not be processed; and it looks
// twice, within a day or so, at what ended without money, and some times within
// three months at what was paid. A claim moves
// the due time forward, so that of several processes one does it. It returns
// when nothing is left, and how much it did.
func (p *Payments) SweepDue(ctx context.Context) (n int, err error) {
	for ctx.Err() == nil {
		hooks, err := p.claimHooks(ctx)
		if err != nil {
			return n, err
		}
		atOnce(hooks, func(h hook) {
			if err := p.process(ctx, h); err != nil {
				p.tryAgain(ctx, h, err)
			}
		})
		attempts, err := p.claimAttempts(ctx)
		if err != nil {
			return n, err
		}
		asked, err := p.within(ctx, attempts)
		if err != nil {
			return n, err
		}
		atOnce(asked, func(a Attempt) {
			if _, err := p.sync(ctx, a, knock{cause: CausePoller}); err != nil {
				p.putOff(ctx, a, err)
			}
		})
		if len(hooks)+len(attempts) == 0 {
			return n, nil
		}
		n += len(hooks) + len(attempts)
	}
	return n, ctx.Err()
}

// atOnce does something for all and waits until all are done, so that one slow
// answer holds up no more than its own batch.
func atOnce[T any](all []T, do func(T)) {
	var group sync.WaitGroup
	for _, one := range all {
		group.Go(func() { do(one) })
	}
	group.Wait()
}

// claimAttempts takes attempts that fell due: the first of two processes that
// claim at once moves the due time, so the second finds it moved.
const claimAttempts = `UPDATE attempts SET sync_at = $1
	WHERE id IN (SELECT id FROM attempts WHERE sync_at <= $2 ORDER BY sync_at LIMIT $3) AND sync_at <= $2
	RETURNING ` + returned

func (p *Payments) claimAttempts(ctx context.Context) (attempts []Attempt, err error) {
	err = p.DB.InTx(ctx, func(tx *db.Tx) error {
		var rows []row
		attempts = nil
		err := tx.Select(ctx, &rows, claimAttempts, db.At(tx.Now().Add(lease)), db.At(tx.Now()), claimed)
		for _, r := range rows {
			attempts = append(attempts, r.attempt())
		}
		return err
	})
	return attempts, err
}

// putOff leaves an attempt for later that could not be settled now.
func (p *Payments) putOff(ctx context.Context, a Attempt, why error) {
	p.Log.WarnContext(ctx, "an attempt waits", "attempt", a.ID, "error", why)
	err := p.DB.InTx(ctx, func(tx *db.Tx) error {
		now, err := locked(ctx, tx, a.BusinessID, a.ID)
		if err != nil || now.State == Review {
			return err
		}
		if now.State.live() || now.State == Paid {
			return lookLater(ctx, tx, now)
		}
		return lookAt(ctx, tx, now, tx.Now().Add(maxWait)) // no look was had
	})
	if err != nil { // the lease ends and it is due again
		p.Log.WarnContext(ctx, "an attempt was not put off", "attempt", a.ID, "error", err)
	}
}
