package db_test

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// eachUnmigrated runs a test on an empty database of each engine, with a filler
// for it and where it is.
func eachUnmigrated(t *testing.T, test func(t *testing.T, d *db.DB, rows *filler, at db.Config)) {
	run := func(name, driver string, source func(t *testing.T) (string, db.Config)) {
		t.Run(name, func(t *testing.T) {
			text, at := source(t)
			at.Clock, at.Random, at.Log = clock.Fixed(dbtest.Start), rand.Reader, slog.New(slog.DiscardHandler)
			d, err := db.Open(t.Context(), at)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(d.Close)
			test(t, d, newFiller(t, d, driver, text), at)
		})
	}
	run("sqlite", "sqlite", func(t *testing.T) (string, db.Config) {
		path := t.TempDir() + "/smartlinks.db"
		return "file:" + path + "?_pragma=foreign_keys(1)&_pragma=busy_timeout(10000)&_pragma=synchronous(0)", db.Config{Path: path}
	})
	run("postgresql", "pgx", func(t *testing.T) (string, db.Config) {
		url := dbtest.EmptyPostgres(t)
		return url, db.Config{URL: url}
	})
}

// workedOutAnew are the columns whose values a step may change, because they say when
// something is due and what they said before was wrong. The version before can read them.
var workedOutAnew = map[int64]struct{ table, column string }{
	180: {"links", "due_on"}, // as a payment request asked
	181: {"waiting_entries", "due_at"},
	184: {"promotion_codes", "code"},
}

// An upgrade from any earlier schema loses nothing: before each step there are
// rows in every table, those that were put there at every step before, and after
// it they are there with their values. Within a major version nothing else is
// right (docs/upgrading.md): while an upgrade runs, processes of the version
// before go on working. In the end the schema is that of a fresh database.
func TestNoStepLosesWhatIsThere(t *testing.T) {
	eachUnmigrated(t, func(t *testing.T, d *db.DB, rows *filler, _ db.Config) {
		steps, err := d.Steps()
		if err != nil {
			t.Fatal(err)
		}
		before := snapshot{}
		for _, step := range steps {
			if anew, is := workedOutAnew[step]; is {
				columns := slices.DeleteFunc(slices.Clone(before[anew.table].columns), func(c string) bool { return c == anew.column })
				before[anew.table] = contents{columns, rows.rowsOf(t, anew.table, columns)}
			}
			if err := d.MigrateTo(t.Context(), step); err != nil {
				t.Fatalf("step %d: %v", step, err)
			}
			rows.look(t)
			rows.fill(t)
			before = rows.keep(t, fmt.Sprintf("step %d", step), before)
		}
		if err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		rows.keep(t, "the end", before)
		dbtest.CompareSchemas(t, dbtest.Schema(t, d), dbtest.Schema(t, fresh(t, d)))
	})
}

// A database that has sold with codes begins with the sums of what was sold.
func TestSumsOfCodesBeginWithWhatWasPaid(t *testing.T) {
	eachUnmigrated(t, func(t *testing.T, d *db.DB, rows *filler, _ db.Config) {
		if err := d.MigrateTo(t.Context(), 171); err != nil {
			t.Fatal(err)
		}
		rows.look(t)
		rows.fill(t)
		for _, sold := range []string{
			`UPDATE promotion_codes SET business_id = (SELECT MIN(business_id) FROM payments)`,
			`UPDATE attempts SET business_id = (SELECT MIN(business_id) FROM payments), code_id = (SELECT MIN(id) FROM promotion_codes), discount_minor = 250`,
			`UPDATE payments SET receipt = '2026-00001', captured_minor = 1000 WHERE id = (SELECT MIN(id) FROM payments)`,
			`UPDATE payments SET receipt = NULL WHERE id <> (SELECT MIN(id) FROM payments)`,
		} {
			rows.exec(t, sold)
		}
		if err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		var sums []struct{ TakenOff, Brought int64 }
		if err := d.Select(t.Context(), &sums, `SELECT taken_off_minor AS taken_off, brought_minor AS brought FROM code_sums`); err != nil {
			t.Fatal(err)
		}
		if len(sums) != 1 || sums[0].TakenOff != 250 || sums[0].Brought != 1000 {
			t.Errorf("the sums are %v", sums)
		}
	})
}

// Who waited before lists followed the dates of links is due when theirs starts, or else ends.
func TestWhoWaitedIsDueWhenTheirLinkStartsOrEnds(t *testing.T) {
	eachUnmigrated(t, func(t *testing.T, d *db.DB, rows *filler, _ db.Config) {
		if err := d.MigrateTo(t.Context(), 180); err != nil {
			t.Fatal(err)
		}
		rows.look(t)
		for range 4 {
			rows.fill(t)
		}
		var ids, links []string
		if err := d.Select(t.Context(), &ids, `SELECT id FROM waiting_entries ORDER BY id`); err != nil {
			t.Fatal(err)
		}
		if err := d.Select(t.Context(), &links, `SELECT id FROM links ORDER BY id`); err != nil {
			t.Fatal(err)
		}
		if len(ids) < 4 || len(links) < 4 {
			t.Fatalf("there are %d entries and %d links", len(ids), len(links))
		}
		rows.exec(t, `UPDATE links SET starts_at = NULL, ends_at = NULL`)
		rows.exec(t, `UPDATE waiting_entries SET due_at = NULL, state = 'ended'`)
		for i, dates := range []string{`starts_at = 5000, ends_at = 9000`, `ends_at = 7000`, `starts_at = NULL`} {
			rows.exec(t, `UPDATE links SET `+dates+` WHERE id = '`+links[i]+`'`)
			rows.exec(t, `UPDATE waiting_entries SET state = 'waiting', link_id = '`+links[i]+`' WHERE id = '`+ids[i]+`'`)
		}
		rows.exec(t, `UPDATE waiting_entries SET link_id = '`+links[0]+`' WHERE id = '`+ids[3]+`'`)
		if err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, want := range []int64{5000, 7000, 0, 0} {
			var due int64
			if err := d.Get(t.Context(), &due, `SELECT COALESCE(due_at, 0) FROM waiting_entries WHERE id = $1`, ids[i]); err != nil || due != want {
				t.Errorf("entry %d is due at %d, not %d: %v", i, due, want, err)
			}
		}
	})
}

// A code whose digits were kept as they were typed is found by 0 to 9.
func TestDigitsOfCodesAreOfOneScript(t *testing.T) {
	eachUnmigrated(t, func(t *testing.T, d *db.DB, rows *filler, _ db.Config) {
		if err := d.MigrateTo(t.Context(), 183); err != nil {
			t.Fatal(err)
		}
		rows.look(t)
		for range 5 {
			rows.fill(t)
		}
		var ids []string
		if err := d.Select(t.Context(), &ids, `SELECT id FROM promotion_codes ORDER BY id`); err != nil {
			t.Fatal(err)
		}
		rows.exec(t, `UPDATE promotion_codes SET business_id = (SELECT MIN(business_id) FROM promotion_codes), deleted_at = NULL`)
		was := []string{"صيف٢٠٢٥", "SUMMER10", "بهار۱۴۰۴", "A٢", "A۲"}
		for i, code := range was {
			rows.exec(t, `UPDATE promotion_codes SET code = '`+code+`' WHERE id = '`+ids[i]+`'`)
		}
		if err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{"صيف2025", "SUMMER10", "بهار1404", "A٢", "A۲"} {
			var code string
			if err := d.Get(t.Context(), &code, `SELECT code FROM promotion_codes WHERE id = $1`, ids[i]); err != nil || code != want {
				t.Errorf("%s is %s, not %s: %v", was[i], code, want, err)
			}
		}
	})
}

// Who follows the work in progress may have steps with higher numbers than one that
// comes later.
func TestAStepThatCameLateIsMade(t *testing.T) {
	eachUnmigrated(t, func(t *testing.T, d *db.DB, rows *filler, _ db.Config) {
		if err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, undo := range []string{`DROP TABLE certificate_locks`, `DROP TABLE certificate_files`, `DROP TABLE domains`, `DELETE FROM goose_db_version WHERE version_id = 169`} {
			rows.exec(t, undo)
		}
		if err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		dbtest.CompareSchemas(t, dbtest.Schema(t, d), dbtest.Schema(t, fresh(t, d)))
	})
}

// fresh is a database of the same engine that was made by this version.
func fresh(t *testing.T, like *db.DB) *db.DB {
	t.Helper()
	if like.Engine() == db.PostgreSQL {
		return dbtest.PostgreSQL(t)
	}
	return dbtest.SQLite(t)
}

// snapshot is what is in the tables.
type snapshot map[string]contents

// contents are a table's rows, each written as a line.
type contents struct {
	columns []string
	rows    []string
}

// keep wants every row that was there before to be there still, and returns what
// is there now.
func (f *filler) keep(t *testing.T, after string, before snapshot) snapshot {
	t.Helper()
	now := snapshot{}
	for _, at := range f.tables {
		var columns []string
		for _, c := range at.columns {
			columns = append(columns, c.name)
		}
		was, there := before[at.name]
		if !there || !slices.Equal(was.columns, columns) {
			now[at.name] = contents{columns, f.rowsOf(t, at.name, columns)}
		}
	}
	for table, was := range before {
		at := slices.IndexFunc(f.tables, func(at *tableShape) bool { return at.name == table })
		for _, c := range was.columns {
			if at < 0 || !slices.ContainsFunc(f.tables[at].columns, func(is column) bool { return is.name == c }) {
				t.Fatalf("after %s, %s.%s is gone", after, table, c)
			}
		}
		is := f.rowsOf(t, table, was.columns)
		for _, row := range was.rows {
			if _, found := slices.BinarySearch(is, row); !found {
				t.Errorf("after %s, this row of %s is gone or changed:\n%s", after, table, row)
			}
		}
		if _, changed := now[table]; !changed {
			now[table] = contents{was.columns, is}
		}
	}
	return now
}

func (f *filler) rowsOf(t *testing.T, table string, columns []string) (lines []string) {
	t.Helper()
	texts := make([]string, len(columns))
	for i, c := range columns {
		texts[i] = fmt.Sprintf(`COALESCE('%s=' || CAST(%s AS TEXT) || '; ', '')`, c, c)
	}
	f.each(t, `SELECT `+strings.Join(texts, ` || `)+` FROM `+table, func(row []string) { lines = append(lines, row[0]) })
	slices.Sort(lines)
	return lines
}
