package db_test

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"smartlinks/internal/db"
)

// filler puts rows into every table of ours that a database has, whatever its
// schema is: it reads from the database what a row must be like, draws values at
// random, and draws again when the database refuses them. So it knows the tables
// of steps to come. Those of the job queue and of the steps are not ours.
type filler struct {
	engine db.Engine
	conn   *sql.Conn
	random *rand.Rand
	tables []*tableShape          // as look saw them
	drawn  int64                  // makes values differ
	made   map[string][]rowValues // by table, the newest last
}

// rowValues are the values of a row by column, as they are written in SQL.
type rowValues map[string]string

const (
	// rowsPerRound is how many rows each table gets each time.
	rowsPerRound = 2
	// maxDraws bounds the search for a row that the database takes; the most
	// particular table of today needs some dozens.
	maxDraws = 5000
)

// newFiller connects to a database beside d.
func newFiller(t *testing.T, d *db.DB, driver, source string) *filler {
	t.Helper()
	pool, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		conn.Close()
		pool.Close()
	})
	return &filler{engine: d.Engine(), conn: conn, random: rand.New(rand.NewPCG(1, 2)), made: map[string][]rowValues{}}
}

func (f *filler) exec(t *testing.T, statement string) {
	t.Helper()
	if _, err := f.conn.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%v\n%s", err, statement)
	}
}

// fill adds some rows to each table, parents first.
func (f *filler) fill(t *testing.T) {
	t.Helper()
	f.exec(t, "BEGIN")
	for _, at := range parentsFirst(f.tables) {
		if at.onlyOneRow() {
			continue // the schema itself has put it there
		}
		for range rowsPerRound {
			f.made[at.name] = append(f.made[at.name], f.insert(t, at))
		}
	}
	f.exec(t, "COMMIT")
}

func (f *filler) insert(t *testing.T, at *tableShape) rowValues {
	t.Helper()
	var refused error
	for range maxDraws {
		row := f.draw(t, at)
		var names, values []string
		for _, c := range at.columns {
			names, values = append(names, c.name), append(values, row[c.name])
		}
		_, refused = f.conn.ExecContext(t.Context(), fmt.Sprintf("SAVEPOINT try; INSERT INTO %s (%s) VALUES (%s); RELEASE SAVEPOINT try",
			at.name, strings.Join(names, ", "), strings.Join(values, ", ")))
		if refused == nil {
			return row
		}
		if !breaksAConstraint(refused) {
			t.Fatalf("%s does not take %v: %v", at.name, row, refused)
		}
		f.exec(t, "ROLLBACK TO SAVEPOINT try; RELEASE SAVEPOINT try")
	}
	t.Fatalf("no row was found that the table %s takes, the last one because of: %v\nTeach internal/db/filler_test.go what its constraints mean.", at.name, refused)
	return nil
}

func breaksAConstraint(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return strings.HasPrefix(pg.Code, "23") // integrity constraint violation
	}
	return strings.Contains(err.Error(), "constraint failed")
}

// draw makes a row up.
func (f *filler) draw(t *testing.T, at *tableShape) rowValues {
	t.Helper()
	row := rowValues{}
	for _, c := range at.columns {
		f.drawn++
		switch {
		case c.nullable && f.random.IntN(3) == 0:
			row[c.name] = "NULL"
		case len(c.literals) > 0 && f.random.IntN(len(c.literals)+1) > 0:
			row[c.name] = c.literals[f.random.IntN(len(c.literals))]
		default:
			row[c.name] = f.value(t, at, c)
		}
	}
	for _, key := range at.foreign {
		if slices.ContainsFunc(key.columns, func(c string) bool { return row[c] == "NULL" }) {
			continue
		}
		parent := rowValues{}
		if all := f.made[key.parent]; len(all) > 0 {
			parent = all[len(all)-1-f.random.IntN(rowsPerRound)] // a new one, which has no child yet
		}
		for i, c := range key.columns {
			row[c] = cmp.Or(parent[key.of[i]], "NULL")
		}
	}
	return row
}

// value makes a value up, unlike any other of the column where its type has so
// many. The types are those that both engines have.
func (f *filler) value(t *testing.T, at *tableShape, c column) string {
	t.Helper()
	switch c.kind {
	case "text":
		return fmt.Sprintf("'%s %s %d'", at.name, c.name, f.drawn)
	case "bigint", "integer":
		return strconv.FormatInt(f.drawn, 10)
	case "boolean":
		return []string{"TRUE", "FALSE"}[f.random.IntN(2)]
	case "bytea":
		if f.engine == db.PostgreSQL {
			return fmt.Sprintf(`'\x%08x'`, f.drawn)
		}
		return fmt.Sprintf(`x'%08x'`, f.drawn)
	}
	t.Fatalf("%s.%s is of type %s. Teach internal/db/filler_test.go to make such values.", at.name, c.name, c.kind)
	return ""
}

// tableShape is what the database says of a table.
type tableShape struct {
	name    string
	columns []column
	foreign []foreignKey
	checks  []string // as SQL
}

type column struct {
	name, kind string
	nullable   bool
	literals   []string
}

type foreignKey struct {
	parent      string
	columns, of []string
}

var (
	textLiteral   = regexp.MustCompile(`'[^']*'`)
	numberLiteral = regexp.MustCompile(`\b\d+\b`)
	words         = regexp.MustCompile(`\w+`)
)

// literalsOf are the values of the checks that speak of the column, and the numbers
// beside them: what is in a list, or at the edge of a range.
func (at *tableShape) literalsOf(c column) (all []string) {
	for _, check := range at.checks {
		if !slices.Contains(words.FindAllString(check, -1), c.name) {
			continue
		}
		switch c.kind {
		case "text":
			all = append(all, textLiteral.FindAllString(check, -1)...)
		case "bigint", "integer":
			for _, digits := range numberLiteral.FindAllString(textLiteral.ReplaceAllString(check, ""), -1) {
				n, err := strconv.ParseInt(digits, 10, 32)
				if err == nil {
					all = append(all, digits, strconv.FormatInt(n+1, 10))
				}
			}
		}
	}
	return all
}

func (at *tableShape) mayBeNull(key foreignKey) bool {
	return slices.ContainsFunc(at.columns, func(c column) bool { return c.nullable && slices.Contains(key.columns, c.name) })
}

// onlyOneRow tells whether the schema allows one row only, as of installation.
func (at *tableShape) onlyOneRow() bool {
	return slices.ContainsFunc(at.checks, func(check string) bool {
		return strings.Trim(strings.TrimPrefix(check, "CHECK"), " ()") == "id = 1"
	})
}

// parentsFirst orders tables so that rows can point to rows that are there, where
// they must. Those that may point to nothing have that in the first round.
func parentsFirst(tables []*tableShape) (ordered []*tableShape) {
	placed := map[string]bool{}
	var place func(at *tableShape)
	place = func(at *tableShape) {
		if placed[at.name] {
			return
		}
		placed[at.name] = true
		for _, key := range at.foreign {
			for _, other := range tables {
				if other.name == key.parent && !at.mayBeNull(key) {
					place(other)
				}
			}
		}
		ordered = append(ordered, at)
	}
	for _, at := range tables {
		place(at)
	}
	return ordered
}

// look reads what tables of ours there are.
func (f *filler) look(t *testing.T) {
	t.Helper()
	var tables []*tableShape
	queries := sqliteTables
	if f.engine == db.PostgreSQL {
		queries = postgresTables
	}
	by := map[string]*tableShape{}
	f.each(t, queries.columns, func(r []string) {
		at := by[r[0]]
		if at == nil {
			at = &tableShape{name: r[0]}
			by[r[0]] = at
			tables = append(tables, at)
		}
		at.columns = append(at.columns, column{name: r[1], kind: strings.ToLower(r[2]), nullable: r[3] == "yes"})
	})
	keys := map[string]int{}
	f.each(t, queries.foreign, func(r []string) {
		at, name := by[r[0]], r[0]+" "+r[1]
		if _, known := keys[name]; !known {
			keys[name] = len(at.foreign)
			at.foreign = append(at.foreign, foreignKey{parent: r[2]})
		}
		key := &at.foreign[keys[name]]
		key.columns, key.of = append(key.columns, r[3]), append(key.of, r[4])
	})
	f.each(t, queries.checks, func(r []string) {
		by[r[0]].checks = append(by[r[0]].checks, checksIn(r[1])...)
	})
	for _, at := range tables {
		for i := range at.columns {
			at.columns[i].literals = at.literalsOf(at.columns[i])
		}
	}
	f.tables = tables
}

// checksIn are the CHECK (…) of a statement.
func checksIn(statement string) (checks []string) {
	statement = regexp.MustCompile(`--[^\n]*`).ReplaceAllString(statement, "")
	for {
		at := strings.Index(statement, "CHECK (")
		if at < 0 {
			return checks
		}
		statement = statement[at:]
		depth, end := 0, len(statement)
		for i, r := range statement {
			if r == '(' {
				depth++
			} else if r == ')' {
				if depth--; depth == 0 {
					end = i + 1
					break
				}
			}
		}
		checks = append(checks, statement[:end])
		statement = statement[end:]
	}
}

// each calls do with every row of a query of texts.
func (f *filler) each(t *testing.T, query string, do func(row []string)) {
	t.Helper()
	rows, err := f.conn.QueryContext(context.WithoutCancel(t.Context()), query)
	if err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]string, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatalf("%v\n%s", err, query)
		}
		do(values)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
}

// tableQueries ask for columns (table, column, type, nullable), foreign keys
// (table, key, parent, column, parent's column) and checks (table, SQL).
type tableQueries struct{ columns, foreign, checks string }

var sqliteTables = tableQueries{
	columns: `SELECT m.name, c.name, c.type, CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN 'no' ELSE 'yes' END
		FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'goose%' ORDER BY m.name, c.cid`,
	foreign: `SELECT m.name, CAST(k.id AS TEXT), k."table", k."from", k."to" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) k
		WHERE m.type = 'table' ORDER BY m.name, k.id, k.seq`,
	checks: `SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%' ORDER BY name`,
}

const filledTables = ` FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
	AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT LIKE 'goose%' `

var postgresTables = tableQueries{
	columns: `SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'no' ELSE 'yes' END` + filledTables + `
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum`,
	foreign: `SELECT c.relname, o.conname, p.relname, a.attname, b.attname` + filledTables + `
		JOIN pg_constraint o ON o.conrelid = c.oid AND o.contype = 'f' JOIN pg_class p ON p.oid = o.confrelid
		CROSS JOIN LATERAL unnest(o.conkey, o.confkey) WITH ORDINALITY AS k (mine, theirs, place)
		JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.mine
		JOIN pg_attribute b ON b.attrelid = o.confrelid AND b.attnum = k.theirs ORDER BY c.relname, o.conname, k.place`,
	checks: `SELECT c.relname, pg_get_constraintdef(o.oid)` + filledTables + `
		JOIN pg_constraint o ON o.conrelid = c.oid AND o.contype = 'c' ORDER BY c.relname, o.conname`,
}
