package poll_test

import (
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// A provider that does not answer is asked ever more seldom about what may still be paid and
// what was paid, and about what has ended each hour, until it answers.
func TestASilentProviderIsAskedEverMoreSeldom(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		l := w.MustLink(0)
		paid, failed, review := w.MustPay(l), w.MustStart(w.Ask(l)), w.MustStart(w.Ask(l))
		w.Decide(failed, sandbox.Failed)
		w.MustSync(failed)
		w.Decide(review, sandbox.Paid)
		line.Set(func() { line.Lie, line.Once = func(r *provider.Remote) { r.Amount.Minor-- }, true })
		w.MustSync(review)
		w.Expect(review, attempt.Review, history.StatusReview)
		w.Pass(time.Minute)
		line.Set(func() { line.FetchErr = paymenttest.ErrTimeout })
		w.Pass(25 * time.Hour) // all are due, but what a person must look at
		open := w.MustStart(w.Ask(l))
		line.Set(func() { clear(line.Asked) })
		for range 120 {
			w.Pass(time.Minute)
		}
		for what, c := range map[string]struct {
			of          attempt.Attempt
			least, most int
		}{"paid": {paid, 6, 9}, "open": {open, 6, 9}, "failed": {failed, 2, 2}, "in review": {review, 0, 0}} {
			if n := line.Asked[c.of.ProviderRef]; n < c.least || n > c.most {
				t.Errorf("what is %s was asked for %d times in two hours", what, n)
			}
		}
		line.Set(func() { line.FetchErr = nil })
		clear(line.Asked)
		w.Moved += time.Hour
		d.Clock().SetOffset(w.Moved)
		if n, err := w.Payments.SweepDue(t.Context()); n != 3 || err != nil {
			t.Errorf("%d were due, %v", n, err)
		}
		w.Expect(open, attempt.Released, history.StatusExpired)
		for range 24 {
			w.Pass(time.Hour)
		}
		if line.Asked[paid.ProviderRef] != 1 || line.Asked[failed.ProviderRef] != 2 {
			t.Errorf("once it answers: asked %d times for what is paid, %d for what failed", line.Asked[paid.ProviderRef], line.Asked[failed.ProviderRef])
		}
	})
}

// A checkout is asked about when its time is up, not later.
func TestACheckoutIsAskedAboutWhenItsTimeIsUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		l := w.MustLink(1)
		a := w.MustStart(w.Ask(l))
		for range 29 { // ever more seldom, with nothing new
			w.Pass(time.Minute)
		}
		w.Expect(a, attempt.Open, history.StatusOpen)
		if n := line.Asked[a.ProviderRef]; n < 3 || n > 6 {
			t.Errorf("it was asked for %d times", n)
		}
		w.Pass(time.Minute)
		w.Expect(a, attempt.Released, history.StatusExpired)
		w.MustTell(a, attempt.CausePoller, "its time is up")
		w.MustHold()
	})
}
