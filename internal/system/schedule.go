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

// Intervals of the work that comes back. What is urgent happens with the
// request that caused it; these settle what was missed.
const (
	sweepEvery  = 5 * time.Second
	remindEvery = 15 * time.Second
	cleanEvery  = time.Hour
)

// forgetViews names the job that removes a deleted link's views.
const forgetViews = "forget views"

// forgotten is its payload.
type forgotten struct{ Business, Link string }

// schedule registers the work that belongs to no single feature.
func (r *System) schedule() {
	r.Queue.Every("sweep", sweepEvery, r.Settle)
	r.Queue.Every("remind", remindEvery, func(ctx context.Context) error {
		_, err := r.Reminders.SendDue(ctx)
		return err
	})
	r.Queue.Every("clean", cleanEvery, func(ctx context.Context) error {
		return errors.Join(r.Sweep(ctx), visit.PreparePartitions(ctx, r.DB))
	})
	r.Queue.Handle(forgetViews, func(ctx context.Context, payload []byte) error {
		var f forgotten
		if err := json.Unmarshal(payload, &f); err != nil {
			return err
		}
		return visit.Forget(ctx, r.DB, f.Business, f.Link)
	})
	r.Links.OnDelete(func(ctx context.Context, tx *db.Tx, businessID business.ID, id link.ID) error {
		return r.Queue.Enqueue(ctx, tx, forgetViews, forgotten{string(businessID), string(id)})
	})
}

// Start begins what runs beside requests: messages, webhooks and jobs.
func (r *System) Start(ctx context.Context) error {
	r.Messages.Start()
	r.Webhooks.Start()
	return r.Queue.Start(ctx)
}
