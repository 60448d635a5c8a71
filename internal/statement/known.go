package statement

import (
	"context"
	"slices"
	"strconv"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/statement/bankfile"
)

// askedAtOnce bounds the values of one statement.
const askedAtOnce = 500

// counted are those of the hashes that were taken in before.
func (s *Statements) counted(ctx context.Context, from db.Reader, b business.Business, hashes []string) (map[string]bool, error) {
	known := map[string]bool{}
	for some := range slices.Chunk(hashes, askedAtOnce) {
		arguments := []any{b.ID, b.Mode}
		for _, h := range some {
			arguments = append(arguments, h)
		}
		var found []string
		if err := from.Select(ctx, &found, `SELECT hash FROM statement_hashes WHERE business_id = $1 AND mode = $2 AND hash IN (`+db.In(len(some), 3)+`)`, arguments...); err != nil {
			return nil, err
		}
		for _, h := range found {
			known[h] = true
		}
	}
	return known, nil
}

// askedFor are the transfers that the references were given for.
func (s *Statements) askedFor(ctx context.Context, from db.Reader, id business.ID, refs []string) (map[string]asked, error) {
	known := map[string]asked{}
	for some := range slices.Chunk(refs, askedAtOnce) {
		arguments := []any{id}
		for _, r := range some {
			arguments = append(arguments, r)
		}
		var found []asked
		if err := from.Select(ctx, &found, `SELECT `+askedColumns+` FROM bank_transfers t JOIN attempts a ON a.id = t.attempt_id
			WHERE t.business_id = $1 AND t.reference IN (`+db.In(len(some), 2)+`)`, arguments...); err != nil {
			return nil, err
		}
		for _, a := range found {
			known[a.Reference] = a
		}
	}
	return known, nil
}

// recordedBetween are the payments that members recorded as transfers of these days and
// that no entry was tied to, the newest first.
func (s *Statements) recordedBetween(ctx context.Context, from db.Reader, b business.Business, first, last string) (found []recorded, err error) {
	err = from.Select(ctx, &found, `SELECT p.id, COALESCE(p.link_id, '') AS link_id, a.payer_email_folded AS email, r.paid_on, p.captured_minor AS amount_minor
		FROM recorded_payments r JOIN payments p ON p.id = r.payment_id JOIN attempts a ON a.id = p.id
		WHERE r.business_id = $1 AND p.mode = $2 AND p.method = 'bank_transfer' AND p.currency = 'EUR' AND r.paid_on BETWEEN $3 AND $4 AND p.refunded_minor < p.captured_minor
			AND NOT EXISTS (SELECT 1 FROM statement_entries e WHERE e.business_id = r.business_id AND e.payment_id = p.id AND e.taken_at IS NOT NULL)
		ORDER BY p.id DESC LIMIT 5000`, b.ID, b.Mode, first, last)
	return found, err
}

func otherKey(day string, minor int64, reference string) string {
	return day + " " + strconv.FormatInt(minor, 10) + " " + reference
}

// inOtherFormats is what statements of other formats told of the account and days, and what
// was booked of that or waits.
func (s *Statements) inOtherFormats(ctx context.Context, from db.Reader, b business.Business, format bankfile.Format, account, first, last string) (map[string]bool, error) {
	var found []struct {
		BookedOn    string
		AmountMinor int64
		Reference   string
	}
	if err := from.Select(ctx, &found, `SELECT DISTINCT e.booked_on, e.amount_minor, e.reference FROM statement_entries e JOIN statements s ON s.id = e.statement_id
		WHERE e.business_id = $1 AND e.booked_on BETWEEN $2 AND $3 AND e.mode = $4 AND e.kind = 'credit' AND s.status = 'booked' AND s.account = $5 AND s.format <> $6`,
		b.ID, first, last, b.Mode, account, format); err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, f := range found {
		known[otherKey(f.BookedOn, f.AmountMinor, f.Reference)] = true
	}
	return known, nil
}
