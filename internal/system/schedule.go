package system

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/visit"
)

// cleanEvery is how often what is old is removed.
const cleanEvery = time.Hour

// overdueEvery is how often links are looked for that have become overdue: days begin at
// every quarter of an hour somewhere.
const overdueEvery = 15 * time.Minute

// forgetViews names the job that removes a deleted link's views.
const forgetViews = "forget views"

// forgotten is its payload.
type forgotten struct{ Business, Link string }

// schedule registers the work that belongs to no single feature.
func (r *System) schedule() {
	r.Queue.Every("clean", cleanEvery, func(ctx context.Context) error {
		return errors.Join(r.Sweep(ctx), visit.PreparePartitions(ctx, r.DB))
	})
	r.Queue.Every("credit notes", cleanEvery, r.Payments.NumberCreditNotes)
	r.Queue.Every("overdue", overdueEvery, func(ctx context.Context) error { return r.Links.NotifyOverdue(ctx, r.Businesses) })
	r.Queue.Handle(forgetViews, func(ctx context.Context, payload []byte) error {
		var f forgotten
		if err := json.Unmarshal(payload, &f); err != nil {
			return err
		}
		return visit.DeleteViews(ctx, r.DB, f.Business, f.Link)
	})
	r.Links.OnDelete(func(ctx context.Context, tx *db.Tx, businessID business.ID, id link.ID) error {
		return r.Queue.Enqueue(ctx, tx, string(businessID), forgetViews, forgotten{string(businessID), string(id)})
	})
}

// Start begins what runs beside requests, and makes what they must find.
func (r *System) Start(ctx context.Context) error {
	if err := r.Alerts.Prepare(ctx); err != nil {
		return err
	}
	r.Messages.Release(ctx)
	return r.Queue.Start(ctx)
}
