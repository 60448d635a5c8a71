package simulation_test

import (
	"strings"
	"time"

	"pgregory.net/rapid"

	"smartlinks/internal/link"
	"smartlinks/internal/payment/attempt"
)

// check looks at every rule after each step. A limit that was lowered may be
// exceeded, but nothing is added above it.
func (s *simulation) check(rt *rapid.T) {
	for _, rule := range s.Broken() {
		if !strings.HasPrefix(rule, "I1: the limit holds") {
			rt.Error(rule)
		}
	}
	var slots []struct {
		LinkID   link.ID
		Taken    int64
		Capacity *int64
	}
	if err := s.DB.Select(s.T.Context(), &slots, `SELECT link_id, CASE WHEN by_units THEN held_units + consumed_units ELSE held + consumed END AS taken, capacity FROM link_slots WHERE mode = 'test'`); err != nil {
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
	s.line.Set(func() {
		s.line.StartErr, s.line.FetchErr, s.line.RefundErr, s.line.Lie, s.line.Once, s.line.Death = nil, nil, nil, nil, false, ""
	})
}

// finish mends the line and lets everything fall due: all money must have
// become a payment, gone back, or be in front of a person.
func (s *simulation) finish(rt *rapid.T) {
	s.mendLine()
	for range 3 {
		s.Moved += 2 * time.Hour
		s.DB.Clock().SetOffset(s.Moved)
		s.work(rt)
	}
	s.settleStatements(rt)
	s.giveTransfersBack(rt)
	// A lost report of money for an attempt that had ended is found when
	// somebody asks again.
	for range 3 { // what was refunded there is seen once it is paid here, and what is left is asked for then
		for _, id := range s.attempts {
			if _, err := s.Payments.Sync(s.T.Context(), s.Business.ID, id, attempt.CauseMerchant); err != nil {
				rt.Fatal(err)
			}
		}
	}
	s.check(rt)
	s.booksAgree(rt)
	lost := s.Count(`SELECT COUNT(*) FROM sandbox_payments s JOIN attempts a ON a.id = s.key LEFT JOIN payments p ON p.id = a.id
		WHERE s.status = 'paid' AND a.state <> 'review' AND (p.id IS NULL OR p.receipt IS NULL AND s.refunded_minor < s.amount_minor
			AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.payment_id = p.id AND r.state = 'failed'))`)
	if lost != 0 {
		rt.Errorf("I3: %d captured payments are neither accepted, refunded nor in review", lost)
	}
	for what, query := range map[string]string{
		"the provider gave back something else than our books say": `SELECT COUNT(*) FROM payments p JOIN sandbox_payments s ON s.id = p.provider_ref
			WHERE p.refunded_minor <> s.refunded_minor`,
		"the bank decided something else": `SELECT COUNT(*) FROM sandbox_disputes s JOIN payments p ON p.provider_ref = s.payment_id
			LEFT JOIN disputes d ON d.provider_ref = s.id WHERE d.state IS NULL OR d.state <> s.state`,
	} {
		if n := s.Count(query); n != 0 {
			rt.Errorf("I3: %s, of %d payments", what, n)
		}
	}
	if asked := s.Count(`SELECT COUNT(*) FROM refunds WHERE state = 'asked'`); asked != 0 {
		rt.Errorf("%d refunds still wait", asked)
	}
	if live := s.Count(`SELECT COUNT(*) FROM attempts WHERE state IN ('creating', 'open', 'closing')`); live != 0 {
		rt.Errorf("%d attempts still wait", live)
	}
	if made := s.Count(`SELECT COUNT(*) FROM sandbox_payments`); made > int64(len(s.attempts)) {
		rt.Errorf("%d attempts made %d checkouts", len(s.attempts), made)
	}
}

// tally counts what became of the attempts over all seeds. In review, and with a refund
// that failed, are those that ever were: most are settled before a seed ends.
func (s *simulation) tally(ends map[string]int64) {
	var found []struct {
		Status string
		N      int64
	}
	if err := s.DB.Select(s.T.Context(), &found, `
		SELECT COALESCE(p.status, a.state) AS status, COUNT(*) AS n FROM attempts a LEFT JOIN payments p ON p.id = a.id
			WHERE a.state <> 'review' AND COALESCE(p.status, '') <> 'refund_failed' GROUP BY COALESCE(p.status, a.state)
		UNION ALL SELECT 'free', COUNT(*) FROM payments WHERE provider = 'none'
		UNION ALL SELECT 'with a code', COUNT(*) FROM payments p JOIN attempts a ON a.id = p.id WHERE a.code_id <> '' AND p.receipt IS NOT NULL
		UNION ALL SELECT 'review', COUNT(DISTINCT attempt_id) FROM attempt_events WHERE state = 'review'
		UNION ALL SELECT 'refund_failed', COUNT(DISTINCT attempt_id) FROM attempt_events WHERE detail = 'refund_failed'`); err != nil {
		s.T.Fatal(err)
	}
	for _, f := range found {
		ends[f.Status] += f.N
	}
}
