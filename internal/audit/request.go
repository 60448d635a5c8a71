package audit

import (
	"context"
	"sync/atomic"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// Request is a request that does something to a business. The first transaction that it
// commits records it: what was done and its entry are both there, or neither is.
type Request struct {
	// Entry may be filled in until the request begins its first transaction.
	Entry
	// Creates says that the object is what the request makes.
	Creates bool

	log      *Log
	business business.ID
	recorded atomic.Bool
	nothing  atomic.Bool // was there to change
}

// Begin returns the request, and the context under which it is to be done.
func (l *Log) Begin(ctx context.Context, businessID business.ID, e Entry) (context.Context, *Request) {
	r := &Request{Entry: e, log: l, business: businessID}
	return db.WithBeforeCommit(ctx, r.record), r
}

// Aside returns a context for what a request does beside its purpose, such as counting a
// throttle: to commit that doesn't mean that the request was done.
func Aside(ctx context.Context) context.Context { return db.WithBeforeCommit(ctx, nil) }

// End records a request that was done without a transaction: secrets were shown, data
// were handed out.
func (r *Request) End(ctx context.Context) error {
	if r.recorded.Load() || r.nothing.Load() {
		return nil
	}
	return r.log.db.InTx(Aside(ctx), func(tx *db.Tx) error { return r.record(ctx, tx) })
}

// record adds the entry to a transaction, unless an earlier one has it or this one changes
// nothing.
func (r *Request) record(ctx context.Context, tx *db.Tx) error {
	if r.recorded.Load() || r.What == "" {
		return nil
	}
	if tx.ChangesNothing() {
		tx.AfterCommit(func() { r.nothing.Store(true) })
		return nil
	}
	e := r.Entry
	if r.Creates && e.Object == "" {
		e.Object = tx.Made("lnk", "prd", "imp", "stm", "cus", "tag", "whe", "dom", "tok", "inv")
	}
	tx.AfterCommit(func() { r.recorded.Store(true) })
	return r.log.Record(ctx, tx, r.business, e)
}
