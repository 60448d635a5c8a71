package receipt

import (
	"context"
	"fmt"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
)

// EntryKind says what an entry of the books is.
type EntryKind string

// The kinds of entries.
const (
	PaymentEntry  EntryKind = "payment"
	RefundEntry   EntryKind = "refund"
	DisputeEntry  EntryKind = "dispute"          // the payer's bank took the money
	ReversedEntry EntryKind = "dispute_reversed" // and gave it back
	ImportedEntry EntryKind = "imported"         // a payment of before, without receipt and VAT
)

// Entry is a line of the books: money that came or went. What went is below zero.
type Entry struct {
	At        time.Time
	Kind      EntryKind
	Number    string // of the receipt or credit note, "" for disputes
	Receipt   string // of the payment
	PaymentID attempt.ID
	Title     string
	Reference string
	Payer     string
	Answers   checkout.Answers
	Provider  string
	Method    string
	Currency  money.Currency
	// Amount is Goods + Fee + Tip; of disputes, which have no parts, nothing is parted.
	Amount, Goods, Fee, Tip int64
	// VAT is that of goods and fee; its rate is nil for a business without one, and for
	// disputes, of which an accountant must say what they mean.
	VATRate *business.Rate
	VAT     business.VAT
}

// In is a part of the entry as an amount.
func (e Entry) In(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: e.Currency} }

// Month is one in a time zone.
type Month struct{ From, To time.Time }

// MonthOf is the month that an instant is in.
func MonthOf(at time.Time, zone *time.Location) Month {
	at = at.In(zone)
	return Month{calendar.Month(at, 0), calendar.Month(at, 1)}
}

// ParseMonth reads 2026-11.
func ParseMonth(s string, zone *time.Location) (Month, bool) {
	first, err := time.Parse("2006-01", s)
	return MonthOf(calendar.Local(first.Year(), first.Month(), 1, 0, 0, zone), zone), err == nil && first.Year() >= 1970 && first.Year() < 3000
}

// String is 2026-11.
func (m Month) String() string { return m.From.Format("2006-01") }

// entryRow is an entry as the database has it.
type entryRow struct {
	At          db.Time
	ID          string // of the payment, refund or dispute
	Kind        EntryKind
	Number      string
	GoodsMinor  int64
	FeeMinor    int64
	TipMinor    int64
	TaxedBefore int64
	PaymentID   attempt.ID
	Receipt     string
	Title       string
	Reference   string
	PayerName   string
	Answers     checkout.Answers
	Provider    string
	Method      string
	Currency    money.Currency
	VATRate     *business.Rate `db:"vat_rate"`
}

// booksPage is how many entries are read at a time.
const booksPage = 500

// The four sources of entries, each behind a place and up to an end: $1 business, $2 mode,
// $3 and $4 the instant and id behind which to read, $5 the end, $6 how many.
const (
	paymentEntries = `SELECT p.paid_at AS at, p.id AS id, 'payment' AS kind, p.receipt AS number, p.captured_minor - a.fee_minor - a.tip_minor AS goods_minor,
		a.fee_minor AS fee_minor, a.tip_minor AS tip_minor, 0 AS taxed_before, p.id AS payment_id
		FROM payments p JOIN attempts a ON a.id = p.id WHERE p.business_id = $1 AND p.mode = $2 AND p.receipt IS NOT NULL
		AND p.paid_at >= $3 AND (p.paid_at > $3 OR p.id > $4) AND p.paid_at < $5 ORDER BY p.paid_at, p.id LIMIT $6`
	refundEntries = `SELECT r.done_at AS at, r.id AS id, 'refund' AS kind, COALESCE(r.credit_note, '') AS number, -r.goods_minor AS goods_minor,
		-r.fee_minor AS fee_minor, -r.tip_minor AS tip_minor,
		CAST((SELECT COALESCE(SUM(b.goods_minor + b.fee_minor), 0) FROM refunds b WHERE b.payment_id = r.payment_id AND (b.done_at < r.done_at OR b.done_at = r.done_at
			AND (LENGTH(b.credit_note) < LENGTH(r.credit_note) OR LENGTH(b.credit_note) = LENGTH(r.credit_note) AND b.credit_note < r.credit_note))) AS BIGINT) AS taxed_before,
		r.payment_id AS payment_id
		FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.business_id = $1 AND p.mode = $2 AND p.receipt IS NOT NULL
		AND r.done_at >= $3 AND (r.done_at > $3 OR r.id > $4) AND r.done_at < $5 ORDER BY r.done_at, r.id LIMIT $6`
	lostEntries = `SELECT d.lost_at AS at, d.id AS id, 'dispute' AS kind, '' AS number, -d.amount_minor AS goods_minor, 0 AS fee_minor, 0 AS tip_minor, 0 AS taxed_before, d.payment_id AS payment_id
		FROM disputes d JOIN payments p ON p.id = d.payment_id WHERE d.business_id = $1 AND p.mode = $2 AND p.receipt IS NOT NULL
		AND d.lost_at >= $3 AND (d.lost_at > $3 OR d.id > $4) AND d.lost_at < $5 ORDER BY d.lost_at, d.id LIMIT $6`
	reversedEntries = `SELECT d.reversed_at AS at, d.id || '.' AS id, 'dispute_reversed' AS kind, '' AS number, d.amount_minor AS goods_minor, 0 AS fee_minor, 0 AS tip_minor, 0 AS taxed_before, d.payment_id AS payment_id
		FROM disputes d JOIN payments p ON p.id = d.payment_id WHERE d.business_id = $1 AND p.mode = $2 AND p.receipt IS NOT NULL
		AND d.reversed_at >= $3 AND (d.reversed_at > $3 OR d.id || '.' > $4) AND d.reversed_at < $5 ORDER BY d.reversed_at, d.id LIMIT $6`
)

// importedEntries are the payments of before, which no attempt made.
const importedEntries = `SELECT h.paid_at AS at, h.id AS id, 'imported' AS kind, '' AS number, h.amount_minor AS goods_minor, 0 AS fee_minor, 0 AS tip_minor, 0 AS taxed_before,
	'' AS payment_id, '' AS receipt, h.title AS title, h.reference AS reference, COALESCE(c.name, '') AS payer_name, '' AS answers, 'import' AS provider, h.method AS method,
	h.currency AS currency, CAST(NULL AS BIGINT) AS vat_rate
	FROM past_payments h LEFT JOIN customers c ON c.id = h.customer_id WHERE h.business_id = $1 AND h.mode = $2
	AND h.paid_at >= $3 AND (h.paid_at > $3 OR h.id > $4) AND h.paid_at < $5 ORDER BY h.paid_at, h.id LIMIT $6`

const entriesQuery = `SELECT * FROM (SELECT e.at, e.id, e.kind, e.number, e.goods_minor, e.fee_minor, e.tip_minor, e.taxed_before, e.payment_id,
	COALESCE(p.receipt, '') AS receipt, a.title, a.reference, a.payer_name, a.answers, p.provider, p.method, p.currency, i.vat_rate
	FROM (SELECT * FROM (` + paymentEntries + `) AS ep UNION ALL SELECT * FROM (` + refundEntries + `) AS er
		UNION ALL SELECT * FROM (` + lostEntries + `) AS el UNION ALL SELECT * FROM (` + reversedEntries + `) AS ev) AS e
	JOIN payments p ON p.id = e.payment_id JOIN attempts a ON a.id = e.payment_id LEFT JOIN receipt_issuers i ON i.payment_id = e.payment_id
	UNION ALL SELECT * FROM (` + importedEntries + `) AS eh) AS every ORDER BY at, id LIMIT $6`

// EachEntry gives the entries of a month to do, in the order in which money came and went.
// It reads page by page, so that memory is bounded, and ends at do's first error.
func (r *Receipts) EachEntry(ctx context.Context, businessID business.ID, mode business.Mode, m Month, do func(Entry) error) error {
	at, id := db.At(m.From), ""
	for {
		var rows []entryRow
		if err := r.DB.Select(ctx, &rows, entriesQuery, businessID, mode, at, id, db.At(m.To), booksPage); err != nil {
			return fmt.Errorf("read the books: %w", err)
		}
		for _, row := range rows {
			if err := do(row.entry()); err != nil {
				return err
			}
			at, id = row.At, row.ID
		}
		if len(rows) < booksPage {
			return nil
		}
	}
}

func (row entryRow) entry() Entry {
	e := Entry{
		At: row.At.Time, Kind: row.Kind, Number: row.Number, Receipt: row.Receipt, PaymentID: row.PaymentID, Title: row.Title, Reference: row.Reference, Payer: row.PayerName,
		Answers: row.Answers, Provider: row.Provider, Method: row.Method, Currency: row.Currency, Goods: row.GoodsMinor, Fee: row.FeeMinor, Tip: row.TipMinor,
		Amount: row.GoodsMinor + row.FeeMinor + row.TipMinor,
	}
	taxed := e.Goods + e.Fee
	e.VAT = business.VAT{Net: taxed, Gross: taxed}
	if row.VATRate == nil || row.Kind == DisputeEntry || row.Kind == ReversedEntry {
		return e
	}
	e.VATRate = row.VATRate
	if taxed >= 0 {
		e.VAT = row.VATRate.Split(row.TaxedBefore, taxed)
		return e
	}
	back := row.VATRate.Split(row.TaxedBefore, -taxed)
	e.VAT = business.VAT{Rate: back.Rate, Net: -back.Net, Tax: -back.Tax, Gross: -back.Gross}
	return e
}

// RateSum is what was sold at one VAT rate, refunds taken off.
type RateSum struct {
	Rate            *business.Rate // nil without VAT
	Net, Tax, Gross int64
}

// Sum is a month in one currency.
type Sum struct {
	Currency                  money.Currency
	Payments, Refunds         int64 // how many
	Taken, Refunded, Disputed int64 // Refunded and Disputed are below zero
	Goods, Fee, Tip           int64 // of payments less refunds
	ByRate                    []RateSum
}

// Kept is what is left of the month.
func (s Sum) Kept() int64 { return s.Taken + s.Refunded + s.Disputed }

// In is a part of the sum as an amount.
func (s Sum) In(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: s.Currency} }

// Add takes an entry in.
func (s *Sum) Add(e Entry) {
	switch e.Kind {
	case DisputeEntry, ReversedEntry:
		s.Disputed += e.Amount
		return
	case RefundEntry:
		s.Refunds++
		s.Refunded += e.Amount
	default:
		s.Payments++
		s.Taken += e.Amount
	}
	s.Goods, s.Fee, s.Tip = s.Goods+e.Goods, s.Fee+e.Fee, s.Tip+e.Tip
	for i := range s.ByRate {
		if same(s.ByRate[i].Rate, e.VATRate) {
			s.ByRate[i].add(e.VAT)
			return
		}
	}
	s.ByRate = append(s.ByRate, RateSum{Rate: e.VATRate})
	s.ByRate[len(s.ByRate)-1].add(e.VAT)
}

func same(a, b *business.Rate) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

func (r *RateSum) add(v business.VAT) {
	r.Net, r.Tax, r.Gross = r.Net+v.Net, r.Tax+v.Tax, r.Gross+v.Gross
}

// Books are a month: its sums by currency, and its first entries.
func (r *Receipts) Books(ctx context.Context, businessID business.ID, mode business.Mode, m Month, most int) (sums []Sum, first []Entry, all int, err error) {
	err = r.EachEntry(ctx, businessID, mode, m, func(e Entry) error {
		if all++; all <= most {
			first = append(first, e)
		}
		for i := range sums {
			if sums[i].Currency == e.Currency {
				sums[i].Add(e)
				return nil
			}
		}
		sums = append(sums, Sum{Currency: e.Currency})
		sums[len(sums)-1].Add(e)
		return nil
	})
	return sums, first, all, err
}
