package payment_test

import (
	"slices"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
)

// held is a link that is paid in these ways alone.
func (w *world) held(methods ...string) link.Link {
	w.t.Helper()
	amount := eur(4900)
	return w.create(link.Fields{Type: link.Amount, Name: "Held", Amount: &amount, Checkout: checkout.Rules{Methods: methods}})
}

func TestAnAttemptIsHeldToTheWaysOfItsLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l := w.held("IDEAL", "card", "bank_transfer", "ideal")
		if !slices.Equal(l.Checkout.Methods, []string{"ideal", "card", "bank_transfer"}) {
			t.Errorf("the link has %v", l.Checkout.Methods)
		}
		r := w.ask(l)
		r.Attribution.VisitID = "visit-of-ways"
		a := w.mustStart(r)
		if kept, err := w.payments.Get(t.Context(), w.business.ID, a.ID); err != nil || !slices.Equal(kept.Methods, []string{"ideal", "card"}) {
			t.Errorf("%v, %v", kept.Methods, err)
		}
		if again := w.mustStart(r); again.ID != a.ID {
			t.Error("the same again is another attempt")
		}
		if r.Method = "card"; !slices.Equal(w.mustStart(r).Methods, []string{"card"}) {
			t.Error("another way to pay is the attempt before")
		}
		// Every way needs no names.
		all := w.held("provider")
		if a := w.mustStart(w.ask(all)); len(a.Methods) > 0 {
			t.Errorf("%v", a.Methods)
		}
		for _, methods := range [][]string{{""}, {"No way"}} {
			_, err := w.links.Create(t.Context(), w.business, link.Fields{Name: "Way", Amount: l.Amount, Checkout: checkout.Rules{Methods: methods}})
			if !fault.Is(err, fault.Invalid) || !fault.Fields(fault.Of(err).Fields).Has("methods") {
				t.Errorf("%q: %v", methods, err)
			}
		}
	})
}
