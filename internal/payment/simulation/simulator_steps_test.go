package simulation_test

import (
	"errors"
	"slices"
	"time"

	"pgregory.net/rapid"

	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/paymenttest"
	"smartlinks/internal/payment/provider"
	"smartlinks/internal/payment/sandbox"
)

// process does something as a process that may die while it does.
func (s *simulation) process(do func()) {
	ended := make(chan struct{})
	go func() {
		defer close(ended) // also when it dies
		do()
	}()
	<-ended
}

// pay is one of a few visitors who presses Pay, so that tabs and changed minds
// happen.
func (s *simulation) pay(rt *rapid.T) {
	l := rapid.SampledFrom(s.links).Draw(rt, "link")
	visitor := rapid.StringMatching("[1-6]").Draw(rt, "visitor")
	r := s.Ask(l)
	r.Version = int64(rapid.IntRange(1, 2).Draw(rt, "version"))
	if l.Checkout.Quantity != nil {
		r.Quantity = rapid.Int64Range(1, 10).Draw(rt, "units")
		r.Extras = checkout.Extras{Tip: rapid.SampledFrom([]string{"", "5", "own"}).Draw(rt, "tip"), Own: 100, CoverFee: rapid.Bool().Draw(rt, "fee")}
	}
	if rapid.IntRange(0, 2).Draw(rt, "has a code") == 0 {
		r.Code = rapid.SampledFrom(s.codes).Draw(rt, "code")
	}
	r.Attribution.VisitID = "visit-" + string(l.ID) + "-" + visitor
	r.Payer.Email = "visitor" + visitor + "@example.com"
	var err error
	s.process(func() { _, err = s.Payments.Start(s.T.Context(), r) })
	for _, refusal := range []fault.Code{fault.SlotTaken, fault.LimitReached, fault.TooMany, fault.NotFound} {
		if fault.Is(err, refusal) {
			return
		}
	}
	if few := (*link.TooFew)(nil); errors.As(err, &few) || paymenttest.CodeRefused(err) {
		return
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

// some is an attempt that was made.
func (s *simulation) some(rt *rapid.T) attempt.ID {
	if len(s.attempts) == 0 {
		rt.Skip("nobody paid yet")
	}
	return rapid.SampledFrom(s.attempts).Draw(rt, "attempt")
}

// decideSome is the provider, also for checkouts whose id we were not told.
func (s *simulation) decideSome(rt *rapid.T) {
	id := s.some(rt)
	outcome := rapid.SampledFrom([]sandbox.Outcome{sandbox.Paid, sandbox.Paid, sandbox.Pending, sandbox.Failed, sandbox.Canceled, sandbox.Expired}).Draw(rt, "outcome")
	also := rapid.SampledFrom([]sandbox.Also{sandbox.Lost, sandbox.Lost, sandbox.Late, sandbox.RefundsFail, sandbox.RefundsFail}).Draw(rt, "webhook")
	var ref string
	if err := s.DB.Get(s.T.Context(), &ref, `SELECT id FROM sandbox_payments WHERE key = $1`, id); err != nil {
		rt.Skip("the provider has not heard of it")
	}
	if _, err := s.Sandbox.Decide(s.T.Context(), ref, outcome, also); err != nil && !fault.Is(err, fault.Conflict) {
		rt.Fatal(err)
	}
}

// payTooLate pays what has ended, when all slots may be taken. The webhook about it is
// lost, or the money can't go back.
func (s *simulation) payTooLate(rt *rapid.T) {
	var refs []string
	err := s.DB.Select(s.T.Context(), &refs, `SELECT s.id FROM sandbox_payments s JOIN attempts a ON a.id = s.key
		WHERE s.status <> 'paid' AND a.state IN ('failed', 'canceled', 'expired', 'released') AND a.link_id = $1`, s.links[0].ID)
	if err != nil {
		rt.Fatal(err)
	}
	also := rapid.SampledFrom([]sandbox.Also{sandbox.Lost, sandbox.RefundsFail}).Draw(rt, "webhook")
	for _, ref := range refs {
		if _, err := s.Sandbox.Decide(s.T.Context(), ref, sandbox.Paid, also); err != nil {
			rt.Fatal(err)
		}
	}
	s.timePasses(rt)
}

func (s *simulation) comeBack(rt *rapid.T) {
	id := s.some(rt)
	cause := rapid.SampledFrom([]attempt.Cause{attempt.CauseReturn, attempt.CauseMerchant, attempt.CausePoller}).Draw(rt, "cause")
	var err error
	s.process(func() { _, err = s.Payments.Sync(s.T.Context(), s.Business.ID, id, cause) })
	if err != nil && !fault.Is(err, fault.Unavailable) {
		rt.Fatal(err)
	}
}

func (s *simulation) timePasses(rt *rapid.T) {
	minutes := rapid.SampledFrom([]int{1, 2, 3, 10, 31, 120, 1500}).Draw(rt, "minutes")
	s.Moved += time.Duration(minutes) * time.Minute
	s.DB.Clock().SetOffset(s.Moved)
	s.work(rt)
}

// work does what fell due, as far as the process lives.
func (s *simulation) work(rt *rapid.T) {
	var swept, delivered error
	s.process(func() {
		_, swept = s.Payments.SweepDue(s.T.Context())
		_, delivered = s.Sandbox.DeliverDue(s.T.Context())
	})
	if swept != nil || delivered != nil {
		rt.Fatal(swept, delivered)
	}
}

func (s *simulation) lineBreaks(rt *rapid.T) {
	broken := func(what string) error {
		if rapid.Bool().Draw(rt, what) {
			return paymenttest.ErrTimeout
		}
		return nil
	}
	start, fetch, refund := broken("start"), broken("fetch"), broken("refund")
	s.line.Set(func() { s.line.StartErr, s.line.FetchErr, s.line.RefundErr = start, fetch, refund })
}

// providerLies is told to the next who asks.
func (s *simulation) providerLies(rt *rapid.T) {
	lie := rapid.SampledFrom([]func(*provider.Remote){
		func(r *provider.Remote) { r.Amount.Minor-- },
		func(r *provider.Remote) { r.AttemptID = "pay_other" },
		func(r *provider.Remote) { r.Status = "quantum" },
		func(r *provider.Remote) { r.Status = provider.RemoteExpired },
		func(r *provider.Remote) { r.Status = provider.RemoteOpen },
	}).Draw(rt, "lie")
	s.line.Set(func() { s.line.Lie, s.line.Once = lie, true })
}

func (s *simulation) processDies(rt *rapid.T) {
	moment := rapid.SampledFrom(paymenttest.Deaths).Draw(rt, "moment")
	s.line.Set(func() { s.line.Death = moment })
}

// hooksAgain repeats all webhooks that came, the last one first.
func (s *simulation) hooksAgain(rt *rapid.T) {
	for _, h := range slices.Backward(s.HooksHeard()) {
		var err error
		s.process(func() { err = s.Payments.ReceiveWebhook(s.T.Context(), s.Business, sandbox.Name, h.Header, h.Body) })
		if err != nil {
			rt.Fatal(err)
		}
	}
}

func (s *simulation) limitChanges(rt *rapid.T) {
	l := rapid.SampledFrom(s.links[:2]).Draw(rt, "link")
	limit := link.Limit{Kind: link.Multiple, Max: rapid.Int64Range(1, 4).Draw(rt, "limit")}
	if _, err := s.World.Links.Edit(s.T.Context(), s.Business, l.ID, 0, func(f *link.Fields) { f.Limit = limit }); err != nil {
		rt.Fatal(err)
	}
}

// countsChange is the merchant who has the limit of tickets count payments, or units
// again.
func (s *simulation) countsChange(rt *rapid.T) {
	l := s.links[3]
	limit := link.Limit{
		Kind: link.Multiple, Max: rapid.Int64Range(1, 25).Draw(rt, "limit"),
		Counts: rapid.SampledFrom([]link.Counts{link.Units, link.Units, link.Payments}).Draw(rt, "counts"),
	}
	now, err := s.World.Links.Edit(s.T.Context(), s.Business, l.ID, 0, func(f *link.Fields) { f.Limit = limit })
	if err != nil {
		rt.Fatal(err)
	}
	s.before[l.ID] = now.Counted().Held + now.Counted().Used
}

func (s *simulation) linkSwitched(rt *rapid.T) {
	l := rapid.SampledFrom(s.links).Draw(rt, "link")
	active := rapid.IntRange(0, 3).Draw(rt, "active") > 0
	if _, err := s.World.Links.Edit(s.T.Context(), s.Business, l.ID, 0, func(f *link.Fields) { f.Active = active }); err != nil {
		rt.Fatal(err)
	}
}

// recordSome is a member who records cash of one of the visitors, or of nobody that is
// known, for less or more than the price, and may raise the limit for it.
func (s *simulation) recordSome(rt *rapid.T) {
	l := rapid.SampledFrom(s.links).Draw(rt, "link")
	r := s.HandOf(l)
	r.Amount = paymenttest.Eur(rapid.SampledFrom([]int64{4900, 100, 9800}).Draw(rt, "minor"))
	r.RaiseLimit = rapid.IntRange(0, 4).Draw(rt, "raise") == 0
	if visitor := rapid.StringMatching("[1-6]?").Draw(rt, "visitor"); visitor != "" {
		r.Email = "visitor" + visitor + "@example.com"
	}
	var err error
	s.process(func() { _, err = s.Payments.Record(s.T.Context(), r) })
	if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.LimitReached) {
		rt.Fatal(err)
	}
}
