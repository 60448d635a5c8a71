package payment_test

import "smartlinks/internal/payment/rulestest"

// broken are the rules that the database breaks at this moment.
func (w *world) broken() []string {
	w.t.Helper()
	broken, err := rulestest.Broken(w.t.Context(), w.d)
	if err != nil {
		w.t.Fatal(err)
	}
	return broken
}

// unsettled counts money at the sandbox that is neither accepted nor given
// back, once everybody has been asked.
func (w *world) unsettled() int64 {
	return w.count(`SELECT COUNT(*) FROM sandbox_payments s LEFT JOIN payments p ON p.provider_ref = s.id
		WHERE s.status = 'paid' AND (p.id IS NULL OR p.receipt IS NULL AND s.refunded_minor < s.amount_minor)`)
}

// mustHold fails the test when a rule is broken or money is lost.
func (w *world) mustHold() {
	w.t.Helper()
	for _, rule := range w.broken() {
		w.t.Error(rule)
	}
	if n := w.unsettled(); n != 0 {
		w.t.Errorf("I3: %d captured payments are neither accepted nor refunded", n)
	}
}
