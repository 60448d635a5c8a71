package payment_test

import (
	"strings"
	"time"

	"pgregory.net/rapid"

	"smartlinks/internal/link"
	"smartlinks/internal/payment"
)

// check looks at every rule after each step. A limit that was lowered may be
// exceeded, but nothing is added above it.
func (s *simulation) check(rt *rapid.T) {
	for _, rule := range s.broken() {
		if !strings.HasPrefix(rule, "I1: the limit holds") {
			rt.Error(rule)
		}
	}
	var slots []struct {
		LinkID   link.ID
		Taken    int64
		Capacity *int64
	}
	if err := s.d.Select(s.t.Context(), &slots, `SELECT link_id, held + consumed AS taken, capacity FROM link_slots WHERE mode = 'test'`); err != nil {
		rt.Fatal(err)
	}
	for _, l := range slots {
		if l.Capacity != nil && l.Taken > s.before[l.LinkID] && l.Taken > *l.Capacity {
			rt.Errorf("I1: %d slots of %d are taken, %d were before", l.Taken, *l.Capacity, s.before[l.LinkID])
		}
		s.before[l.LinkID] = l.Taken
	}
}

func (s *simulation) mendLine() {
	s.line.set(func() {
		s.line.start, s.line.fetch, s.line.refund, s.line.lie, s.line.once, s.line.death = nil, nil, nil, nil, false, ""
	})
}

// finish mends the line and lets everything fall due: all money must have
// become a payment, gone back, or be in front of a person.
func (s *simulation) finish(rt *rapid.T) {
	s.mendLine()
	for range 3 {
		s.moved += 2 * time.Hour
		s.d.Clock().SetOffset(s.moved)
		s.work(rt)
	}
	// A lost report of money for an attempt that had ended is found when
	// somebody asks again.
	for _, id := range s.attempts {
		if _, err := s.payments.Sync(s.t.Context(), s.business.ID, id, payment.CauseMerchant); err != nil {
			rt.Fatal(err)
		}
	}
	s.check(rt)
	lost := s.count(`SELECT COUNT(*) FROM sandbox_payments s JOIN attempts a ON a.id = s.key LEFT JOIN payments p ON p.id = a.id
		WHERE s.status = 'paid' AND a.state <> 'review' AND (p.id IS NULL OR p.receipt IS NULL AND s.refunded_minor < s.amount_minor
			AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.payment_id = p.id AND r.state = 'failed'))`)
	if lost != 0 {
		rt.Errorf("I3: %d captured payments are neither accepted, refunded nor in review", lost)
	}
	if asked := s.count(`SELECT COUNT(*) FROM refunds WHERE state = 'asked'`); asked != 0 {
		rt.Errorf("%d refunds still wait", asked)
	}
	if live := s.count(`SELECT COUNT(*) FROM attempts WHERE state IN ('creating', 'open', 'closing')`); live != 0 {
		rt.Errorf("%d attempts still wait", live)
	}
	if made := s.count(`SELECT COUNT(*) FROM sandbox_payments`); made > int64(len(s.attempts)) {
		rt.Errorf("%d attempts made %d checkouts", len(s.attempts), made)
	}
}

// tally counts what became of the attempts, over all seeds.
func (s *simulation) tally(ends map[string]int64) {
	var found []struct {
		Status string
		N      int64
	}
	if err := s.d.Select(s.t.Context(), &found, `SELECT COALESCE(p.status, a.state) AS status, COUNT(*) AS n
		FROM attempts a LEFT JOIN payments p ON p.id = a.id GROUP BY COALESCE(p.status, a.state)`); err != nil {
		s.t.Fatal(err)
	}
	for _, f := range found {
		ends[f.Status] += f.N
	}
}
