package payment_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/sandbox"
)

// simulation is what may happen between payers, a provider, a merchant and a
// line that breaks, in any order. rapid prints a seed that replays a failure.
type simulation struct {
	*world
	line     *wire
	links    []link.Link
	attempts []payment.Attempt
	before   map[link.ID]int64 // held + used
}

func TestMoneyHoldsWhateverHappens(t *testing.T) {
	byDefault(t, "rapid.checks", "100", "20")
	byDefault(t, "rapid.seed", "0", "1")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, line := brokenWorld(t, d)
		rapid.Check(t, func(rt *rapid.T) {
			s := &simulation{world: w, line: line, before: map[link.ID]int64{}}
			s.links = []link.Link{w.mustLink(1), w.mustLink(3), w.mustLink(0)}
			rt.Repeat(map[string]func(*rapid.T){
				"pay":           s.pay,
				"decide":        s.decideSome,
				"return":        s.comeBack,
				"time passes":   s.timePasses,
				"line breaks":   s.lineBreaks,
				"limit changes": s.limitChanges,
				"":              s.check,
			})
			s.finish(rt)
		})
	})
}

// byDefault changes rapid's own default of a flag for this test: the same short
// run each time. Long and fresh ones ask for it: -rapid.checks=5000 -rapid.seed=7.
func byDefault(t *testing.T, name, theirs, ours string) {
	t.Helper()
	if flag.Lookup(name).Value.String() != theirs {
		return
	}
	if err := flag.Set(name, ours); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := flag.Set(name, theirs); err != nil {
			t.Error(err)
		}
	})
}

// pay is one of a few visitors who presses Pay, so that tabs and changed minds
// happen.
func (s *simulation) pay(rt *rapid.T) {
	l := rapid.SampledFrom(s.links).Draw(rt, "link")
	visitor := rapid.IntRange(1, 6).Draw(rt, "visitor")
	r := s.ask(l)
	r.Version = int64(rapid.IntRange(1, 2).Draw(rt, "version"))
	r.Attribution.VisitID = fmt.Sprintf("visit-%s-%d", l.ID, visitor)
	r.Payer.Email = fmt.Sprintf("visitor%d@example.com", visitor)
	a, err := s.payments.Start(s.t.Context(), r)
	for _, refusal := range []fault.Code{fault.SlotTaken, fault.LimitReached, fault.TooMany} {
		if fault.Is(err, refusal) {
			return
		}
	}
	if err != nil {
		rt.Fatal(err)
	}
	if !slices.ContainsFunc(s.attempts, func(b payment.Attempt) bool { return a.ID == b.ID }) {
		s.attempts = append(s.attempts, a)
	}
}

// some is an attempt that was made.
func (s *simulation) some(rt *rapid.T) payment.Attempt {
	if len(s.attempts) == 0 {
		rt.Skip("nobody paid yet")
	}
	return rapid.SampledFrom(s.attempts).Draw(rt, "attempt")
}

// decideSome is the provider, also for checkouts whose id we were not told.
func (s *simulation) decideSome(rt *rapid.T) {
	a := s.some(rt)
	outcome := rapid.SampledFrom([]sandbox.Outcome{sandbox.Paid, sandbox.Paid, sandbox.Pending, sandbox.Failed, sandbox.Canceled, sandbox.Expired}).Draw(rt, "outcome")
	also := rapid.SampledFrom([]sandbox.Also{sandbox.Lost, sandbox.Late}).Draw(rt, "webhook")
	var ref string
	if err := s.d.Get(s.t.Context(), &ref, `SELECT id FROM sandbox_payments WHERE key = $1`, a.ID); err != nil {
		rt.Skip("the provider has not heard of it")
	}
	if _, err := s.sandbox.Decide(s.t.Context(), ref, outcome, also); err != nil && !fault.Is(err, fault.Conflict) {
		rt.Fatal(err)
	}
}

func (s *simulation) comeBack(rt *rapid.T) {
	a := s.some(rt)
	cause := rapid.SampledFrom([]payment.Cause{payment.CauseReturn, payment.CauseMerchant, payment.CausePoller}).Draw(rt, "cause")
	_, err := s.payments.Sync(s.t.Context(), a.BusinessID, a.ID, cause)
	if err != nil && !fault.Is(err, fault.Unavailable) {
		rt.Fatal(err)
	}
}

func (s *simulation) timePasses(rt *rapid.T) {
	minutes := rapid.SampledFrom([]int{1, 2, 3, 10, 31, 120, 1500}).Draw(rt, "minutes")
	s.pass(time.Duration(minutes) * time.Minute)
	if _, err := s.sandbox.DeliverDue(s.t.Context()); err != nil {
		rt.Fatal(err)
	}
}

func (s *simulation) lineBreaks(rt *rapid.T) {
	broken := func(what string) error {
		if rapid.Bool().Draw(rt, what) {
			return errTimeout
		}
		return nil
	}
	start, fetch, refund := broken("start"), broken("fetch"), broken("refund")
	s.line.set(func() { s.line.start, s.line.fetch, s.line.refund = start, fetch, refund })
}

func (s *simulation) limitChanges(rt *rapid.T) {
	l := rapid.SampledFrom(s.links[:2]).Draw(rt, "link")
	limit := link.Limit{Kind: link.Multiple, Max: rapid.Int64Range(1, 4).Draw(rt, "limit")}
	if _, err := s.world.links.Update(s.t.Context(), s.business, l.ID, 0, link.Patch{Limit: &limit}); err != nil {
		rt.Fatal(err)
	}
}

// check looks at every rule. A limit that was lowered may be exceeded, but
// nothing is added above it.
func (s *simulation) check(rt *rapid.T) {
	for _, rule := range s.broken() {
		if !strings.HasPrefix(rule, "I1: the limit holds") {
			rt.Error(rule)
		}
	}
	for _, l := range s.links {
		now, err := s.world.links.Get(s.t.Context(), s.business, l.ID)
		if err != nil {
			rt.Fatal(err)
		}
		taken := now.Slots.Held + now.Slots.Used
		if now.Limit.Limited() && taken > s.before[l.ID] && taken > now.Limit.Max {
			rt.Errorf("I1: %d slots of %d are taken, %d were before", taken, now.Limit.Max, s.before[l.ID])
		}
		s.before[l.ID] = taken
	}
}

// finish mends the line and lets everything fall due: all money must have
// become a payment, gone back, or be in front of a person.
func (s *simulation) finish(rt *rapid.T) {
	s.line.set(func() { s.line.start, s.line.fetch, s.line.refund = nil, nil, nil })
	for range 3 {
		s.pass(2 * time.Hour)
		if _, err := s.sandbox.DeliverDue(s.t.Context()); err != nil {
			rt.Fatal(err)
		}
	}
	// A lost report of money for an attempt that had ended is found when
	// somebody asks again.
	for _, a := range s.attempts {
		if _, err := s.payments.Sync(s.t.Context(), a.BusinessID, a.ID, payment.CauseMerchant); err != nil {
			rt.Fatal(err)
		}
	}
	s.check(rt)
	lost := s.count(`SELECT COUNT(*) FROM sandbox_payments s JOIN attempts a ON a.id = s.key LEFT JOIN payments p ON p.id = a.id
		WHERE s.status = 'paid' AND a.state <> 'review' AND (p.id IS NULL OR p.receipt IS NULL AND s.refunded_minor < s.amount_minor)`)
	if lost != 0 {
		rt.Errorf("I3: %d captured payments are neither accepted, refunded nor in review", lost)
	}
	if live := s.count(`SELECT COUNT(*) FROM attempts WHERE state IN ('creating', 'open', 'closing')`); live != 0 {
		rt.Errorf("%d attempts still wait", live)
	}
}
