package account_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestThrottleHoldsUnderConcurrency(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		throttle := account.NewThrottle(d, true)
		var passed atomic.Int64
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				after, ok, err := throttle.Allow(t.Context(), "start 192.0.2.1", 7, time.Minute)
				switch {
				case err != nil:
					t.Error(err)
				case ok:
					passed.Add(1)
				case after != time.Minute:
					t.Errorf("try again after %v", after)
				}
			})
		}
		wg.Wait()
		if passed.Load() != 7 {
			t.Errorf("%d passed", passed.Load())
		}
		if _, ok, err := throttle.Allow(t.Context(), "start 192.0.2.2", 7, time.Minute); !ok || err != nil {
			t.Errorf("another bucket was refused: %v", err)
		}
	})
}

func TestThrottleStartsAnewAfterItsWindow(t *testing.T) {
	d := dbtest.SQLite(t)
	throttle := account.NewThrottle(d, true)
	for i, window := range []time.Duration{-time.Second, -time.Second, time.Minute} { // the first two are over at once
		if _, ok, err := throttle.Allow(t.Context(), "bucket", 1, window); !ok || err != nil {
			t.Errorf("%d: refused, %v", i, err)
		}
	}
	if _, ok, err := throttle.Allow(t.Context(), "bucket", 1, time.Minute); ok || err != nil {
		t.Errorf("let through, %v", err)
	}
}

func TestThrottleStaysOnWallTime(t *testing.T) {
	d := dbtest.Open(t, db.Config{Path: dbtest.NewSQLite(t), Clock: clock.Fixed(dbtest.Start)})
	throttle := account.NewThrottle(d, true)
	if _, ok, err := throttle.Allow(t.Context(), "bucket", 1, time.Minute); !ok || err != nil {
		t.Fatal(err)
	}
	d.Clock().SetOffset(48 * time.Hour)
	if _, ok, err := throttle.Allow(t.Context(), "bucket", 1, time.Minute); ok || err != nil {
		t.Errorf("the test clock opened the throttle: %v", err)
	}
}
