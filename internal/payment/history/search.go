package history

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/lookup"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/text"
)

// How far a search by parts of words looks, so that it costs the same with a
// thousand payments and with a million. Names of links and customers are looked
// up in their own tables and lead to their newest attempts by an index; every
// other part of a word is looked for in the newest attempts only.
const (
	searchRecent = 10_000 // attempts whose own words are read
	searchNamed  = 20     // links, and customers, whose name has the words
	searchOfEach = 1_000  // attempts of each of them
)

// exact finds whole words by indexes, whatever their age. UNION ALL, because a
// UNION makes SQLite read whole lists in the order of their ids.
const exact = `
	SELECT id FROM attempts WHERE business_id = $1 AND mode = $2 AND payer_email_folded = $%[1]d
	UNION ALL SELECT id FROM attempts WHERE business_id = $1 AND mode = $2 AND reference = $%[2]d AND reference <> ''
	UNION ALL SELECT id FROM attempts WHERE business_id = $1 AND mode = $2 AND id = $%[2]d
	UNION ALL SELECT id FROM attempts WHERE business_id = $1 AND mode = $2 AND ` + attempt.EndSQL + ` = $%[4]d AND LENGTH(id) = 30
	UNION ALL SELECT id FROM payments WHERE business_id = $1 AND mode = $2 AND receipt = $%[3]d
	UNION ALL SELECT p.id FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.business_id = $1 AND p.mode = $2 AND r.credit_note = $%[3]d AND r.credit_note <> ''`

// recent finds parts of words in the newest attempts, recentBeyond letters that not every
// database makes small, and recentReceipts parts of numbers.
const (
	recent = `
	UNION ALL SELECT b.id FROM attempts b WHERE b.business_id = $1 AND b.mode = $2 AND b.id >= $%[2]d AND
		LOWER(b.payer_name || ' ' || b.payer_email_folded || ' ' || b.said_folded || ' ' || b.reference) LIKE $%[1]d ESCAPE '\'`
	recentBeyond = `
	UNION ALL SELECT b.id FROM attempts b WHERE b.business_id = $1 AND b.mode = $2 AND b.id >= $%[1]d AND b.payer_name LIKE $%[2]d ESCAPE '\'`
	recentReceipts = `
	UNION ALL SELECT b.id FROM attempts b JOIN payments q ON q.id = b.id
	WHERE b.business_id = $1 AND b.mode = $2 AND b.id >= $%[1]d AND q.receipt LIKE $%[2]d ESCAPE '\'`
)

// Found is what words lead to before attempts are read.
type Found struct {
	Since     attempt.ID // the first of the newest attempts
	links     []link.ID
	customers []customer.ID
}

// findNamed finds the links and customers that the filter's words name, and how far
// back attempts are read.
func (r *Reader) findNamed(ctx context.Context, businessID business.ID, mode business.Mode, f *Filter) error {
	f.Words = strings.TrimSpace(strings.ReplaceAll(f.Words, "\x00", ""))
	if f.Words == "" {
		return nil
	}
	pattern := text.Pattern(f.Words)
	err := r.db.Get(ctx, &f.Found.Since, fmt.Sprintf(`SELECT id FROM attempts WHERE business_id = $1 AND mode = $2 ORDER BY id DESC LIMIT 1 OFFSET %d`, searchRecent-1), businessID, mode)
	if err != nil && !errors.Is(err, db.ErrNoRows) {
		return fmt.Errorf("search payments: %w", err)
	}
	var known bool
	if f.Found.links, known, err = r.links.Named(ctx, businessID, f.Words, searchNamed); err != nil {
		return err
	}
	if !known {
		err = r.db.Select(ctx, &f.Found.links, fmt.Sprintf(`SELECT id FROM links WHERE business_id = $1 AND name_folded LIKE $2 ESCAPE '\' ORDER BY id DESC LIMIT %d`, searchNamed), businessID, pattern)
		if err != nil {
			return fmt.Errorf("search links: %w", err)
		}
	}
	if f.Found.customers, _, known, err = r.customers.Named(ctx, businessID, f.Words, searchNamed); err != nil || known {
		return err
	}
	err = r.db.Select(ctx, &f.Found.customers, fmt.Sprintf(`SELECT id FROM customers WHERE business_id = $1 AND (name_folded LIKE $2 ESCAPE '\' OR email_folded LIKE $2 ESCAPE '\') ORDER BY id DESC LIMIT %d`, searchNamed), businessID, pattern)
	if err != nil {
		return fmt.Errorf("search customers: %w", err)
	}
	return nil
}

// byWords is the condition of what the words find. arguments are those so far;
// the new ones come back with them.
func (f Filter) byWords(arguments []any) (string, []any) {
	var all strings.Builder
	put := func(value any) int {
		arguments = append(arguments, value)
		return len(arguments)
	}
	fmt.Fprintf(&all, exact, put(text.Fold(f.Words)), put(f.Words), put(strings.ToUpper(text.Digits(f.Words))), put(attempt.EndByCode(f.Words)))
	plain := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(f.Words)
	fmt.Fprintf(&all, recent, put(text.Pattern(f.Words)), put(f.Found.Since))
	since := len(arguments)
	if strings.ContainsFunc(f.Words, beyondASCII) {
		fmt.Fprintf(&all, recentBeyond, since, put("%"+plain+"%"))
	}
	if strings.ContainsFunc(f.Words, unicode.IsDigit) {
		fmt.Fprintf(&all, recentReceipts, since, put("%"+plain+"%"))
	}
	if f.Amount.Minor > 0 {
		fmt.Fprintf(&all, ` UNION ALL SELECT id FROM (SELECT id FROM attempts WHERE business_id = $1 AND mode = $2 AND amount_minor = $%d AND currency = $%d ORDER BY id DESC LIMIT %d) AS same`,
			put(f.Amount.Minor), put(f.Amount.Currency), searchOfEach)
	}
	for i, id := range f.Found.links {
		fmt.Fprintf(&all, ` UNION ALL SELECT id FROM (SELECT id FROM attempts WHERE business_id = $1 AND mode = $2 AND link_id = $%d ORDER BY id DESC LIMIT %d) AS l%d`, put(id), searchOfEach, i)
	}
	for i, id := range f.Found.customers {
		fmt.Fprintf(&all, ` UNION ALL SELECT id FROM (SELECT id FROM payments WHERE business_id = $1 AND mode = $2 AND customer_id = $%d ORDER BY paid_at DESC LIMIT %d) AS c%d`, put(id), searchOfEach, i)
	}
	return ` AND a.id IN (` + all.String() + `)`, arguments
}

func beyondASCII(c rune) bool { return c > unicode.MaxASCII }

// Spelt is how the word is written by payers of the newest attempts, and in what they
// paid for: as it is, or with another letter. The fit tells how well, 0 that there is
// nothing like it. It reads what a search reads, for who found nothing.
func (r *Reader) Spelt(ctx context.Context, businessID business.ID, mode business.Mode, word string) (spelt string, fit int, err error) {
	var texts []string
	err = r.db.Select(ctx, &texts, fmt.Sprintf(`SELECT payer_name || ' ' || said_folded FROM attempts WHERE business_id = $1 AND mode = $2 ORDER BY id DESC LIMIT %d`, searchRecent), businessID, mode)
	if err != nil {
		return "", 0, fmt.Errorf("read payers: %w", err)
	}
	rows := make([]lookup.Row, len(texts))
	for i, t := range texts {
		rows[i].Text = text.Fold(t)
	}
	spelt, fit = lookup.New(rows).Spelt(text.Fold(word))
	return spelt, fit, nil
}

// Sort is the order of a list of attempts.
type Sort string

// The orders. Amounts of several currencies stand in the order of their numbers.
const (
	Newest   Sort = ""
	Oldest   Sort = "started"
	Smallest Sort = "amount"
	Largest  Sort = "-amount"
)

// order is how the attempts of the sort follow one another, and the condition
// of those behind the attempt whose id is the argument with the number.
func (s Sort) order() (by, behind string) {
	switch s {
	case Oldest:
		return ` ORDER BY a.id`, ` AND a.id > $%d`
	case Smallest:
		return ` ORDER BY a.amount_minor, a.id`, ` AND (a.amount_minor, a.id) > (SELECT amount_minor, id FROM attempts WHERE business_id = $1 AND id = $%d)`
	case Largest:
		return ` ORDER BY a.amount_minor DESC, a.id DESC`, ` AND (a.amount_minor, a.id) < (SELECT amount_minor, id FROM attempts WHERE business_id = $1 AND id = $%d)`
	}
	return ` ORDER BY a.id DESC`, ` AND a.id < $%d`
}
