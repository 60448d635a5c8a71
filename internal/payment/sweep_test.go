package payment_test

import (
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// A provider that does not answer is asked ever more seldom about what may still be paid and
// what was paid, and about what has ended each hour, until it answers.
func TestASilentProviderIsAskedEverMoreSeldom(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		l := w.mustLink(0)
		paid, failed, review := w.mustPay(l), w.mustStart(w.ask(l)), w.mustStart(w.ask(l))
		w.decide(failed, sandbox.Failed)
		w.mustSync(failed)
		w.decide(review, sandbox.Paid)
		line.set(func() { line.lie, line.once = func(r *provider.Remote) { r.Amount.Minor-- }, true })
		w.mustSync(review)
		w.expect(review, attempt.Review, history.StatusReview)
		w.pass(time.Minute)
		line.set(func() { line.fetch = errTimeout })
		w.pass(25 * time.Hour) // all are due, but what a person must look at
		open := w.mustStart(w.ask(l))
		line.set(func() { clear(line.asked) })
		for range 120 {
			w.pass(time.Minute)
		}
		for what, c := range map[string]struct {
			of          attempt.Attempt
			least, most int
		}{"paid": {paid, 6, 9}, "open": {open, 6, 9}, "failed": {failed, 2, 2}, "in review": {review, 0, 0}} {
			if n := line.asked[c.of.ProviderRef]; n < c.least || n > c.most {
				t.Errorf("what is %s was asked for %d times in two hours", what, n)
			}
		}
		line.set(func() { line.fetch = nil })
		clear(line.asked)
		w.moved += time.Hour
		d.Clock().SetOffset(w.moved)
		if n, err := w.payments.SweepDue(t.Context()); n != 3 || err != nil {
			t.Errorf("%d were due, %v", n, err)
		}
		w.expect(open, attempt.Released, history.StatusExpired)
		for range 24 {
			w.pass(time.Hour)
		}
		if line.asked[paid.ProviderRef] != 1 || line.asked[failed.ProviderRef] != 2 {
			t.Errorf("once it answers: asked %d times for what is paid, %d for what failed", line.asked[paid.ProviderRef], line.asked[failed.ProviderRef])
		}
	})
}

// A checkout is asked about when its time is up, not later.
func TestACheckoutIsAskedAboutWhenItsTimeIsUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		l := w.mustLink(1)
		a := w.mustStart(w.ask(l))
		for range 29 { // ever more seldom, with nothing new
			w.pass(time.Minute)
		}
		w.expect(a, attempt.Open, history.StatusOpen)
		if n := line.asked[a.ProviderRef]; n < 3 || n > 6 {
			t.Errorf("it was asked for %d times", n)
		}
		w.pass(time.Minute)
		w.expect(a, attempt.Released, history.StatusExpired)
		w.mustTell(a, attempt.CausePoller, "its time is up")
		w.mustHold()
	})
}
