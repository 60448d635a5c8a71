package payment

import (
	"context"
	"sync"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// How often is polled, for each account at each provider and in each
// process. A poll is one to four requests. Stripe takes 25 a second of a test
// account and 100 of a live one ("Rate limits"); Mollie names no number and
// answers 429. Payers who return and webhooks are not made to wait.
const (
	pollsPerSecond = 5
	pollBurst      = 25 // what gathers between two sweeps
)

// pace counts the polls of the accounts. The zero value is ready.
type pace struct {
	mu       sync.Mutex
	accounts map[paced]*allowance
}

type paced struct {
	provider string
	account  provider.Account
}

// allowance is how many polls an account has left, and how many were put off
// since it had one.
type allowance struct {
	left   float64
	at     time.Time
	putOff int
}

// wait is how long the poller leaves an attempt's account alone first: zero when
// it may be polled now, which counts as a poll.
func (p *pace) wait(a attempt.Attempt, now time.Time) time.Duration {
	if a.Provider == business.Sandbox {
		return 0 // it is a part of us
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.accounts == nil {
		p.accounts = map[paced]*allowance{}
	}
	key := paced{a.Provider, provider.AccountOf(a)}
	has := p.accounts[key]
	if has == nil {
		has = &allowance{left: pollBurst, at: now}
		p.accounts[key] = has
	}
	has.left = min(pollBurst, has.left+pollsPerSecond*max(0, now.Sub(has.at).Seconds()))
	has.at = now
	if has.left >= 1 {
		has.left--
		has.putOff = 0
		return 0
	}
	has.putOff++ // the next ones later still, so that they come one after another
	return time.Second + time.Duration(has.putOff)*time.Second/pollsPerSecond
}

// within keeps the claimed attempts whose accounts may be asked now, and leaves the
// others for the seconds that come.
func (p *Payments) within(ctx context.Context, tx *db.Tx, claimed []attempt.Row) (now []attempt.Row, err error) {
	for _, r := range claimed {
		wait := p.pace.wait(r.Attempt(), tx.Now())
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
