package payment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/caps"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/provider"
)

// Whoever presses Pay for a link while a transaction holds slots of it is served by the
// next one, together with all others who did: they would wait for each other at the row of
// its slots otherwise, for two round trips each. Here is what is usual: new payers, a slot
// for each, nothing to refuse. Whenever that isn't so for one of them, each is done by
// itself, where it gets the answer that is its own.

const (
	// mostStarted bounds how many are started together.
	mostStarted = 64
	// startTogetherTimeout bounds one transaction of them.
	startTogetherTimeout = 15 * time.Second
)

// contested is what payers wait for each other at.
type contested struct {
	account provider.Account
	link    link.ID
}

// starting is a payer who waits for an attempt. It is made, or refused with err, when done.
type starting struct {
	ctx     context.Context // the payer's
	request StartRequest
	attempt attempt.Attempt
	done    bool
	err     error
}

// startTogether makes an attempt that holds its slot, with whoever else waits for the same
// link.
func (p *Payments) startTogether(ctx context.Context, r StartRequest) (attempt.Attempt, error) {
	if r.Link == nil || !r.usual() {
		return p.hold(ctx, r)
	}
	s := &starting{ctx: ctx, request: r}
	if err := p.starts.Do(ctx, contested{provider.Account{Business: r.Business.ID, Mode: r.Business.Mode}, r.Link.ID}, s); err != nil { // s is its batch's still
		return attempt.Attempt{}, fault.Wrap(err, fault.Unavailable, "Your payment is being started. Press Pay again in a moment; you have not been charged.")
	}
	if s.done {
		return s.attempt, s.err
	}
	return p.hold(ctx, r)
}

// startAll is one batch.
func (p *Payments) startAll(of contested, all []*starting) {
	all = slices.DeleteFunc(slices.Clone(all), func(s *starting) bool { return s.ctx.Err() != nil }) // who left takes no slot from who stays
	whose := context.Background()                                                                    // nobody's leaving is the end of the others
	if len(all) == 1 {
		whose = all[0].ctx
	}
	ctx, cancel := context.WithTimeout(whose, startTogetherTimeout)
	defer cancel()
	switch len(all) {
	case 0:
		return
	case 1:
		s := all[0]
		s.attempt, s.err = p.hold(ctx, s.request)
		s.done = true
		return
	}
	all = strangers(all)
	attempts, err := p.startOnce(ctx, of, all)
	switch {
	case errors.Is(err, errNotUsual):
	case errors.Is(err, db.ErrAway): // nothing else is worth trying now
		for _, s := range all {
			s.err, s.done = err, true
		}
	case err != nil:
		p.Log.WarnContext(ctx, "payments are started one by one", "business", of.account.Business, "link", of.link, "payments", len(all), "error", err)
	default:
		for i, s := range all {
			s.attempt, s.done = attempts[i], true
		}
	}
}

// strangers leaves out who shares a visit or a browser with somebody before them: what one
// tab began, the other must see.
func strangers(all []*starting) (others []*starting) {
	known := map[string]bool{"": true}
	for _, s := range all {
		visit, browser := "", ""
		if id := s.request.Attribution.VisitID; id != "" {
			visit = "visit " + id
		}
		if key := s.request.BrowserKey; key != "" {
			browser = "browser " + key
		}
		if visit != "" && known[visit] || browser != "" && known[browser] {
			continue
		}
		known[visit], known[browser] = true, true
		others = append(others, s)
	}
	return others
}

// startOnce is the transaction of a batch. A panic is an error here: it is that of one
// payer, and comes back where that is started by itself.
func (p *Payments) startOnce(ctx context.Context, of contested, all []*starting) (attempts []attempt.Attempt, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	err = p.DB.InTx(ctx, func(tx *db.Tx) (err error) {
		attempts, err = p.startTx(ctx, tx, of, all)
		return err
	})
	return attempts, err
}

// startTx makes an attempt for each, in two round trips for all of them, or fails with
// errNotUsual and nothing may be committed. It takes no lock on visits, as holdTx does: the
// unique index decides when another transaction starts one of them.
func (p *Payments) startTx(ctx context.Context, tx *db.Tx, of contested, all []*starting) ([]attempt.Attempt, error) {
	asked := askPrice(all[0].request, tx.Now())
	statements := asked.statements
	attempts, payers := make([]attempt.Attempt, len(all)), make([]*history.PayerRead, len(all))
	var units int64
	var every ids
	for i, s := range all {
		a, err := p.newAttempt(tx, s.request)
		if err != nil {
			return nil, err
		}
		attempts[i], payers[i] = a, history.ReadPayer(s.request.payerQuery(), tx.Now())
		units, every = units+a.Quantity, append(every, a.ID)
		statements = append(statements, payers[i].Statements...)
	}
	var going int64
	statements = append(statements, countVisits(&going, of.account, attempts))
	var made []*int64
	for part := range db.Parts(attempts) {
		made = append(made, new(int64))
		statements = append(statements, write(tx, made[len(made)-1], part...))
	}
	holding := p.Links.Holding(tx, of.account.Business, of.link, of.account.Mode, int64(len(all)), units)
	statements = append(statements, holding.Statement)
	tallies := make([]caps.Tally, len(all))
	if p.Limits {
		for i := range all {
			statements = append(statements, tallies[i].Count(tx.Now(), attempts[i]))
		}
	}
	if err := tx.Batch(ctx, statements...); err != nil {
		return nil, err
	}
	missing := len(all)
	for _, rows := range made {
		missing -= int(*rows)
	}
	if going > 0 || holding.Statement.None || missing > 0 {
		return nil, errNotUsual
	}
	availability, err := holding.Done(ctx, tx)
	if err != nil {
		return nil, err
	}
	for i, s := range all {
		if s.request.checkPayer(payers[i].Statuses()) != nil || s.request.checkPrice(asked) != nil ||
			p.Limits && p.checkCaps(ctx, tx, s.request, &attempts[i], tallies[i], availability) != nil {
			return nil, errNotUsual
		}
	}
	if err := p.onStart(ctx, tx, all[0].request, attempts...); err != nil {
		return nil, err
	}
	return attempts, addAllToTimelines(ctx, tx, of.account, every, attempt.Creating, attempt.CausePayer, "")
}

// countVisits counts what is going on of the attempts' visits.
func countVisits(n *int64, account provider.Account, attempts []attempt.Attempt) *db.Statement {
	var visits ids
	for _, a := range attempts {
		visits = append(visits, attempt.ID(a.Attribution.VisitID))
	}
	in, arguments := visits.in([]any{account.Business})
	return db.One(n, `SELECT COUNT(*) FROM attempts a
		WHERE a.business_id = $1 AND a.visit_id IN (`+in+`) AND a.visit_id <> '' AND a.state IN ('creating', 'open')`, arguments...)
}
