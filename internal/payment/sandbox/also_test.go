package sandbox_test

import (
	"encoding/json"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// events are the ids in the order in which they arrived.
func (m *merchant) events(t *testing.T) (ids []string) {
	t.Helper()
	for _, r := range m.reports() {
		var said struct{ ID string }
		if err := json.Unmarshal(r.body, &said); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, said.ID)
	}
	return ids
}

func TestAnOlderReportComesAfterTheNewerOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mustMerchant(t)
		s := mustSandbox(t, d, m)
		if _, err := s.Decide(t.Context(), mustStart(t, s, m), sandbox.Paid, sandbox.Reordered); err != nil {
			t.Fatal(err)
		}
		settle(t, s)
		d.Clock().SetOffset(2 * time.Minute)
		if n, err := s.DeliverDue(t.Context()); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if got := m.events(t); len(got) != 2 || got[0] == got[1] {
			t.Errorf("the events %v arrived, want two that differ", got)
		}
	})
}

func TestAnExpiredCheckoutIsPaidAllTheSame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mustMerchant(t)
		s := mustSandbox(t, d, m)
		ref := mustStart(t, s, m)
		if _, err := s.Decide(t.Context(), ref, sandbox.Failed, sandbox.AfterExpiry); !fault.Is(err, fault.Invalid) {
			t.Errorf("failed after expiry: %v", err)
		}
		if _, err := s.Decide(t.Context(), ref, sandbox.Paid, sandbox.AfterExpiry); err != nil {
			t.Fatal(err)
		}
		settle(t, s)
		if got := status(t, s, ref); got != provider.RemoteExpired || len(m.reports()) != 1 {
			t.Errorf("%s, %d reports", got, len(m.reports()))
		}
		if _, err := s.Refund(t.Context(), at, ref, provider.RefundOrder{Key: "early", Amount: order(m, "").Amount, Description: "Workshop"}); err == nil {
			t.Error("refunded before it was paid")
		}
		d.Clock().SetOffset(2 * time.Minute)
		if _, err := s.DeliverDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := status(t, s, ref); got != provider.RemotePaid || len(m.reports()) != 2 {
			t.Errorf("%s, %d reports", got, len(m.reports()))
		}
		if _, err := s.Decide(t.Context(), ref, sandbox.Failed, ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("paid is final, and failed says %v", err)
		}
		if _, err := s.Refund(t.Context(), at, ref, provider.RefundOrder{Key: "late", Amount: order(m, "").Amount, Description: "Workshop"}); err != nil {
			t.Errorf("what was paid after its end is not refunded: %v", err)
		}
	})
}

func TestAPayerWhoChangesTheirMindIsNotPaidLater(t *testing.T) {
	m := mustMerchant(t)
	d := dbtest.SQLite(t)
	s := mustSandbox(t, d, m)
	ref := mustStart(t, s, m)
	if _, err := s.Decide(t.Context(), ref, sandbox.Paid, sandbox.AfterExpiry); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Decide(t.Context(), ref, sandbox.Canceled, sandbox.Lost); err != nil {
		t.Fatal(err)
	}
	d.Clock().SetOffset(time.Hour)
	if got := status(t, s, ref); got != provider.RemoteCanceled {
		t.Error(got)
	}
}

// The checkout is made, we hear of it a minute later, and it is the same one.
func TestAnAnswerIsLostForTheNextCheckoutAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mustMerchant(t)
		s := mustSandbox(t, d, m)
		if _, err := s.Decide(t.Context(), mustStart(t, s, m), sandbox.Paid, sandbox.LostAnswer); err != nil {
			t.Fatal(err)
		}
		foreign := order(m, "pay_foreign")
		foreign.Account.Business = "biz_other"
		if _, err := s.Start(t.Context(), foreign); err != nil {
			t.Errorf("another business is hit: %v", err)
		}
		for range 2 { // asking again at once does not help
			if c, err := s.Start(t.Context(), order(m, "pay_2")); err == nil {
				t.Errorf("we were told of %s", c.Ref)
			}
		}
		if _, err := s.Start(t.Context(), order(m, "pay_3")); err != nil {
			t.Errorf("the one after it: %v", err)
		}
		d.Clock().SetOffset(time.Minute)
		first, err := s.Start(t.Context(), order(m, "pay_2"))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := s.Start(t.Context(), order(m, "pay_2")); err != nil || again != first {
			t.Errorf("%v and %v, %v", first, again, err)
		}
		var made int
		if err := d.Get(t.Context(), &made, `SELECT COUNT(*) FROM sandbox_payments WHERE key = 'pay_2'`); err != nil || made != 1 {
			t.Errorf("%d were made, %v", made, err)
		}
	})
}

func TestRefundsFailWhereThatWasChosen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mustMerchant(t)
		s := mustSandbox(t, d, m)
		ref := mustStart(t, s, m)
		if _, err := s.Decide(t.Context(), ref, sandbox.Paid, sandbox.RefundsFail); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			reported, err := s.Refund(t.Context(), at, ref, provider.RefundOrder{Key: "a", Amount: order(m, "").Amount, Description: "Workshop"})
			if err != nil || reported.State != provider.RefundRejected || reported.Problem == "" {
				t.Errorf("%+v, %v", reported, err)
			}
		}
		moved, err := s.Movements(t.Context(), at, ref)
		if err != nil || len(moved.Refunds) != 1 {
			t.Errorf("%+v, %v", moved, err)
		}
	})
}

func TestABankDisputesWhatIsPaidAndDecidesOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := mustMerchant(t)
		s := mustSandbox(t, d, m)
		ref := mustStart(t, s, m)
		decide := func(outcome sandbox.Outcome) error {
			_, err := s.Decide(t.Context(), ref, outcome, sandbox.Lost)
			return err
		}
		if err := decide(sandbox.Disputed); !fault.Is(err, fault.Conflict) {
			t.Errorf("disputed before it was paid: %v", err)
		}
		for _, outcome := range []sandbox.Outcome{sandbox.Paid, sandbox.Disputed, sandbox.Disputed, sandbox.DisputeLost} {
			if err := decide(outcome); err != nil {
				t.Errorf("%s: %v", outcome, err)
			}
		}
		if err := decide(sandbox.DisputeWon); !fault.Is(err, fault.Conflict) {
			t.Errorf("decided twice: %v", err)
		}
		moved, err := s.Movements(t.Context(), at, ref)
		if err != nil || len(moved.Disputes) != 1 || moved.Disputes[0].State != provider.DisputeLost || moved.Disputes[0].Amount != order(m, "").Amount {
			t.Errorf("%+v, %v", moved.Disputes, err)
		}
		if got := status(t, s, ref); got != provider.RemotePaid {
			t.Errorf("a disputed payment is %s at the provider", got)
		}
	})
}

// A forged report comes alone, and a lost one not at all, whatever was decided.
func TestEachMisbehaviourMakesItsReports(t *testing.T) {
	for also, want := range map[sandbox.Also]int{
		"": 1, sandbox.Late: 0, sandbox.Twice: 2, sandbox.Lost: 0, sandbox.Forged: 1, sandbox.Reordered: 1, sandbox.AfterExpiry: 1,
		sandbox.LostAnswer: 1, sandbox.RefundsFail: 1,
	} {
		m := mustMerchant(t)
		s := mustSandbox(t, dbtest.SQLite(t), m)
		if _, err := s.Decide(t.Context(), mustStart(t, s, m), sandbox.Paid, also); err != nil {
			t.Fatal(err)
		}
		settle(t, s)
		if n := len(m.reports()); n != want {
			t.Errorf("%q: %d reports at once, want %d", also, n, want)
		}
	}
	if n := len(sandbox.Alsos()); n != 8 {
		t.Errorf("%d misbehaviours, and this test knows 8", n)
	}
}
