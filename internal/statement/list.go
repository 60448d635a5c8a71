package statement

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/id"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/statement/bankfile"
)

// statementRow is a line of statements.
type statementRow struct {
	ID                               ID
	BusinessID                       business.ID
	Mode                             business.Mode
	Status                           Status
	Format                           bankfile.Format
	Name, Account, FirstDay, LastDay string
	Entries, CameMinor               int64
	CreatedAt                        db.Time
	CreatedBy                        string
	BookedAt                         db.Time
	BookedBy                         string
}

const statementColumns = `id, business_id, mode, status, format, name, account, first_day, last_day, entries, came_minor, created_at, created_by, booked_at, booked_by`

func (r statementRow) statement() Statement {
	return Statement{r.ID, r.BusinessID, r.Mode, r.Status, r.Format, r.Name, r.Account, r.FirstDay, r.LastDay, r.Entries, r.CameMinor, r.CreatedAt.Time, r.CreatedBy, r.BookedAt.Time, r.BookedBy}
}

// row is a line of statement_entries.
type row struct {
	ID          EntryID
	StatementID ID
	Mode        business.Mode
	Number      int64
	Hash        string
	State       State
	Reason      Reason
	Kind        string
	AmountMinor int64
	Currency    string
	BookedOn    string
	Said        string
	Payer       string
	Reference   string
	IBANHint    string `db:"iban_hint"`
	PaymentID   attempt.ID
	Act         Act
	ActedBy     string
	ActedAt     db.Time
	ReturnedOn  string
	Waits       bool
	TakenAt     db.Time
	DueAt       db.Time
}

const entryColumns = `id, statement_id, mode, number, hash, state, reason, kind, amount_minor, currency, booked_on, said, payer, reference, iban_hint, payment_id, act, acted_by, acted_at, returned_on, waits, taken_at, due_at`

func (r row) entry() Entry {
	return Entry{
		ID: r.ID, StatementID: r.StatementID, Number: r.Number, State: r.State, Reason: r.Reason, Amount: money.Amount{Minor: r.AmountMinor, Currency: money.Currency(r.Currency)}, Day: r.BookedOn, Said: r.Said, Payer: r.Payer, Reference: r.Reference, IBANHint: r.IBANHint,
		PaymentID: r.PaymentID, Act: r.Act, ActedBy: r.ActedBy, ActedAt: r.ActedAt.Time, ReturnedOn: r.ReturnedOn, Waits: r.Waits, Taken: !r.TakenAt.IsZero(), Settling: !r.DueAt.IsZero(), Reversal: r.Kind == string(bankfile.Reversal),
	}
}

// rows are entries of the business that fit a condition, whose values begin with $2.
func (s *Statements) rows(ctx context.Context, from db.Reader, id business.ID, where string, arguments ...any) (rows []row, err error) {
	err = from.Select(ctx, &rows, `SELECT `+entryColumns+` FROM statement_entries WHERE business_id = $1 AND `+where, append([]any{id}, arguments...)...)
	return rows, err
}

// Get is a statement, or a NotFound fault.
func (s *Statements) Get(ctx context.Context, businessID business.ID, id ID) (Statement, error) {
	var r statementRow
	err := s.DB.Get(ctx, &r, `SELECT `+statementColumns+` FROM statements WHERE business_id = $1 AND id = $2`, businessID, id)
	if errors.Is(err, db.ErrNoRows) {
		return Statement{}, errNone
	}
	return r.statement(), err
}

func (s *Statements) status(ctx context.Context, tx *db.Tx, businessID business.ID, id ID) (now Status, err error) {
	err = tx.Get(ctx, &now, `SELECT status FROM statements WHERE business_id = $1 AND id = $2`, businessID, id)
	return now, err
}

// mostRecent bounds the list of statements.
const mostRecent = 100

// Recent are the newest statements, in the mode that the business is in.
func (s *Statements) Recent(ctx context.Context, b business.Business) ([]Statement, error) {
	var rows []statementRow
	err := s.DB.Select(ctx, &rows, `SELECT `+statementColumns+` FROM statements WHERE business_id = $1 AND mode = $2 ORDER BY created_at DESC, id DESC LIMIT $3`, b.ID, b.Mode, mostRecent)
	all := make([]Statement, len(rows))
	for i, r := range rows {
		all[i] = r.statement()
	}
	return all, err
}

// List is a page of the statements in the mode that the business is in, the newest first,
// and the cursor of the next page, "" at the end. Invalid at "cursor".
func (s *Statements) List(ctx context.Context, b business.Business, cursor string, limit int) ([]Statement, string, error) {
	where, arguments := ``, []any{b.ID, b.Mode, limit + 1}
	if cursor != "" {
		if !id.Valid("stm", cursor) {
			var wrong fault.Fields
			wrong.Add("cursor", "", "This cursor is not one of ours. Start again without it.")
			return nil, "", wrong.Err()
		}
		where, arguments = ` AND id < $4`, append(arguments, cursor)
	}
	var rows []statementRow
	if err := s.DB.Select(ctx, &rows, `SELECT `+statementColumns+` FROM statements WHERE business_id = $1 AND mode = $2`+where+` ORDER BY id DESC LIMIT $3`, arguments...); err != nil {
		return nil, "", err
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = string(rows[limit-1].ID)
	}
	all := make([]Statement, len(rows))
	for i, r := range rows {
		all[i] = r.statement()
	}
	return all, next, nil
}

// AllEntries are a statement's, in the order of the file.
func (s *Statements) AllEntries(ctx context.Context, businessID business.ID, id ID) ([]Entry, error) {
	rows, err := s.rows(ctx, s.DB, businessID, `statement_id = $2 ORDER BY number`, id)
	return entriesOf(rows), err
}

// Entries are a statement's in a state, in the order of the file, at most so many.
func (s *Statements) Entries(ctx context.Context, businessID business.ID, id ID, state State, most int) ([]Entry, error) {
	rows, err := s.rows(ctx, s.DB, businessID, `statement_id = $2 AND state = $3 ORDER BY number LIMIT $4`, id, state, most)
	return entriesOf(rows), err
}

func entriesOf(rows []row) []Entry {
	all := make([]Entry, len(rows))
	for i, r := range rows {
		all[i] = r.entry()
	}
	return all
}

// EntryOf is one entry of a statement, or a NotFound fault.
func (s *Statements) EntryOf(ctx context.Context, businessID business.ID, id ID, entry EntryID) (Entry, error) {
	rows, err := s.rows(ctx, s.DB, businessID, `statement_id = $2 AND id = $3`, id, entry)
	if err == nil && len(rows) == 0 {
		err = errNoEntry
	}
	if err != nil {
		return Entry{}, err
	}
	return rows[0].entry(), nil
}

// Figure is how many entries of a state have a reason, and their sum.
type Figure struct {
	State   State
	Reason  Reason
	Entries int64
	Minor   int64
}

// Figures count a statement's entries.
func (s *Statements) Figures(ctx context.Context, businessID business.ID, id ID) (all []Figure, err error) {
	err = s.DB.Select(ctx, &all, `SELECT state, reason, COUNT(*) AS entries, COALESCE(SUM(CASE WHEN kind = 'credit' AND currency = 'EUR' THEN amount_minor END), 0) AS minor
		FROM statement_entries WHERE business_id = $1 AND statement_id = $2 GROUP BY state, reason ORDER BY state, reason`, businessID, id)
	return all, err
}

// mostWaiting bounds how many entries that wait a page shows.
const mostWaiting = 100

// NeedAttention are entries of booked statements that wait for somebody to decide, the
// oldest first.
func (s *Statements) NeedAttention(ctx context.Context, b business.Business) ([]Entry, error) {
	rows, err := s.rows(ctx, s.DB, b.ID, `mode = $2 AND waits ORDER BY booked_on, id LIMIT $3`, b.Mode, mostWaiting)
	return entriesOf(rows), err
}

// WaitingEntries are all of them, in the business $1 and the mode $2.
const WaitingEntries = `FROM statement_entries WHERE business_id = $1 AND mode = $2 AND waits`

// IBAN is the payer's, of an entry that waits or went back less than ninety days ago; ""
// where it is not known. It is for the eyes of whoever sends the money back.
func (s *Statements) IBAN(ctx context.Context, businessID business.ID, id EntryID) (string, error) {
	var sealed string
	err := s.DB.Get(ctx, &sealed, `SELECT sealed_iban FROM statement_entries WHERE business_id = $1 AND id = $2`, businessID, id)
	if errors.Is(err, db.ErrNoRows) || err == nil && sealed == "" {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	plain, err := s.Sealer.Open(sealed, ibanContext(businessID, id))
	return string(plain), err
}

// IBANOf is that of the entry that is a payment's money.
func (s *Statements) IBANOf(ctx context.Context, businessID business.ID, id attempt.ID) (string, error) {
	var entry EntryID
	err := s.DB.Get(ctx, &entry, `SELECT id FROM statement_entries WHERE business_id = $1 AND payment_id = $2 AND taken_at IS NOT NULL`, businessID, id)
	if errors.Is(err, db.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return s.IBAN(ctx, businessID, entry)
}
