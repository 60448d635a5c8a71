package paymenttest

import (
	"slices"

	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/rulestest"
)

// Broken are the rules that the database breaks at this moment.
func (w *World) Broken() []string {
	w.T.Helper()
	broken, err := rulestest.Broken(w.T.Context(), w.DB)
	if err != nil {
		w.T.Fatal(err)
	}
	return broken
}

// unsettled counts money at the sandbox that is neither accepted nor given
// back, once everybody has been asked.
func (w *World) unsettled() int64 {
	return w.Count(`SELECT COUNT(*) FROM sandbox_payments s LEFT JOIN payments p ON p.provider_ref = s.id
		WHERE s.status = 'paid' AND (p.id IS NULL OR p.receipt IS NULL AND s.refunded_minor < s.amount_minor)`)
}

// MustHold fails the test when a rule is broken or money is lost.
func (w *World) MustHold() {
	w.T.Helper()
	for _, rule := range w.Broken() {
		w.T.Error(rule)
	}
	if n := w.unsettled(); n != 0 {
		w.T.Errorf("I3: %d captured payments are neither accepted nor refunded", n)
	}
}

// MustTell looks for a line of the timeline.
func (w *World) MustTell(a attempt.Attempt, cause attempt.Cause, detail string) {
	w.T.Helper()
	events, err := w.Payments.Timeline(w.T.Context(), a.BusinessID, a.ID)
	if err != nil || !slices.ContainsFunc(events, func(e history.TimelineEvent) bool { return e.Cause == cause && e.Detail == detail }) {
		w.T.Errorf("the timeline doesn't tell that %s: %s; %+v, %v", cause, detail, events, err)
	}
}

// Units are the link's in test mode.
func (w *World) Units(l link.Link) link.Slots {
	w.T.Helper()
	now, err := w.Links.Get(w.T.Context(), w.Business, l.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	return now.Units
}

func (w *World) View(a attempt.Attempt) history.View {
	w.T.Helper()
	v, err := w.Payments.Get(w.T.Context(), a.BusinessID, a.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	return v
}

// Slots are the link's in test mode.
func (w *World) Slots(l link.Link) link.Slots {
	w.T.Helper()
	now, err := w.Links.Get(w.T.Context(), w.Business, l.ID)
	if err != nil {
		w.T.Fatal(err)
	}
	return now.Slots
}

// Count runs a query for one number.
func (w *World) Count(query string, arguments ...any) (n int64) {
	w.T.Helper()
	if err := w.DB.Get(w.T.Context(), &n, query, arguments...); err != nil {
		w.T.Fatal(err)
	}
	return n
}

// Expect compares what an attempt became.
func (w *World) Expect(a attempt.Attempt, state attempt.State, status history.Status) history.View {
	w.T.Helper()
	v := w.View(a)
	if v.State != state || v.Status() != status {
		w.T.Errorf("the attempt is %s (%s), not %s (%s); reason %q", v.State, v.Status(), state, status, v.Reason)
	}
	return v
}

// CodeRefused reports whether a code was refused.
func CodeRefused(err error) bool {
	return fault.Is(err, fault.Invalid) && fault.Fields(fault.Of(err).Fields).Has("code")
}
