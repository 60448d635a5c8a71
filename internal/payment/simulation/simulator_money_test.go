package simulation_test

import (
	"errors"
	"strconv"

	"pgregory.net/rapid"

	"smartlinks/internal/fault"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// somePaid is an attempt whose money was taken.
func (s *simulation) somePaid(rt *rapid.T) attempt.ID {
	var paid []attempt.ID
	if err := s.DB.Select(s.T.Context(), &paid, `SELECT id FROM payments ORDER BY id`); err != nil {
		rt.Fatal(err)
	}
	if len(paid) == 0 {
		rt.Skip("nothing was paid yet")
	}
	return rapid.SampledFrom(paid).Draw(rt, "payment")
}

// refundSome is the merchant who gives back some of what was paid, or all, or
// more than there is.
func (s *simulation) refundSome(rt *rapid.T) {
	id := s.somePaid(rt)
	r := payment.RefundRequest{ReturnSlot: rapid.Bool().Draw(rt, "return the place")}
	if rapid.Bool().Draw(rt, "return some units") {
		r.ReturnUnits = rapid.Int64Range(1, 10).Draw(rt, "units")
	}
	if rapid.IntRange(0, 3).Draw(rt, "a part") > 0 {
		part := paymenttest.Eur(rapid.SampledFrom([]int64{1, 1000, 2450, 4900, 4901}).Draw(rt, "minor"))
		r.Amount = &part
	}
	var err error
	s.process(func() { _, err = s.Payments.Refund(s.T.Context(), s.Business.ID, id, r) })
	if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid) {
		rt.Fatal(err)
	}
}

// refundAgain is the merchant who tries what the bank turned down.
func (s *simulation) refundAgain(rt *rapid.T) {
	id := s.somePaid(rt)
	var err error
	s.process(func() { err = s.Payments.RefundAgain(s.T.Context(), s.Business.ID, id) })
	if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Unavailable) {
		rt.Fatal(err)
	}
}

// bankTakesBack is the payer's bank.
func (s *simulation) bankTakesBack(rt *rapid.T) {
	id := s.somePaid(rt)
	outcome := rapid.SampledFrom([]sandbox.Outcome{sandbox.Disputed, sandbox.DisputeWon, sandbox.DisputeLost}).Draw(rt, "outcome")
	also := rapid.SampledFrom([]sandbox.Also{sandbox.Lost, sandbox.Late}).Draw(rt, "webhook")
	var ref string
	if err := s.DB.Get(s.T.Context(), &ref, `SELECT id FROM sandbox_payments WHERE key = $1`, id); err != nil {
		rt.Skip("the provider has not heard of it")
	}
	if _, err := s.Sandbox.Decide(s.T.Context(), ref, outcome, also); err != nil && !fault.Is(err, fault.Conflict) {
		rt.Fatal(err)
	}
}

// clearQueue is a person who clears the queue.
func (s *simulation) clearQueue(rt *rapid.T) {
	if _, err := s.Payments.Resolve(s.T.Context(), s.Business.ID, s.some(rt), rapid.Bool().Draw(rt, "free the place")); err != nil {
		rt.Fatal(err)
	}
}

// refundThere is the merchant in the provider's own dashboard.
func (s *simulation) refundThere(rt *rapid.T) {
	id := s.some(rt)
	amount := paymenttest.Eur(rapid.SampledFrom([]int64{1, 1000, 2450, 4900}).Draw(rt, "minor"))
	var ref string
	if err := s.DB.Get(s.T.Context(), &ref, `SELECT id FROM sandbox_payments WHERE key = $1 AND status = 'paid'`, id); err != nil {
		rt.Skip("it is not paid")
	}
	s.byHand++
	at := provider.Account{Business: s.Business.ID, Mode: s.Business.Mode}
	_, err := s.Sandbox.Refund(s.T.Context(), at, ref, provider.RefundOrder{Key: "by hand " + strconv.Itoa(s.byHand), Amount: amount, Description: "Workshop"})
	if err != nil && !errors.Is(err, provider.ErrRefused) {
		rt.Fatal(err)
	}
}
