package poll

import (
	"sync"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// How often is polled, for each account at each provider and in each
// process. A poll is one to four requests. Stripe takes 25 a second of a test
// account and 100 of a live one ("Rate limits"); Mollie names no number and
// answers 429. Payers who return and webhooks are not made to wait.
const (
	perSecond = 5
	burst     = 25 // what gathers between two sweeps
)

// Rate counts the polls of the accounts. The zero value is ready.
type Rate struct {
	mu       sync.Mutex
	accounts map[account]*allowance
}

type account struct {
	provider string
	of       provider.Account
}

// allowance is how many polls an account has left, and how many were put off
// since it had one.
type allowance struct {
	left   float64
	at     time.Time
	putOff int
}

// Wait is how long the poller leaves an attempt's account alone first: zero when
// it may be polled now, which counts as a poll.
func (p *Rate) Wait(a attempt.Attempt, now time.Time) time.Duration {
	if a.Provider == business.Sandbox {
		return 0 // it is a part of us
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.accounts == nil {
		p.accounts = map[account]*allowance{}
	}
	key := account{a.Provider, provider.AccountOf(a)}
	has := p.accounts[key]
	if has == nil {
		has = &allowance{left: burst, at: now}
		p.accounts[key] = has
	}
	has.left = min(burst, has.left+perSecond*max(0, now.Sub(has.at).Seconds()))
	has.at = now
	if has.left >= 1 {
		has.left--
		has.putOff = 0
		return 0
	}
	has.putOff++ // the next ones later still, so that they come one after another
	return time.Second + time.Duration(has.putOff)*time.Second/perSecond
}
