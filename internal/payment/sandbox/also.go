package sandbox

import "time"

// Also makes the sandbox misbehave.
type Also string

// The misbehaviours. The empty one is none.
const (
	Late        Also = "late"         // the webhook comes two minutes later, by the application's clock
	Twice       Also = "twice"        // the same event two times at once
	Lost        Also = "lost"         // no webhook
	Forged      Also = "forged"       // a webhook with a wrong signature
	Reordered   Also = "reordered"    // an older event comes after the newer one
	AfterExpiry Also = "after_expiry" // it expires, and is paid two minutes later
	LostAnswer  Also = "lost_answer"  // the next checkout is made, and we are not told
	RefundsFail Also = "refunds_fail" // no refund of it succeeds
)

// Alsos are all of them.
func Alsos() []Also {
	return []Also{Late, Twice, Lost, Forged, Reordered, AfterExpiry, LostAnswer, RefundsFail}
}

// lateBy is how much later a late webhook comes.
const lateBy = 2 * time.Minute

// report is a webhook to be made: which of the events that one decision causes,
// and how much later it comes.
type report struct {
	event int // 0 is the older one
	after time.Duration
}

// reports are the webhooks of a decision, in the order in which they come.
func (a Also) reports() []report {
	switch a {
	case Lost:
		return nil
	case Late:
		return []report{{0, lateBy}}
	case Twice:
		return []report{{0, 0}, {0, 0}}
	case Reordered:
		return []report{{1, 0}, {0, lateBy}}
	case AfterExpiry:
		return []report{{0, 0}, {1, lateBy}}
	}
	return []report{{0, 0}}
}
