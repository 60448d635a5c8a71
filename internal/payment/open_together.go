package payment

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/provider"
)

// What providers answer while a transaction stores their checkouts is stored by the next,
// all of a business and mode together, as payments are settled.

const (
	// mostOpened bounds how many are stored together.
	mostOpened = 64
	// openTimeout bounds one transaction of them.
	openTimeout = 15 * time.Second
)

// opening is an attempt whose checkout waits to be stored.
type opening struct {
	attempt attempt.Attempt
	made    provider.Checkout
	cause   attempt.Cause
	err     error
	stored  bool // by this transaction; else by whoever asked at the same time
}

// opened stores what the provider answered, with whatever else waits. Whoever asked at the
// same time has stored the same.
func (p *Payments) opened(ctx context.Context, a attempt.Attempt, made provider.Checkout, cause attempt.Cause) (attempt.Attempt, error) {
	o := &opening{attempt: a, made: made, cause: cause}
	if err := p.openings.Do(ctx, provider.AccountOf(a), o); err != nil { // o is its batch's still
		return a, fault.Wrap(err, fault.Unavailable, "The checkout is being stored. We keep checking.")
	}
	if o.err == nil && !o.stored {
		return attempt.Find(ctx, p.DB, a.BusinessID, a.ID)
	}
	return o.attempt, o.err
}

// openAll is one batch. What can't be stored with others, such as a checkout that the
// provider made for two attempts, is stored by itself.
func (p *Payments) openAll(account provider.Account, all []*opening) {
	ctx, cancel := context.WithTimeout(context.Background(), openTimeout)
	defer cancel()
	err := p.open(ctx, account, all)
	if err != nil && !errors.Is(err, db.ErrAway) && len(all) > 1 {
		for _, o := range all {
			o.err = p.open(ctx, account, []*opening{o})
		}
		return
	}
	for _, o := range all {
		o.err = err
	}
}

// open stores checkouts in one round trip.
func (p *Payments) open(ctx context.Context, account provider.Account, all []*opening) error {
	by := map[attempt.Cause][]*opening{}
	for _, o := range all {
		by[o.cause] = append(by[o.cause], o)
	}
	found := map[attempt.Cause]*[]attempt.Row{}
	err := p.DB.InTx(ctx, func(tx *db.Tx) error {
		for cause, of := range by {
			found[cause] = &[]attempt.Row{}
			if err := tx.Queue(ctx, storeCheckouts(found[cause], tx.Now(), account, of), noteCheckouts(tx.Now(), account, of, cause)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for cause, of := range by {
		stored := map[attempt.ID]attempt.Attempt{}
		for _, r := range *found[cause] {
			a := r.Attempt()
			stored[a.ID] = a
		}
		for _, o := range of {
			if a, is := stored[o.attempt.ID]; is {
				o.attempt, o.stored = a, true
			}
		}
	}
	return nil
}

// storeCheckouts writes down where attempts are paid that nobody has written it for.
func storeCheckouts(found *[]attempt.Row, now time.Time, account provider.Account, all []*opening) *db.Statement {
	arguments := []any{account.Business, db.At(now)}
	var values []string
	for i := range powerOfTwo(len(all)) {
		o, n := all[min(i, len(all)-1)], len(arguments)
		values = append(values, fmt.Sprintf("(CAST($%d AS text), CAST($%d AS text), CAST($%d AS text), CAST($%d AS text))", n+1, n+2, n+3, n+4))
		arguments = append(arguments, o.attempt.ID, o.made.Ref, o.made.URL, stateOf(o.made))
	}
	return db.All(found, `
		UPDATE attempts SET provider_ref = v.column2, checkout_url = v.column3, updated_at = $2,
			state = CASE WHEN state = 'creating' THEN v.column4 ELSE state END
		FROM (VALUES `+strings.Join(values, `, `)+`) v
		WHERE business_id = $1 AND id = v.column1 AND provider_ref IS NULL RETURNING `+attempt.ReturnedColumns, arguments...)
}

// noteCheckouts adds to the timelines what this transaction stored: who did at the same
// instant has said it.
func noteCheckouts(now time.Time, account provider.Account, all []*opening, cause attempt.Cause) *db.Statement {
	var every ids
	for _, o := range all {
		every = append(every, o.attempt.ID)
	}
	in, arguments := every.in([]any{account.Business, db.At(now), cause})
	return db.Exec(nil, `
		INSERT INTO attempt_events (attempt_id, seq, business_id, at, state, cause, detail)
		SELECT a.id, COALESCE((SELECT MAX(e.seq) FROM attempt_events e WHERE e.attempt_id = a.id), 0) + 1, a.business_id, a.updated_at, a.state, CAST($3 AS text), ''
		FROM attempts a WHERE a.business_id = $1 AND a.id IN (`+in+`) AND a.provider_ref IS NOT NULL AND a.updated_at = $2
			AND NOT EXISTS (SELECT 1 FROM attempt_events e WHERE e.attempt_id = a.id AND e.at = $2 AND e.state = a.state)`, arguments...)
}
