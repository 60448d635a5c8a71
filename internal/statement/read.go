package statement

import (
	"context"
	"errors"
	"io"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/sepa"
	"smartlinks/internal/statement/bankfile"
	"smartlinks/internal/text"
)

// Upload is a file of a bank.
type Upload struct {
	Name string // of the file
	File io.Reader
	By   string // who sent it, as shown
	// Columns say what the columns of a CSV file are, and are remembered; nil: as they
	// were remembered.
	Columns *bankfile.Columns
}

// nameRule is how long the name of a file may be that is kept.
var nameRule = text.Rule{Most: 120}

// Read reads a file and says what its entries are. Nothing counts before Book. Errors:
// those of Open and Keep.
func (s *Statements) Read(ctx context.Context, b business.Business, u Upload) (Statement, error) {
	f, err := s.Open(ctx, b.ID, u.File, u.Columns)
	if err != nil {
		return Statement{}, err
	}
	return s.Keep(ctx, b, f, u.Name, u.By)
}

// File is what a bank's file holds; nothing of it is kept yet.
type File struct {
	bankfile.File
	accounts []string
	columns  *bankfile.Columns // that were chosen with it
}

// Open reads a file as it comes, and keeps nothing. Columns are those of Upload. Errors:
// Invalid at "file" where it can't be read, *NewColumns beside one at "columns", Conflict
// where the business has no account.
func (s *Statements) Open(ctx context.Context, id business.ID, from io.Reader, columns *bankfile.Columns) (File, error) {
	accounts, err := s.accounts(ctx, id)
	if err != nil {
		return File{}, err
	}
	remembered := false
	file, err := bankfile.Read(from, bankfile.Options{Columns: func(header []string) (*bankfile.Columns, error) {
		known, err := s.columnsFor(ctx, id, header, columns)
		remembered = known != nil && columns == nil
		return known, err
	}})
	if errors.As(err, new(*bankfile.Problem)) && remembered { // they may be wrong for days or amounts of other files
		if err := s.DB.InTx(ctx, func(tx *db.Tx) error { return forgetColumns(ctx, tx, id) }); err != nil {
			return File{}, err
		}
	}
	if err != nil {
		return File{}, readError(err)
	}
	return File{file, accounts, columns}, nil
}

// Keep says what the entries of a file are, and makes a preview of them. Invalid at "file":
// it is of another account.
func (s *Statements) Keep(ctx context.Context, b business.Business, file File, name, by string) (Statement, error) {
	account, entries, err := ofThese(file.accounts, file.File)
	if err != nil {
		return Statement{}, err
	}
	if err := s.judge(ctx, s.DB, b, file.Format, account, entries); err != nil {
		return Statement{}, err
	}
	made := Statement{BusinessID: b.ID, Mode: b.Mode, Status: Preview, Format: file.Format, Name: nameRule.Clean("name", fileName(name), func(string, string, string) {}), Account: account, Entries: int64(len(entries)), CreatedBy: by}
	for _, e := range entries {
		if e.Kind == bankfile.Credit && e.Reason != OtherAccount && e.Currency == euro {
			made.CameMinor += e.Minor
		}
		if e.Day != "" && (made.FirstDay == "" || e.Day < made.FirstDay) {
			made.FirstDay = e.Day
		}
		made.LastDay = max(made.LastDay, e.Day)
	}
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		if file.columns != nil {
			if err := remember(ctx, tx, b.ID, *file.columns); err != nil {
				return err
			}
		}
		return s.insert(ctx, tx, &made, entries)
	})
	return made, err
}

const euro = "EUR"

// fileName is the last part of a name that may be a whole path.
func fileName(name string) string {
	if at := strings.LastIndexAny(name, `/\`); at >= 0 {
		name = name[at+1:]
	}
	if name = strings.ToValidUTF8(name, ""); len([]rune(name)) > nameRule.Most {
		name = string([]rune(name)[:nameRule.Most])
	}
	return name
}

// readError is what a feature says of a file that can't be read.
func readError(err error) error {
	if unknown := new(bankfile.NewColumns); errors.As(err, &unknown) {
		var wrong fault.Fields
		wrong.Add("columns", "columns.new", err.Error())
		return errors.Join(wrong.Err(), unknown)
	}
	if problem := new(bankfile.Problem); errors.As(err, &problem) {
		return errors.Join(wrongFile(problem), problem)
	}
	return err
}

// accounts are the IBANs to which payers were ever told to send, the newest first.
func (s *Statements) accounts(ctx context.Context, id business.ID) (ibans []string, err error) {
	a, err := s.Transfers.Account(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return nil, errNoAccount
	}
	if err != nil {
		return nil, err
	}
	err = s.DB.Select(ctx, &ibans, `SELECT DISTINCT iban FROM bank_transfers WHERE business_id = $1 AND iban <> $2`, id, a.IBAN)
	return append([]string{a.IBAN}, ibans...), err
}

// entry is one of a file, with what became of it.
type entry struct {
	bankfile.Entry
	hash      string
	state     State
	Reason    Reason
	reference string
	paymentID string
}

// ofThese keeps the entries of the business's account. An account that a file doesn't name
// is the newest one. A file of nobody's account here is refused.
func ofThese(accounts []string, file bankfile.File) (account string, entries []entry, err error) {
	other, ids := "", map[string]*identities{}
	for _, e := range file.Entries {
		of := accounts[0]
		if e.Account != "" {
			of = ""
			for _, iban := range accounts {
				if ofAccount(iban, e.Account) {
					of = iban
					break
				}
			}
		}
		one := entry{Entry: e}
		if of == "" {
			other, of = e.Account, e.Account
			one.state, one.Reason = LeftOut, OtherAccount
		} else if account == "" {
			account = of
		}
		if ids[of] == nil {
			ids[of] = &identities{}
			ids[of].look(of, file.Entries)
		}
		one.hash = ids[of].of(of, e)
		entries = append(entries, one)
	}
	if account == "" {
		var wrong fault.Fields
		wrong.Add("file", "file.account", "This statement is of another account, "+sepa.FormatIBAN(other)+". Payers send their money to "+sepa.FormatIBAN(accounts[0])+"; upload a statement of that one.")
		return "", nil, wrong.Err()
	}
	return account, entries, nil
}

// insertedAtOnce bounds the rows of one statement: SQLite takes 32,766 values.
const insertedAtOnce = 400

func (s *Statements) insert(ctx context.Context, tx *db.Tx, made *Statement, entries []entry) error {
	id, err := tx.NewID("stm")
	if err != nil {
		return err
	}
	made.ID, made.CreatedAt = ID(id), tx.Now()
	if _, err := tx.Exec(ctx, `INSERT INTO statements (id, business_id, mode, status, format, name, account, first_day, last_day, entries, came_minor, created_at, created_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		made.ID, made.BusinessID, made.Mode, made.Status, made.Format, made.Name, made.Account, made.FirstDay, made.LastDay, made.Entries, made.CameMinor, db.At(made.CreatedAt), made.CreatedBy); err != nil {
		return err
	}
	for at := 0; at < len(entries); at += insertedAtOnce {
		if err := s.insertSome(ctx, tx, *made, at, entries[at:min(at+insertedAtOnce, len(entries))]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Statements) insertSome(ctx context.Context, tx *db.Tx, of Statement, from int, entries []entry) error {
	const columns = 18
	rows, all := make([]string, len(entries)), make([]any, 0, columns*len(entries))
	for i, e := range entries {
		id, err := tx.NewID("ste")
		if err != nil {
			return err
		}
		row := []any{id, of.BusinessID, of.ID, of.Mode, int64(from + i + 1), e.hash, e.state, e.Reason, e.paymentID}
		if e.state == LeftOut {
			row = append(row, "", int64(0), "", "", "", "", "", "", "")
		} else {
			sealed, hint := "", ""
			if e.PayerIBAN != "" {
				if sealed, err = s.Sealer.Seal([]byte(e.PayerIBAN), ibanContext(of.BusinessID, EntryID(id))); err != nil {
					return err
				}
				hint = hintOf(e.PayerIBAN)
			}
			row = append(row, string(e.Kind), e.Minor, e.Currency, e.Day, e.Text, e.Payer, e.reference, sealed, hint)
		}
		rows[i] = `(` + db.In(columns, len(all)+1) + `)`
		all = append(all, row...)
	}
	_, err := tx.Exec(ctx, `INSERT INTO statement_entries (id, business_id, statement_id, mode, number, hash, state, reason, payment_id, kind, amount_minor, currency, booked_on, said, payer, reference, sealed_iban, iban_hint)
		VALUES `+strings.Join(rows, `, `), all...)
	return err
}

func ibanContext(id business.ID, entry EntryID) string {
	return "business/" + string(id) + "/statement/" + string(entry) + "/iban"
}

// hintOf is as much of an IBAN as tells people whose it is.
func hintOf(iban string) string {
	if len(iban) < 10 {
		return ""
	}
	return iban[:2] + iban[len(iban)-4:]
}
