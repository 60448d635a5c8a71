package payment_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/linetest"
	"smartlinks/internal/payment/mollie"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// report lets the payer decide and waits for the webhook to be through.
func (w *world) report(a attempt.Attempt, outcome sandbox.Outcome, also sandbox.Also) {
	w.t.Helper()
	if _, err := w.sandbox.Decide(w.t.Context(), a.ProviderRef, outcome, also); err != nil {
		w.t.Fatal(err)
	}
	w.settle()
}

func TestAWebhookAloneSettles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		a := w.mustStart(w.ask(w.mustLink(1)))
		w.report(a, sandbox.Paid, sandbox.Twice)
		w.expect(a, attempt.Paid, history.StatusPaid)
		if n := w.count(`SELECT COUNT(*) FROM webhook_inbox WHERE processed_at IS NOT NULL AND outcome = 'paid' AND due_at IS NULL`); n != 1 {
			t.Errorf("%d reports in the inbox are done", n)
		}
		w.mustHold()
	})
}

func TestALateWebhookComesAndALostOneIsNotNeeded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		a := w.mustStart(w.ask(w.mustLink(2)))
		w.report(a, sandbox.Paid, sandbox.Late)
		w.expect(a, attempt.Open, history.StatusOpen)
		w.d.Clock().SetOffset(2 * time.Minute)
		if n, err := w.sandbox.DeliverDue(t.Context()); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		w.expect(a, attempt.Paid, history.StatusPaid)
		lost := w.mustStart(w.ask(w.mustLink(1)))
		w.decide(lost, sandbox.Paid)
		w.pass(5 * time.Minute)
		w.expect(lost, attempt.Paid, history.StatusPaid)
		w.mustHold()
	})
}

func TestAForgedWebhookChangesAndTellsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		a := w.mustStart(w.ask(w.mustLink(1)))
		w.report(a, sandbox.Paid, sandbox.Forged)
		bodies := []string{"", "null", `{"id": "evt_1", "object": "` + a.ProviderRef + `"}`, strings.Repeat("[", 10000)}
		for _, provider := range []string{business.Sandbox, "stripe"} {
			for _, body := range bodies {
				for _, signature := range []string{"", "t=1,v1=00", "t=" + strings.Repeat("9", 40) + ",v1=", "nonsense"} {
					header := http.Header{sandbox.SignatureHeader: {signature}}
					err := w.payments.ReceiveWebhook(t.Context(), w.business, provider, header, []byte(body))
					if !fault.Is(err, fault.NotFound) || fault.Of(err).Message != "Nothing is here." {
						t.Errorf("%s %q %q: %v", provider, signature, body, err)
					}
				}
			}
		}
		w.expect(a, attempt.Open, history.StatusOpen)
		if n := w.count(`SELECT COUNT(*) FROM webhook_inbox`); n != 0 {
			t.Errorf("%d forgeries were stored", n)
		}
		w.pass(5 * time.Minute) // the truth comes all the same
		w.expect(a, attempt.Paid, history.StatusPaid)
	})
}

// A provider may be quicker with its webhook than with its answer.
func TestAWebhookBeforeOurIDIsStored(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		line.set(func() { line.start = errTimeout })
		a := w.mustStart(w.ask(w.mustLink(1)))
		var ref string
		if err := d.Get(t.Context(), &ref, `SELECT id FROM sandbox_payments`); err != nil {
			t.Fatal(err)
		}
		w.report(attempt.Attempt{ProviderRef: ref}, sandbox.Paid, "")
		if n := w.count(`SELECT COUNT(*) FROM webhook_inbox WHERE processed_at IS NULL AND due_at IS NOT NULL`); n != 1 {
			t.Fatalf("%d reports wait", n)
		}
		line.set(func() { line.start = nil })
		w.pass(10 * time.Minute)
		w.expect(a, attempt.Paid, history.StatusPaid)
		w.pass(10 * time.Minute)
		if n := w.count(`SELECT COUNT(*) FROM webhook_inbox WHERE processed_at IS NULL`); n != 0 {
			t.Errorf("%d reports wait still", n)
		}
		w.mustHold()
	})
}

func TestAWebhookForNothingOfOursIsGivenUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		a := w.mustStart(w.ask(w.mustLink(1)))
		order := provider.Order{AttemptID: "pay_elsewhere", Account: provider.Account{Business: w.business.ID, Mode: business.Test}, Amount: eur(100), WebhookURL: w.payments.HookURL, ExpiresAt: dbtest.Start.Add(time.Hour)}
		foreign, err := w.sandbox.Start(t.Context(), order)
		if err != nil {
			t.Fatal(err)
		}
		w.report(attempt.Attempt{ProviderRef: foreign.Ref}, sandbox.Paid, "")
		for range 12 {
			w.pass(time.Hour)
		}
		if n := w.count(`SELECT COUNT(*) FROM webhook_inbox WHERE outcome = 'unknown object' AND due_at IS NULL AND tries = 12`); n != 1 {
			t.Error("it is still tried")
		}
		w.expect(a, attempt.Released, history.StatusExpired)
	})
}

// The signature of one business's webhook is worth nothing for another.
func TestAnotherBusinessesWebhookIsForged(t *testing.T) {
	w := mustWorld(t, dbtest.SQLite(t))
	a := w.mustStart(w.ask(w.mustLink(1)))
	w.business.ID = "biz_00000000000000000000000000" // where the webhook arrives
	w.report(a, sandbox.Paid, "")
	if n := w.count(`SELECT COUNT(*) FROM webhook_inbox`); n != 0 {
		t.Error("it was stored")
	}
}

// The retry is enqueued by the transaction that notes the failure; the clock
// stands, so nothing but the job can settle.
func TestAWebhookThatFailsIsTriedAgainByAJob(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		settled := make(chan struct{}, 8)
		cancel := d.Subscribe(func(topic, _ string) {
			if topic == "activity" {
				settled <- struct{}{}
			}
		})
		defer cancel()
		a := w.mustStart(w.ask(w.mustLink(1)))
		line.set(func() { line.fetch = errTimeout })
		w.report(a, sandbox.Paid, "")
		w.expect(a, attempt.Open, history.StatusOpen)
		line.set(func() { line.fetch = nil })
		if err := w.payments.Queue.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		select {
		case <-settled:
		case <-time.After(30 * time.Second):
			t.Error("the job did not settle it")
		}
		if err := w.payments.Queue.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		w.expect(a, attempt.Paid, history.StatusPaid)
		w.mustHold()
	})
}

// A payer who reloads the page does not make us ask the provider each time.
func TestAPayerWhoReloadsAsksTheProviderOnce(t *testing.T) {
	w, line := brokenWorld(t, dbtest.SQLite(t))
	a := w.mustStart(w.ask(w.mustLink(1)))
	asked := 0
	line.set(func() { line.lie = func(*provider.Remote) { asked++ } })
	for range 20 {
		if err := w.payments.SyncThrottled(t.Context(), a.BusinessID, a.ID); err != nil {
			t.Fatal(err)
		}
	}
	if asked != 1 {
		t.Errorf("the provider was asked %d times", asked)
	}
}

// A report that comes while an earlier one waits is no second one, and its news is not
// lost.
func TestReportsOfOnePaymentWaitAsOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustParty(t, d, mollie.Name)
		a := w.mustStart(w.ask(w.mustLink(1)))
		tell := func() {
			if err := w.payments.ReceiveWebhook(t.Context(), w.business, mollie.Name, http.Header{}, []byte("id="+a.ProviderRef)); err != nil {
				t.Fatal(err)
			}
		}
		waiting := func() (n int64) {
			if err := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM webhook_inbox WHERE processed_at IS NULL`); err != nil {
				t.Fatal(err)
			}
			return n
		}
		w.line.Break(linetest.TooMany)
		tell()
		if n := waiting(); n != 1 {
			t.Fatalf("%d reports wait", n)
		}
		w.do(a.ProviderRef, provider.RemotePaid)
		for range 3 {
			tell()
		}
		if n := waiting(); n != 1 {
			t.Errorf("%d reports wait", n)
		}
		if _, err := w.payments.SweepDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if now, err := w.payments.Get(t.Context(), a.BusinessID, a.ID); err != nil || now.Status() != history.StatusPaid || waiting() != 0 {
			t.Errorf("it is %s, %d wait, %v", now.Status(), waiting(), err)
		}
		tell()
		var rows int64
		if err := d.Get(t.Context(), &rows, `SELECT COUNT(*) FROM webhook_inbox`); err != nil || rows != 1 || waiting() != 0 {
			t.Errorf("%d rows, %d wait, %v", rows, waiting(), err)
		}
	})
}
