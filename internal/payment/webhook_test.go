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
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

func TestAWebhookAloneSettles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		a := w.MustStart(w.Ask(w.MustLink(1)))
		w.Report(a, sandbox.Paid, sandbox.Twice)
		w.Expect(a, attempt.Paid, history.StatusPaid)
		if n := w.Count(`SELECT COUNT(*) FROM webhook_inbox WHERE processed_at IS NOT NULL AND outcome = 'paid' AND due_at IS NULL`); n != 1 {
			t.Errorf("%d reports in the inbox are done", n)
		}
		w.MustHold()
	})
}

func TestALateWebhookComesAndALostOneIsNotNeeded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		a := w.MustStart(w.Ask(w.MustLink(2)))
		w.Report(a, sandbox.Paid, sandbox.Late)
		w.Expect(a, attempt.Open, history.StatusOpen)
		w.DB.Clock().SetOffset(2 * time.Minute)
		if n, err := w.Sandbox.DeliverDue(t.Context()); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		w.Expect(a, attempt.Paid, history.StatusPaid)
		lost := w.MustStart(w.Ask(w.MustLink(1)))
		w.Decide(lost, sandbox.Paid)
		w.Pass(5 * time.Minute)
		w.Expect(lost, attempt.Paid, history.StatusPaid)
		w.MustHold()
	})
}

func TestAForgedWebhookChangesAndTellsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		a := w.MustStart(w.Ask(w.MustLink(1)))
		w.Report(a, sandbox.Paid, sandbox.Forged)
		bodies := []string{"", "null", `{"id": "evt_1", "object": "` + a.ProviderRef + `"}`, strings.Repeat("[", 10000)}
		for _, provider := range []string{business.Sandbox, "stripe"} {
			for _, body := range bodies {
				for _, signature := range []string{"", "t=1,v1=00", "t=" + strings.Repeat("9", 40) + ",v1=", "nonsense"} {
					header := http.Header{sandbox.SignatureHeader: {signature}}
					err := w.Payments.ReceiveWebhook(t.Context(), w.Business, provider, header, []byte(body))
					if !fault.Is(err, fault.NotFound) || fault.Of(err).Message != "Nothing is here." {
						t.Errorf("%s %q %q: %v", provider, signature, body, err)
					}
				}
			}
		}
		w.Expect(a, attempt.Open, history.StatusOpen)
		if n := w.Count(`SELECT COUNT(*) FROM webhook_inbox`); n != 0 {
			t.Errorf("%d forgeries were stored", n)
		}
		w.Pass(5 * time.Minute) // the truth comes all the same
		w.Expect(a, attempt.Paid, history.StatusPaid)
	})
}

// A provider may be quicker with its webhook than with its answer.
func TestAWebhookBeforeOurIDIsStored(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		line.Set(func() { line.StartErr = paymenttest.ErrTimeout })
		a := w.MustStart(w.Ask(w.MustLink(1)))
		var ref string
		if err := d.Get(t.Context(), &ref, `SELECT id FROM sandbox_payments`); err != nil {
			t.Fatal(err)
		}
		w.Report(attempt.Attempt{ProviderRef: ref}, sandbox.Paid, "")
		if n := w.Count(`SELECT COUNT(*) FROM webhook_inbox WHERE processed_at IS NULL AND due_at IS NOT NULL`); n != 1 {
			t.Fatalf("%d reports wait", n)
		}
		line.Set(func() { line.StartErr = nil })
		w.Pass(10 * time.Minute)
		w.Expect(a, attempt.Paid, history.StatusPaid)
		w.Pass(10 * time.Minute)
		if n := w.Count(`SELECT COUNT(*) FROM webhook_inbox WHERE processed_at IS NULL`); n != 0 {
			t.Errorf("%d reports wait still", n)
		}
		w.MustHold()
	})
}

func TestAWebhookForNothingOfOursIsGivenUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		a := w.MustStart(w.Ask(w.MustLink(1)))
		order := provider.Order{AttemptID: "pay_elsewhere", Account: provider.Account{Business: w.Business.ID, Mode: business.Test}, Amount: paymenttest.Eur(100), WebhookURL: w.Payments.HookURL, ExpiresAt: dbtest.Start.Add(time.Hour)}
		foreign, err := w.Sandbox.Start(t.Context(), order)
		if err != nil {
			t.Fatal(err)
		}
		w.Report(attempt.Attempt{ProviderRef: foreign.Ref}, sandbox.Paid, "")
		for range 12 {
			w.Pass(time.Hour)
		}
		if n := w.Count(`SELECT COUNT(*) FROM webhook_inbox WHERE outcome = 'unknown object' AND due_at IS NULL AND tries = 12`); n != 1 {
			t.Error("it is still tried")
		}
		w.Expect(a, attempt.Released, history.StatusExpired)
	})
}

// The signature of one business's webhook is worth nothing for another.
func TestAnotherBusinessesWebhookIsForged(t *testing.T) {
	w := paymenttest.MustWorld(t, dbtest.SQLite(t))
	a := w.MustStart(w.Ask(w.MustLink(1)))
	w.Business.ID = "biz_00000000000000000000000000" // where the webhook arrives
	w.Report(a, sandbox.Paid, "")
	if n := w.Count(`SELECT COUNT(*) FROM webhook_inbox`); n != 0 {
		t.Error("it was stored")
	}
}

// The retry is enqueued by the transaction that notes the failure; the clock
// stands, so nothing but the job can settle.
func TestAWebhookThatFailsIsTriedAgainByAJob(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := paymenttest.BrokenWorld(t, d)
		settled := make(chan struct{}, 8)
		cancel := d.Subscribe(func(topic, _ string) {
			if topic == "activity" {
				settled <- struct{}{}
			}
		})
		defer cancel()
		a := w.MustStart(w.Ask(w.MustLink(1)))
		line.Set(func() { line.FetchErr = paymenttest.ErrTimeout })
		w.Report(a, sandbox.Paid, "")
		w.Expect(a, attempt.Open, history.StatusOpen)
		line.Set(func() { line.FetchErr = nil })
		if err := w.Payments.Queue.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		select {
		case <-settled:
		case <-time.After(30 * time.Second):
			t.Error("the job did not settle it")
		}
		if err := w.Payments.Queue.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		w.Expect(a, attempt.Paid, history.StatusPaid)
		w.MustHold()
	})
}

// A payer who reloads the page does not make us ask the provider each time.
func TestAPayerWhoReloadsAsksTheProviderOnce(t *testing.T) {
	w, line := paymenttest.BrokenWorld(t, dbtest.SQLite(t))
	a := w.MustStart(w.Ask(w.MustLink(1)))
	asked := 0
	line.Set(func() { line.Lie = func(*provider.Remote) { asked++ } })
	for range 20 {
		if err := w.Payments.SyncThrottled(t.Context(), a.BusinessID, a.ID); err != nil {
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
		w := paymenttest.MustParty(t, d, mollie.Name)
		a := w.MustStart(w.Ask(w.MustLink(1)))
		tell := func() {
			if err := w.Payments.ReceiveWebhook(t.Context(), w.Business, mollie.Name, http.Header{}, []byte("id="+a.ProviderRef)); err != nil {
				t.Fatal(err)
			}
		}
		waiting := func() (n int64) {
			if err := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM webhook_inbox WHERE processed_at IS NULL`); err != nil {
				t.Fatal(err)
			}
			return n
		}
		w.Line.Break(linetest.TooMany)
		tell()
		if n := waiting(); n != 1 {
			t.Fatalf("%d reports wait", n)
		}
		w.Do(a.ProviderRef, provider.RemotePaid)
		for range 3 {
			tell()
		}
		if n := waiting(); n != 1 {
			t.Errorf("%d reports wait", n)
		}
		if _, err := w.Payments.SweepDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if now, err := w.Payments.Get(t.Context(), a.BusinessID, a.ID); err != nil || now.Status() != history.StatusPaid || waiting() != 0 {
			t.Errorf("it is %s, %d wait, %v", now.Status(), waiting(), err)
		}
		tell()
		var rows int64
		if err := d.Get(t.Context(), &rows, `SELECT COUNT(*) FROM webhook_inbox`); err != nil || rows != 1 || waiting() != 0 {
			t.Errorf("%d rows, %d wait, %v", rows, waiting(), err)
		}
	})
}
