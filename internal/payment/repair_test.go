package payment_test

import (
	"context"
	"runtime"
	"sync"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/visit"
)

// Counters are computed anew beside a running server: what others change meanwhile is in them,
// or limits would be sold over.
func TestCountersAreRightWhenTheyAreRepairedWhileSomebodyPays(t *testing.T) {
	d := dbtest.PostgreSQL(t) // SQLite has one writer
	holding, release := make(chan struct{}), make(chan struct{})
	blocks := false
	w := mustWorld(t, d, func(c *payment.Config, _ *sandbox.Sandbox) {
		c.OnStart = func(context.Context, *db.Tx, business.Business, ...attempt.Attempt) error {
			if blocks {
				close(holding)
				<-release
			}
			return nil
		}
	})
	l := w.mustLink(10)
	w.mustStart(w.ask(l))
	blocks = true
	var both sync.WaitGroup
	both.Go(func() { w.mustStart(w.ask(l)) })
	<-holding
	both.Go(func() {
		for _, repair := range []func(context.Context, *db.Tx) error{link.Repair, coupon.Repair, payment.Repair, visit.Repair} {
			if err := d.InTx(t.Context(), func(tx *db.Tx) error { return repair(t.Context(), tx) }); err != nil {
				t.Error(err)
			}
		}
	})
	for waits := false; !waits && t.Context().Err() == nil; runtime.Gosched() {
		if err := d.Get(t.Context(), &waits, `SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%link_slots%')`); err != nil {
			t.Error(err)
			break
		}
	}
	close(release)
	both.Wait()
	if held := w.count(`SELECT held FROM link_slots WHERE mode = 'test'`); held != 2 {
		t.Errorf("%d places are held of 2", held)
	}
	w.mustHold()
}
