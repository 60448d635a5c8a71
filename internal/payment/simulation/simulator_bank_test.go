package simulation_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"smartlinks/internal/fault"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/paymenttest"
)

// transferSome is a visitor who says that they will send the money from their bank.
func (s *simulation) transferSome(rt *rapid.T) {
	l := rapid.SampledFrom(s.links[:3]).Draw(rt, "link")
	visitor := rapid.StringMatching("[1-6]").Draw(rt, "visitor")
	r := s.Transfer(l)
	r.Attribution.VisitID = "visit-" + string(l.ID) + "-" + visitor
	r.Payer.Email = "visitor" + visitor + "@example.com"
	if rapid.Bool().Draw(rt, "asked personally") {
		r.Attribution.RecipientToken = "token" + visitor
	}
	var err error
	s.process(func() { _, err = s.Payments.Start(s.T.Context(), r) })
	for _, refusal := range []fault.Code{fault.SlotTaken, fault.LimitReached, fault.TooMany, fault.NotFound} {
		if fault.Is(err, refusal) {
			return
		}
	}
	if err != nil {
		rt.Fatal(err)
	}
	var ids []attempt.ID
	if err := s.DB.Select(s.T.Context(), &ids, `SELECT id FROM attempts`); err != nil {
		rt.Fatal(err)
	}
	for _, id := range ids { // one at most
		if !slices.Contains(s.attempts, id) {
			s.attempts = append(s.attempts, id)
		}
	}
}

// someTransfer is a payment that was to be sent from a bank.
func (s *simulation) someTransfer(rt *rapid.T) attempt.ID {
	var ids []attempt.ID
	if err := s.DB.Select(s.T.Context(), &ids, `SELECT attempt_id FROM bank_transfers ORDER BY id`); err != nil {
		rt.Fatal(err)
	}
	if len(ids) == 0 {
		rt.Skip("nobody transfers yet")
	}
	return rapid.SampledFrom(ids).Draw(rt, "transfer")
}

// bankBooks is a member who finds a transfer on the statement: in time, late, after it was
// given up, of all that was asked or of half.
func (s *simulation) bankBooks(rt *rapid.T) {
	id, amount := s.someTransfer(rt), paymenttest.Eur(4900)
	if rapid.IntRange(0, 4).Draw(rt, "half") == 0 {
		amount.Minor = 2450
	}
	booked := banktransfer.Booked{Amount: amount, Day: s.DB.Clock().Now().Format(time.DateOnly)}
	if err := s.Transfers.Book(s.T.Context(), s.Business, id, booked); err != nil && !fault.Is(err, fault.Conflict) {
		rt.Fatal(err)
	}
	var err error
	s.process(func() { _, err = s.Payments.Sync(s.T.Context(), s.Business.ID, id, attempt.CauseMerchant) })
	if err != nil && !fault.Is(err, fault.Unavailable) {
		rt.Fatal(err)
	}
}

// decideTransfer is a member who takes another amount as the payment, or says that it was a
// mistake or was sent back.
func (s *simulation) decideTransfer(rt *rapid.T) {
	id := s.someTransfer(rt)
	var err error
	if rapid.Bool().Draw(rt, "keep") {
		err = s.Transfers.Keep(s.T.Context(), s.Business.ID, id)
	} else {
		_, err = s.Transfers.Drop(s.T.Context(), s.Business.ID, id)
	}
	if err != nil && !fault.Is(err, fault.Conflict) {
		rt.Fatal(err)
	}
	s.process(func() { _, err = s.Payments.Sync(s.T.Context(), s.Business.ID, id, attempt.CauseMerchant) })
	if err != nil && !fault.Is(err, fault.Unavailable) {
		rt.Fatal(err)
	}
}

// giveUpTransfer is a payer, or a member, who waits for a transfer no more.
func (s *simulation) giveUpTransfer(rt *rapid.T) {
	id := s.someTransfer(rt)
	var err error
	s.process(func() { err = s.Payments.CloseWaiting(s.T.Context(), s.Business.ID, id, attempt.CausePayer) })
	if err != nil && !fault.Is(err, fault.Conflict) {
		rt.Fatal(err)
	}
}

// giveTransfersBack is the member who sends back what was too much, at the end of a story.
func (s *simulation) giveTransfersBack(rt *rapid.T) {
	var ids []attempt.ID
	if err := s.DB.Select(s.T.Context(), &ids, `SELECT p.id FROM payments p WHERE p.provider = 'bank_transfer' AND p.receipt IS NULL`); err != nil {
		rt.Fatal(err)
	}
	for _, id := range ids {
		if err := s.Transfers.GaveBack(s.T.Context(), s.Business.ID, id); err != nil {
			rt.Fatal(err)
		}
	}
}
