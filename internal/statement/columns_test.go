package statement_test

import (
	"errors"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/statement"
	"smartlinks/internal/statement/bankfile"
)

// Columns that were chosen wrongly are asked for anew: once a file can't be read by them, or
// its preview is discarded.
func TestColumnsThatAreWrongAreAskedForAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		const header = "Date,Amount,Text\n"
		wrong := bankfile.Columns{Day: "Date", DayFormat: "DD/MM/YYYY", Amount: "Amount", Decimal: ".", Text: []string{"Text"}}
		read := func(lines string, columns *bankfile.Columns) (statement.Statement, error) {
			return w.Statements.Read(t.Context(), w.acme, statement.Upload{File: strings.NewReader(header + lines), Columns: columns})
		}
		asks := func(what string) {
			t.Helper()
			if _, err := read("02/03/2026,5.00,a gift\n", nil); !errors.As(err, new(*bankfile.NewColumns)) {
				t.Errorf("%s: %v, want that the columns are asked for", what, err)
			}
		}
		for _, columns := range []*bankfile.Columns{&wrong, nil} { // the second time they are remembered
			if s, err := read("02/03/2026,5.00,a gift\n", columns); err != nil || s.FirstDay != "2026-03-02" {
				t.Fatalf("%+v, %v", s, err)
			}
		}
		if _, err := read("02/28/2026,5.00,a gift\n", nil); !errors.As(err, new(*bankfile.Problem)) {
			t.Errorf("a day that is none: %v", err)
		}
		asks("a file that can't be read by them")
		s, err := read("02/03/2026,5.00,a gift\n", &wrong)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Statements.Discard(t.Context(), w.acme.ID, s.ID); err != nil {
			t.Fatal(err)
		}
		asks("a preview that was discarded")
	})
}
