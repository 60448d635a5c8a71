package importer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/spreadsheet"
	"smartlinks/internal/text"
)

// row is an import as it is stored.
type row struct {
	ID          ID
	Kind        Kind
	Name        string
	State       State
	Header      string
	Fields      string
	Encoding    spreadsheet.Encoding
	UpdateKnown bool
	Repeat      bool
	Dates       DateOrder
	CreatedAt   db.Time
	FinishedAt  db.Time
}

const columns = `id, kind, name, state, header, fields, encoding, update_known, repeat, dates, created_at, finished_at`

// line is a line of a file as it is stored.
type line struct {
	Line     int64
	Cells    string
	Problems string
}

// rowsAtOnce is how many lines one statement writes.
const rowsAtOnce = 100

var fileName = text.Rule{Most: 120}

// Read keeps a file as an import that is ready to be looked at, with a guess of
// what its columns are. by is the member's id. What is wrong with the file is an
// Invalid fault at "file".
func (s *Imports) Read(ctx context.Context, b business.Business, k Kind, name string, file []byte, by string) (Import, error) {
	return s.ReadForeign(ctx, b, k, name, file, by, Foreign{KeepPaths: true})
}

// ReadForeign is Read for a file that another program may have made: links of Dub, Shlink
// and PayRequest are recognised by their columns.
func (s *Imports) ReadForeign(ctx context.Context, b business.Business, k Kind, name string, file []byte, by string, f Foreign) (Import, error) {
	if t, ok := fromJSON(file); ok && k == Links && len(file) <= MaxFile {
		return s.keepTable(ctx, b, k, name, translated(t, f), nil, "", by)
	}
	e, certain, err := recognised(file)
	if err != nil {
		return Import{}, err
	}
	if certain {
		return s.read(ctx, b, k, name, file, e, "", by, f)
	}
	return s.read(ctx, b, k, name, file, e, e, by, f)
}

// read keeps a file that is written in the encoding. If that is only guessed, the file
// itself is kept until the import starts, so that it can be read in another.
func (s *Imports) read(ctx context.Context, b business.Business, k Kind, name string, file []byte, e, guessed spreadsheet.Encoding, by string, f Foreign) (Import, error) {
	t, err := parse(file, e, FieldsOf(k))
	if err != nil {
		return Import{}, err
	}
	if k == Links {
		t = translated(t, f)
	}
	return s.keepTable(ctx, b, k, name, t, file, guessed, by)
}

// keepTable keeps what a file held.
func (s *Imports) keepTable(ctx context.Context, b business.Business, k Kind, name string, t table, file []byte, guessed spreadsheet.Encoding, by string) (Import, error) {
	var original any // NULL
	if guessed != "" {
		original = file
	}
	name = fileName.Clean("file", name, func(string, string, string) { name = "" })
	if name == "" {
		name = string(k) + ".csv"
	}
	var id ID
	err := s.DB.InTx(ctx, func(tx *db.Tx) error {
		made, err := tx.NewID("imp")
		id = ID(made)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO imports (id, business_id, kind, name, state, header, fields, update_known, repeat, user_id, created_at, encoding, original)
			VALUES ($1, $2, $3, $4, 'reading', $5, $6, FALSE, FALSE, $7, $8, $9, $10)`,
			id, b.ID, k, name, encode(t.header), encode(match(k, t)), by, db.At(tx.Now()), guessed, original)
		return err
	})
	if err != nil {
		return Import{}, err
	}
	// Others write between these: nobody waits for a long file.
	for part := range slices.Chunk(t.rows, 5*rowsAtOnce) {
		if err := s.DB.InTx(ctx, func(tx *db.Tx) error { return keep(ctx, tx, b.ID, id, part) }); err != nil {
			return Import{}, err
		}
	}
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE imports SET state = 'ready' WHERE business_id = $1 AND id = $2 AND state = 'reading'`, b.ID, id)
		return err
	})
	if err != nil {
		return Import{}, err
	}
	return s.Get(ctx, b.ID, id)
}

func keep(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, rows []Row) error {
	for part := range slices.Chunk(rows, rowsAtOnce) {
		arguments := []any{businessID, id}
		places := make([]string, len(part))
		for i, r := range part {
			places[i] = fmt.Sprintf("($1, $2, $%d, 'waiting', $%d, '', '', '')", len(arguments)+1, len(arguments)+2)
			arguments = append(arguments, r.Line, encode(r.Cells))
		}
		_, err := tx.Exec(ctx, `INSERT INTO import_rows (business_id, import_id, line, state, cells, problems, fingerprint, object_id) VALUES `+strings.Join(places, ", "), arguments...)
		if err != nil {
			return err
		}
	}
	return nil
}

// encode is the texts as JSON, which can always be made of them.
func encode(texts []string) string {
	list, _ := json.Marshal(texts)
	return string(list)
}

// Get returns an import, or a NotFound fault.
func (s *Imports) Get(ctx context.Context, businessID business.ID, id ID) (Import, error) {
	return get(ctx, s.DB, businessID, id)
}

func get(ctx context.Context, r db.Reader, businessID business.ID, id ID) (Import, error) {
	var found row
	err := r.Get(ctx, &found, `SELECT `+columns+` FROM imports WHERE business_id = $1 AND id = $2 AND state <> 'reading'`, businessID, id)
	if errors.Is(err, db.ErrNoRows) {
		return Import{}, fault.New(fault.NotFound, "There is no such import. It may have been removed; upload the file again.")
	}
	if err != nil {
		return Import{}, err
	}
	return found.load(ctx, r, businessID)
}

// load reads what belongs to the import.
func (found row) load(ctx context.Context, r db.Reader, businessID business.ID) (Import, error) {
	i := Import{
		ID: found.ID, Kind: found.Kind, Name: found.Name, State: found.State, Guessed: found.Encoding, Options: Options{found.UpdateKnown, found.Repeat, found.Dates},
		CreatedAt: found.CreatedAt.Time, FinishedAt: found.FinishedAt.Ptr(),
	}
	if err := errors.Join(json.Unmarshal([]byte(found.Header), &i.Header), json.Unmarshal([]byte(found.Fields), &i.Fields)); err != nil {
		return Import{}, err
	}
	var counts []struct {
		State string
		N     int64
	}
	err := r.Select(ctx, &counts, `SELECT state, COUNT(*) AS n FROM import_rows WHERE business_id = $1 AND import_id = $2 GROUP BY state`, businessID, i.ID)
	for _, c := range counts {
		*i.count(outcome(c.State)) = c.N
	}
	return i, err
}

func (c *Counts) count(o outcome) *int64 {
	switch o {
	case created:
		return &c.Created
	case updated:
		return &c.Updated
	case kept:
		return &c.Kept
	case repeated:
		return &c.Repeated
	case failed:
		return &c.Failed
	}
	return &c.Waiting
}

// Recent are the latest imports of a kind, a few at most.
func (s *Imports) Recent(ctx context.Context, businessID business.ID, k Kind) ([]Import, error) {
	var rows []row
	err := s.DB.Select(ctx, &rows, `SELECT `+columns+` FROM imports WHERE business_id = $1 AND kind = $2 AND state <> 'reading' ORDER BY id DESC LIMIT 5`, businessID, k)
	if err != nil {
		return nil, err
	}
	list := make([]Import, len(rows))
	for i, r := range rows {
		if list[i], err = r.load(ctx, s.DB, businessID); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Failed are lines that failed, behind the given one, at most limit.
func (s *Imports) Failed(ctx context.Context, businessID business.ID, id ID, after int64, limit int) ([]Row, error) {
	return s.rows(ctx, businessID, id, failed, after, limit)
}

// rows are lines of an import in one state, behind a line, in their order.
func (s *Imports) rows(ctx context.Context, businessID business.ID, id ID, o outcome, after int64, limit int) ([]Row, error) {
	return rowsOf(ctx, s.DB, businessID, id, o, after, limit)
}

func rowsOf(ctx context.Context, from db.Reader, businessID business.ID, id ID, o outcome, after int64, limit int) ([]Row, error) {
	var lines []line
	err := from.Select(ctx, &lines, `
		SELECT line, cells, problems FROM import_rows
		WHERE business_id = $1 AND import_id = $2 AND state = $3 AND line > $4 ORDER BY line LIMIT $5`, businessID, id, o, after, limit)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(lines))
	for i, l := range lines {
		rows[i].Line = l.Line
		if err := json.Unmarshal([]byte(l.Cells), &rows[i].Cells); err != nil {
			return nil, err
		}
		if l.Problems == "" {
			continue
		}
		if err := json.Unmarshal([]byte(l.Problems), &rows[i].Problems); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

const (
	// keepFor is how long the lines that failed can be looked at, in days.
	keepFor = 30
	// cleanChunk bounds a clean-up transaction, so that payments never wait for it.
	cleanChunk = 500
)

// Clean empties imports that ended, or were left, 30 days ago: what was typed
// into them is gone, and lines that made something are still recognised. It is
// for a periodic job.
func (s *Imports) DeleteOld(ctx context.Context) error {
	_, err := s.DB.InChunks(ctx, cleanChunk, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `
			UPDATE imports SET original = NULL WHERE id IN (SELECT id FROM imports WHERE original IS NOT NULL AND created_at < $1 LIMIT $2)`,
			db.At(tx.Now().AddDate(0, 0, -keepFor)), most)
	})
	if err != nil {
		return err
	}
	_, err = s.DB.InChunks(ctx, cleanChunk, func(tx *db.Tx, most int64) (int64, error) {
		return tx.Exec(ctx, `
			DELETE FROM import_rows WHERE (import_id, line) IN (
				SELECT r.import_id, r.line FROM imports i JOIN import_rows r ON r.import_id = i.id
				WHERE i.state <> 'running' AND i.created_at < $1 AND r.state IN ('waiting', 'failed') LIMIT $2)`,
			db.At(tx.Now().AddDate(0, 0, -keepFor)), most)
	})
	return err
}
