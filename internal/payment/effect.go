package payment

import (
	"context"
	"fmt"
	"slices"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
)

// Settlement is the accepted payments that one transaction settles: of one business and
// mode, in the order of their receipts.
type Settlement struct {
	BusinessID business.ID
	Mode       business.Mode
	Zone       *time.Location // of the business
	Payee      business.Legal // as it gives receipts now
	Links      []link.PaidLink
	Payments   []Payment

	concerns map[string][]link.ID // by the names of effects that are for some links alone
}

// Do does something with the payments of a settlement.
type Do func(ctx context.Context, tx *db.Tx, s Settlement) error

// Effect is something that accepted payments cause, once each, in the transaction
// that records them. Name tells effects of one payment apart and must not change.
type Effect struct {
	Name string
	Do   Do
	// Where narrows what Do gets to the payments of links for which this SQL is true: links
	// is l, $1 the business and $2 the mode. All of them are asked by one statement.
	Where string
	// Begin is for an effect that must know something of the database, in the place of
	// Do: it returns what to ask, and what to do once that is answered. The statements of
	// all effects are sent together. Not all of the attempts need become payments.
	Begin func(tx *db.Tx, of []attempt.Attempt) ([]*db.Statement, Do)
}

// LinksOf are the links of attempts, each once and in order.
func LinksOf(attempts []attempt.Attempt) (ids []link.ID) {
	return unique(attempts, func(a attempt.Attempt) link.ID { return a.LinkID })
}

// beginEffects gathers what the effects must know.
func (p *Payments) beginEffects(tx *db.Tx, of []attempt.Attempt) (statements []*db.Statement, then []Do) {
	for _, e := range p.Effects {
		do := e.Do
		if e.Where != "" {
			do = ofLinks(e.Name, do)
		}
		if e.Begin != nil {
			var ask []*db.Statement
			ask, do = e.Begin(tx, of)
			statements = append(statements, ask...)
		}
		then = append(then, func(ctx context.Context, tx *db.Tx, s Settlement) error {
			if err := do(ctx, tx, s); err != nil {
				return fmt.Errorf("effect %s: %w", e.Name, err)
			}
			return nil
		})
	}
	return statements, then
}

// ofLinks does what an effect does for the payments of the links that it concerns.
func ofLinks(name string, do Do) Do {
	return func(ctx context.Context, tx *db.Tx, s Settlement) error {
		concerned := s
		concerned.Payments = nil
		for _, p := range s.Payments {
			if slices.Contains(s.concerns[name], p.LinkID) {
				concerned.Payments = append(concerned.Payments, p)
			}
		}
		if len(concerned.Payments) == 0 {
			return nil
		}
		return do(ctx, tx, concerned)
	}
}

// claimEffects writes down that the effects happen. It is refused for one that has
// happened: nothing does twice.
func (p *Payments) claimEffects(ctx context.Context, tx *db.Tx, s Settlement) error {
	if len(p.Effects) == 0 {
		return nil
	}
	arguments := []any{s.BusinessID, db.At(tx.Now())}
	names := ""
	for i, e := range p.Effects {
		if i > 0 {
			names += ` UNION ALL `
		}
		arguments = append(arguments, e.Name)
		names += fmt.Sprintf(`SELECT CAST($%d AS text) AS name`, len(arguments))
	}
	in, arguments := idsOf(s.Payments).in(arguments)
	return tx.Queue(ctx, db.Exec(nil, `INSERT INTO payment_effects (payment_id, effect, business_id, at)
		SELECT p.id, e.name, p.business_id, CAST($2 AS BIGINT) FROM payments p CROSS JOIN (`+names+`) e WHERE p.business_id = $1 AND p.id IN (`+in+`)`, arguments...))
}
