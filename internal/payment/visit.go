package payment

import (
	"context"
	"slices"

	"smartlinks/internal/db"
	"smartlinks/internal/payment/attempt"
)

// byVisit finds the visitor's attempt. SQLite takes the partial index only when
// its condition is repeated.
var byVisit = `SELECT ` + attempt.Columns + ` FROM attempts a
	WHERE a.business_id = $1 AND a.visit_id = $2 AND a.visit_id <> '' AND a.state IN ('creating', 'open')`

// ofVisit finds the attempt that the same visitor has running. The same again
// is that attempt; something else replaces it: the old one goes to closing and
// hands its slot over, so that a changed mind never needs two.
//
// With it the questions are asked that must be asked behind that.
func (p *Payments) ofVisit(ctx context.Context, tx *db.Tx, r StartRequest, behind []*db.Statement) (same, inherited *attempt.Attempt, err error) {
	if r.Attribution.VisitID == "" {
		return nil, nil, tx.Batch(ctx, behind...)
	}
	// Two tabs at once come one after another; else the second could find the
	// last slot taken by the first.
	if err := tx.Lock(ctx, "visit "+r.Attribution.VisitID); err != nil {
		return nil, nil, err
	}
	var found attempt.Row
	visit := db.One(&found, byVisit, r.Business.ID, r.Attribution.VisitID)
	if err := tx.Batch(ctx, append([]*db.Statement{visit}, behind...)...); err != nil || visit.None {
		return nil, nil, err
	}
	before, wanted := found.Attempt(), r.attempt("", tx.Now())
	if sellSame(before, wanted) && tx.Now().Before(before.HoldUntil) {
		return &before, nil, nil
	}
	if inherited, err = p.replace(ctx, tx, before, wanted); err != nil {
		return nil, nil, err
	}
	return nil, inherited, tx.Batch(ctx, behind...) // whoever settled it meanwhile was waited for
}

// replace closes the visitor's attempt, and returns it when its hold passes to the wanted
// one; nil when it had none, or gave it up.
func (p *Payments) replace(ctx context.Context, tx *db.Tx, before, wanted attempt.Attempt) (inherited *attempt.Attempt, err error) {
	n, err := tx.Exec(ctx, `UPDATE attempts SET state = 'closing', holds_slot = FALSE, holds_code = FALSE, sync_at = $3, sync_tries = 0, updated_at = $3
		WHERE business_id = $1 AND id = $2 AND state IN ('creating', 'open')`, before.BusinessID, before.ID, db.At(tx.Now()))
	if err != nil || n == 0 {
		return nil, err
	}
	if err := attempt.AddToTimeline(ctx, tx, before, attempt.Closing, attempt.CausePayer, "replaced"); err != nil {
		return nil, err
	}
	if err := p.releaseCode(ctx, tx, &before); err != nil {
		return nil, err
	}
	if !before.HoldsSlot {
		return nil, nil
	}
	if before.LinkID == wanted.LinkID && before.Mode == wanted.Mode {
		return &before, nil
	}
	return nil, p.release(ctx, tx, before, nobody)
}

// sellSame reports whether two attempts are for the same at the same price by the
// same payer.
func sellSame(a, b attempt.Attempt) bool {
	return a.LinkID == b.LinkID && a.ProductID == b.ProductID && a.Source == b.Source && a.Version == b.Version &&
		a.Amount == b.Amount && a.Quantity == b.Quantity && a.Tip == b.Tip && a.Fee == b.Fee && a.CodeID == b.CodeID && a.Discount == b.Discount && a.Answers.Same(b.Answers) && a.Mode == b.Mode && a.Provider == b.Provider && slices.Equal(a.Methods, b.Methods) &&
		attempt.FoldedEmail(a.Payer.Email) == attempt.FoldedEmail(b.Payer.Email)
}
