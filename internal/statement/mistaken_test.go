package statement_test

import (
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/statement"
)

// Whatever payers get wrong, their money ends as a payment, as too much, or where somebody
// must look at it: none of it is lost from sight.
func TestMistakenTransfersEndWhereSomebodySeesThem(t *testing.T) {
	const paid, pending, expired, overflow = history.StatusPaid, history.StatusPending, history.StatusExpired, history.StatusOverflow
	for name, c := range map[string]struct {
		amount      string
		unreferred  bool
		afterDays   int  // how long after it was asked for it is booked
		full        bool // somebody else has the place by then
		judged      string
		status      history.Status
		waits, late bool
	}{
		"half":                          {amount: "24.50", judged: "doubtful/less", status: pending, waits: true},
		"double":                        {amount: "98.00", judged: "doubtful/more", status: pending, waits: true},
		"without a reference":           {amount: "49.00", unreferred: true, judged: "doubtful/no_reference", status: pending, waits: true},
		"a day after the hold":          {amount: "49.00", afterDays: 8, judged: "matched/reference", status: paid, late: true},
		"a day after, the link is full": {amount: "49.00", afterDays: 8, full: true, judged: "matched/reference", status: overflow, late: true},
		"half, a day after":             {amount: "24.50", afterDays: 8, judged: "doubtful/less", status: expired, waits: true},
		"double, the link is full":      {amount: "98.00", afterDays: 8, full: true, judged: "doubtful/more", status: expired, waits: true},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := mustWorld(t, d)
				l := w.link(1)
				ann, reference := w.asked(l, "Ann Fine")
				if c.afterDays > 0 {
					w.pass(c.afterDays)
					w.paid(ann, expired)
				}
				if c.full {
					if _, err := w.Payments.Record(t.Context(), payment.RecordRequest{Business: w.acme, LinkID: l.ID, Amount: l.Price(), Method: payment.HandCash, By: "Marit"}); err != nil {
						t.Fatal(err)
					}
				}
				text := reference
				if c.unreferred {
					text = "workshop"
				}
				s := w.read(camt(credit{day: w.day(0), amount: c.amount, payer: "A FINE", text: text, iban: "NL20INGB0001234567"}))
				e := w.expect(s, c.judged)[0]
				w.book(s)
				if v := w.paid(ann, c.status); v.Late() != c.late {
					t.Errorf("late is %t", v.Late())
				}
				waiting, err := w.Statements.NeedAttention(t.Context(), w.acme)
				if err != nil || (len(waiting) == 1) != c.waits {
					t.Fatalf("%d wait, %v", len(waiting), err)
				}
				if c.waits {
					who, err := w.Statements.Candidates(t.Context(), w.acme, waiting[0])
					if err != nil || len(who) != 1 || who[0].PaymentID != ann.ID || who[0].Reference == c.unreferred {
						t.Errorf("candidates: %+v, %v", who, err)
					}
					// A person takes it as the payment: of what came, and by the rules of places.
					w.must(w.decide(s, e, statement.Assign, ann.ID))
					want := paid
					if c.full {
						want = overflow
					}
					if v := w.paid(ann, want); v.Amount.Decimal() != c.amount {
						t.Errorf("taken as %s", v.Amount.Decimal())
					}
				}
				now, err := w.Links.Get(t.Context(), w.acme, l.ID)
				if err != nil || now.Slots.Used != 1 || now.Slots.Held != 0 {
					t.Errorf("its place: %+v, %v", now.Slots, err)
				}
			})
		})
	}
}
