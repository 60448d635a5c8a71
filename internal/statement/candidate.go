package statement

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/text"
)

// Candidate is a payment that an entry may be the money of.
type Candidate struct {
	PaymentID attempt.ID
	Payer     string
	Title     string
	Amount    money.Amount
	HeldUntil db.Time // zero where nobody waits for it any more
	Reference bool    // what fits
	Name      bool
	Same      bool // the amount
	Recorded  bool // a member recorded it; the entry moves no figure then
}

// mostCandidates is how many are shown.
const mostCandidates = 4

// Candidates are the likeliest payments of a doubtful entry, the likeliest first. None is
// chosen.
func (s *Statements) Candidates(ctx context.Context, b business.Business, e Entry) ([]Candidate, error) {
	if e.State != Doubtful || e.Reversal || e.Amount.Currency != euro {
		return nil, nil
	}
	var found []struct {
		PaymentID                    attempt.ID
		PayerName, PayerEmail, Title string
		Reference                    string
		AmountMinor                  int64
		ExpiresAt                    db.Time
		Waiting, Recorded            bool
	}
	err := s.DB.Select(ctx, &found, `
		SELECT t.attempt_id AS payment_id, a.payer_name, a.payer_email, a.title, t.reference, t.amount_minor, t.expires_at, t.status = 'waiting' AS waiting, t.status = 'paid' AS recorded
		FROM bank_transfers t JOIN attempts a ON a.id = t.attempt_id
		WHERE t.business_id = $1 AND t.mode = $2 AND (t.attempt_id = $3 OR t.amount_minor = $4 AND t.status <> 'paid')
			AND NOT EXISTS (SELECT 1 FROM statement_entries e WHERE e.business_id = $1 AND e.payment_id = t.attempt_id AND e.taken_at IS NOT NULL)
		ORDER BY CASE WHEN t.attempt_id = $3 THEN 0 WHEN t.status = 'waiting' THEN 1 ELSE 2 END, t.created_at DESC LIMIT 50`, b.ID, b.Mode, e.PaymentID, e.Amount.Minor)
	if err != nil {
		return nil, err
	}
	byHand, err := s.recordedBetween(ctx, s.DB, b, shifted(e.Day, -nearDays), shifted(e.Day, nearDays))
	if err != nil {
		return nil, err
	}
	var all []Candidate
	for _, f := range found {
		c := Candidate{PaymentID: f.PaymentID, Payer: cmp.Or(f.PayerName, f.PayerEmail), Title: f.Title, Amount: money.Amount{Minor: f.AmountMinor, Currency: euro}, Reference: e.Reference != "" && f.Reference == e.Reference, Recorded: f.Recorded}
		if f.Waiting {
			c.HeldUntil = f.ExpiresAt
		}
		c.fits(e)
		all = append(all, c)
	}
	for _, r := range byHand {
		if r.AmountMinor != e.Amount.Minor {
			continue
		}
		v, err := s.Payments.Get(ctx, b.ID, r.ID)
		if err != nil {
			return nil, err
		}
		c := Candidate{PaymentID: r.ID, Payer: cmp.Or(v.Payer.Name, v.Payer.Email), Title: v.Title, Amount: v.Amount, Recorded: true}
		c.fits(e)
		if all = append(all, c); len(all) > 60 {
			break
		}
	}
	slices.SortStableFunc(all, func(x, y Candidate) int { return y.likely(e) - x.likely(e) })
	return all[:min(len(all), mostCandidates)], nil
}

// fits compares names and amounts.
func (c *Candidate) fits(e Entry) {
	c.Same = c.Amount == e.Amount
	told := " " + words(e.Payer+" "+e.Said) + " "
	for name := range strings.FieldsSeq(words(c.Payer)) {
		if len(name) >= 3 && strings.Contains(told, " "+name+" ") {
			c.Name = true
		}
	}
}

// words are those of a text, folded, without accents, which banks leave out, and parted by
// blanks alone.
func words(s string) string {
	s = strings.NewReplacer("ß", "ss", "ø", "o", "ł", "l", "æ", "ae").Replace(text.Fold(s))
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' && r < 'a' || r > 'z' && r < 0x80 }), " ")
}

func (c Candidate) likely(e Entry) (points int) {
	for _, one := range []struct {
		fits   bool
		points int
	}{{c.PaymentID == e.PaymentID, 16}, {c.Reference, 8}, {c.Name, 4}, {c.Same, 2}, {c.Recorded || !c.HeldUntil.IsZero(), 1}} {
		if one.fits {
			points += one.points
		}
	}
	return points
}
