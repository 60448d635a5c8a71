package payment_test

import (
	"errors"
	"fmt"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/provider"
)

// Checkouts that come together are each their own payer's, however many they are. One that a
// provider made for two attempts is the first one's, and keeps nobody else from theirs.
func TestCheckoutsThatComeTogetherAreEachTheirOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		line.set(func() { line.start = errTimeout })
		answers := make([]payment.Answer, 5)
		for i := range answers {
			answers[i] = payment.Answer{Attempt: w.mustStart(w.ask(w.mustLink(1))), Made: provider.Checkout{Ref: fmt.Sprint("sbx_", i), URL: fmt.Sprint("https://pay.example/", i)}}
		}
		got, errs := w.payments.OpenTogether(answers[:3]...)
		for i, a := range got {
			if errs[i] != nil || a.CheckoutURL != answers[i].Made.URL || a.State != attempt.Open {
				t.Errorf("payer %d: %s at %q, %v", i, a.State, a.CheckoutURL, errs[i])
			}
			w.expect(a, attempt.Open, history.StatusOpen)
		}
		answers[3].Made.Ref = answers[0].Made.Ref
		_, errs = w.payments.OpenTogether(answers[3:]...)
		if errs[0] == nil || errors.Is(errs[0], db.ErrAway) || errs[1] != nil {
			t.Errorf("one checkout for two: %v", errs)
		}
		if v := w.expect(answers[3].Attempt, attempt.Creating, history.StatusOpen); v.CheckoutURL != "" {
			t.Errorf("the second one pays at %q", v.CheckoutURL)
		}
		if v := w.expect(answers[4].Attempt, attempt.Open, history.StatusOpen); v.CheckoutURL != answers[4].Made.URL {
			t.Errorf("who came with it pays at %q", v.CheckoutURL)
		}
	})
}
