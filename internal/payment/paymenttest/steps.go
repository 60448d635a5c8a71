package paymenttest

import (
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/sandbox"
)

// Booked is the attempt behind so much that the bank booked so many days after the start.
func (w *World) Booked(t *banktransfer.Transfers, a attempt.Attempt, minor int64, day int) history.View {
	w.T.Helper()
	err := t.Book(w.T.Context(), w.Business, a.ID, banktransfer.Booked{Amount: Eur(minor), Day: dbtest.Start.AddDate(0, 0, day).Format(time.DateOnly)})
	if err != nil {
		w.T.Fatal(err)
	}
	return w.MustSync(a)
}

// Buy is a payer with the address who pays for the link.
func (w *World) Buy(l link.Link, email string) history.View {
	w.T.Helper()
	r := w.Ask(l)
	r.Payer.Email = email
	a := w.MustStart(r)
	w.Decide(a, sandbox.Paid)
	return w.MustSync(a)
}

// Reconcile compares with the provider as after a restored backup.
func (w *World) Reconcile() payment.Reconciled {
	w.T.Helper()
	provider := w.Business.Provider
	if provider == "" {
		provider = business.Sandbox
	}
	done, err := w.Payments.Reconcile(w.T.Context(), w.Business, provider, business.Test, w.DB.Clock().Wall().Add(-30*24*time.Hour))
	if err != nil {
		w.T.Fatal(err)
	}
	return done
}

// MustRecord records money by hand.
func (w *World) MustRecord(r payment.RecordRequest) history.View {
	w.T.Helper()
	v, err := w.Payments.Record(w.T.Context(), r)
	if err != nil {
		w.T.Fatal(err)
	}
	return v
}

// MustPay is a payment that was made.
func (w *World) MustPay(l link.Link) attempt.Attempt {
	w.T.Helper()
	a := w.MustStart(w.Ask(l))
	w.Decide(a, sandbox.Paid)
	if v := w.MustSync(a); v.Receipt == "" {
		w.T.Fatalf("it is %s", v.State)
	}
	return a
}

// Refund gives money back, or says why not.
func (w *World) Refund(a attempt.Attempt, r payment.RefundRequest) (payment.Refund, error) {
	w.T.Helper()
	return w.Payments.Refund(w.T.Context(), a.BusinessID, a.ID, r)
}

// MustRefund gives money back.
func (w *World) MustRefund(a attempt.Attempt, r payment.RefundRequest) payment.Refund {
	w.T.Helper()
	made, err := w.Refund(a, r)
	if err != nil {
		w.T.Fatal(err)
	}
	return made
}

// MustComeTooLate is money that came when no slot was left, and goes back by itself.
func (w *World) MustComeTooLate() attempt.Attempt {
	w.T.Helper()
	l := w.MustLink(1)
	late := w.MustStart(w.Ask(l))
	w.Pass(31 * time.Minute)
	w.MustPay(l)
	w.Decide(late, sandbox.Paid)
	return late
}

// Report lets the payer decide and waits for the webhook to be through.
func (w *World) Report(a attempt.Attempt, outcome sandbox.Outcome, also sandbox.Also) {
	w.T.Helper()
	if _, err := w.Sandbox.Decide(w.T.Context(), a.ProviderRef, outcome, also); err != nil {
		w.T.Fatal(err)
	}
	w.Settle()
}

// MustStart starts an attempt.
func (w *World) MustStart(r payment.StartRequest) attempt.Attempt {
	w.T.Helper()
	a, err := w.Payments.Start(w.T.Context(), r)
	if err != nil {
		w.T.Fatal(err)
	}
	return a
}

// Decide is what the payer does at the provider; no webhook comes of it.
func (w *World) Decide(a attempt.Attempt, outcome sandbox.Outcome) {
	w.T.Helper()
	if _, err := w.Sandbox.Decide(w.T.Context(), a.ProviderRef, outcome, sandbox.Lost); err != nil {
		w.T.Fatal(err)
	}
}

// MustSync asks the provider as a payer's return does.
func (w *World) MustSync(a attempt.Attempt) history.View {
	w.T.Helper()
	if _, err := w.Payments.Sync(w.T.Context(), a.BusinessID, a.ID, attempt.CauseReturn); err != nil {
		w.T.Fatal(err)
	}
	return w.View(a)
}
