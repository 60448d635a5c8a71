package delivery_test

import (
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
)

// What came of messages is found by their tokens: a link may have millions of
// views.
func TestMethodsReadNoOtherViews(t *testing.T) {
	d := dbtest.SQLite(t)
	text := strings.Join(dbtest.Plan(t, d, delivery.MethodsQuery), "\n")
	if !strings.Contains(text, "views_recipient") || !strings.Contains(text, "attempts_recipient") || strings.Contains(text, "SCAN v") {
		t.Errorf("the plan is\n%s", text)
	}
}

// Of two who were sent the last place, one gets it. What the other paid goes back, and
// their message brought nothing.
func TestAMethodIsPaidByWhatIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		l, err := w.links.Edit(t.Context(), w.business, w.link("Workshop").ID, 0, func(f *link.Fields) { f.Limit = link.Limit{Kind: link.Once} })
		if err != nil {
			t.Fatal(err)
		}
		w.send(l, "", w.customer("Amara Okafor", "amara@example.com").ID, w.customer("Jonas Lindqvist", "jonas@example.com").ID)
		start := func(of delivery.Send) attempt.Attempt {
			a, err := w.payments.Start(t.Context(), payment.StartRequest{
				Business: w.business, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: l.Price(), Title: l.Name,
				Payer: attempt.Payer{Name: "Payer", Email: string(of.CustomerID) + "@example.com", Language: "en"}, Attribution: attempt.Attribution{RecipientToken: of.Deliveries[0].Token},
			})
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		sends := w.sends(l)
		late := start(sends[0])
		d.Clock().SetOffset(31 * time.Minute)
		if _, err := w.payments.SweepDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, a := range []attempt.Attempt{start(sends[1]), late} {
			if _, err := w.sandbox.Decide(t.Context(), a.ProviderRef, sandbox.Paid, sandbox.Lost); err != nil {
				t.Fatal(err)
			}
			if _, err := w.payments.Sync(t.Context(), a.BusinessID, a.ID, attempt.CauseReturn); err != nil {
				t.Fatal(err)
			}
		}
		got, err := w.deliveries.Methods(t.Context(), d, w.business.ID, l.ID, w.business.Mode)
		if want := (delivery.Method{Channel: message.ByEmail, Kind: delivery.KindSend, Sent: 2, Paid: 1}); err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%+v, %v, want %+v", got, err, want)
		}
		if other, err := w.deliveries.Methods(t.Context(), d, "biz_other", l.ID, w.business.Mode); err != nil || len(other) != 0 {
			t.Errorf("another business reads %+v, %v", other, err)
		}
	})
}
