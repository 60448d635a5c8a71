package statement

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/statement/bankfile"
)

// asked is a transfer that a payer was asked for.
type asked struct {
	AttemptID    attempt.ID
	Mode         business.Mode
	AmountMinor  int64
	Reference    string
	Status       string
	BookedMinor  int64
	Kept         bool
	CreatedAt    db.Time
	LinkID       string
	Email        string
	SupersededBy attempt.ID
	Tied         bool // an entry of a statement is its money
}

const askedColumns = `t.attempt_id, t.mode, t.amount_minor, t.reference, t.status, t.booked_minor, t.kept_at IS NOT NULL AS kept, t.created_at,
	COALESCE(a.link_id, '') AS link_id, a.payer_email_folded AS email, a.superseded_by,
	EXISTS (SELECT 1 FROM statement_entries e WHERE e.business_id = t.business_id AND e.payment_id = t.attempt_id AND e.taken_at IS NOT NULL) AS tied`

// recorded is a payment that a member recorded as a transfer, and that no entry was tied to.
type recorded struct {
	ID          attempt.ID
	LinkID      string
	Email       string
	PaidOn      string
	AmountMinor int64
}

// nearDays is how far the day of a recorded payment may be from the bank's.
const nearDays = 7

// judgement is what entries are judged by.
type judgement struct {
	business.Business
	today   string
	asked   map[string]asked // by reference
	counted map[string]bool  // hashes
	byHand  []recorded
	others  map[string]bool // what other formats told: day, amount, reference
	taken   map[attempt.ID]bool
}

// judge says what becomes of entries that nothing was said of yet.
func (s *Statements) judge(ctx context.Context, from db.Reader, b business.Business, format bankfile.Format, account string, entries []entry) error {
	j := judgement{Business: b, today: s.DB.Clock().Now().In(b.Location()).Format(time.DateOnly), taken: map[attempt.ID]bool{}}
	var hashes, refs []string
	first, last := "9999-12-31", ""
	for i := range entries {
		e := &entries[i]
		if e.state != "" || e.Kind != bankfile.Credit && e.Kind != bankfile.Reversal {
			continue
		}
		hashes, refs = append(hashes, e.hash), append(refs, references(e.Entry)...)
		first, last = min(first, e.Day), max(last, e.Day)
	}
	var err error
	if j.counted, err = s.counted(ctx, from, b, hashes); err != nil {
		return err
	}
	if j.asked, err = s.askedFor(ctx, from, b.ID, refs); err != nil {
		return err
	}
	if j.byHand, err = s.recordedBetween(ctx, from, b, shifted(first, -nearDays), shifted(last, nearDays)); err != nil {
		return err
	}
	if j.others, err = s.inOtherFormats(ctx, from, b, format, account, first, last); err != nil {
		return err
	}
	for i := range entries {
		if e := &entries[i]; e.state == "" {
			e.state, e.Reason = j.of(e)
		}
	}
	return nil
}

// of is what becomes of one entry.
func (j judgement) of(e *entry) (State, Reason) {
	switch e.Kind {
	case bankfile.Debit:
		return LeftOut, Outgoing
	case bankfile.Pending:
		return LeftOut, NotBooked
	}
	if e.Minor == 0 {
		return LeftOut, Nothing
	}
	if j.counted[e.hash] {
		return LeftOut, CountedBefore
	}
	j.counted[e.hash] = true
	refs := references(e.Entry)
	if len(refs) == 1 {
		e.reference = refs[0]
	}
	var found []asked
	for _, r := range refs {
		if a, known := j.asked[r]; known {
			found = append(found, a)
		}
	}
	if len(found) == 1 {
		e.reference, e.paymentID = found[0].Reference, string(found[0].AttemptID)
	}
	switch {
	case e.Kind == bankfile.Reversal:
		return Doubtful, TakenBack
	case e.Unclear:
		return Doubtful, UnclearBatch
	case e.Currency != euro:
		return Doubtful, OtherCurrency
	case e.Day > j.today:
		return Doubtful, InFuture
	case len(found) > 1:
		return Doubtful, TwoReferences
	case len(found) == 0:
		return Doubtful, j.unreferred(e)
	}
	return j.referred(e, found[0])
}

// unreferred is why an entry without a reference of ours is doubtful.
func (j judgement) unreferred(e *entry) Reason {
	switch {
	case j.others[otherKey(e.Day, e.Minor, e.reference)]:
		return OtherFormat
	case e.reference != "" || looksReferred(e.Entry):
		return UnknownReference
	}
	return NoReference
}

// referred is what becomes of an entry that names what a payer was asked for.
func (j judgement) referred(e *entry, a asked) (State, Reason) {
	switch hand := j.handOf(e, a); {
	case a.Mode != j.Mode:
		e.paymentID = ""
		return Doubtful, OtherMode
	case a.Status == "paid" && !a.Tied && a.BookedMinor == e.Minor:
		return Doubtful, ByHand // somebody said that it came
	case j.others[otherKey(e.Day, e.Minor, e.reference)]:
		return Doubtful, OtherFormat
	case a.Status == "paid" && (a.Tied || a.Kept || a.BookedMinor == a.AmountMinor), j.taken[a.AttemptID]:
		return Doubtful, PaidAlready
	case hand != "":
		e.paymentID = string(hand)
		return Doubtful, ByHand
	case e.Day < banktransfer.FirstDay(j.Business, a.CreatedAt.Time):
		return Doubtful, TooEarly
	case e.Minor < a.AmountMinor:
		return Doubtful, Less
	case e.Minor > a.AmountMinor:
		return Doubtful, More
	}
	j.taken[a.AttemptID] = true
	return Matched, ByReference
}

// handOf is the payment that a member recorded which this money may be, "" for none.
func (j judgement) handOf(e *entry, a asked) attempt.ID {
	if a.SupersededBy != "" {
		return a.SupersededBy
	}
	for _, r := range j.byHand {
		same := r.LinkID != "" && r.LinkID == a.LinkID || r.Email != "" && r.Email == a.Email
		if same && r.AmountMinor == e.Minor && r.PaidOn >= shifted(e.Day, -nearDays) && r.PaidOn <= shifted(e.Day, nearDays) {
			return r.ID
		}
	}
	return ""
}

// shifted is a day some days later.
func shifted(day string, days int) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return at.AddDate(0, 0, days).Format(time.DateOnly)
}
