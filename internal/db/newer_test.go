package db_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/migrations"
)

// A version that doesn't know all steps of a database would write into tables of
// which it knows nothing. It refuses, and makes no step of its own either. Of a database
// from before the first release it wants all steps or none.
func TestADatabaseOfAnotherTimeIsLeftAlone(t *testing.T) {
	for what, c := range map[string]struct {
		made int
		want error
	}{
		"a newer step":                {99999, db.ErrNewer},
		"one of before, of many":      {8, db.ErrTooOld},
		"the last of before, of many": {160, db.ErrTooOld},
	} {
		t.Run(what, func(t *testing.T) {
			eachUnmigrated(t, func(t *testing.T, d *db.DB, rows *filler, _ db.Config) {
				if err := d.MigrateTo(t.Context(), 163); err != nil {
					t.Fatal(err)
				}
				rows.exec(t, fmt.Sprintf(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (%d, TRUE)`, c.made))
				rows.look(t)
				before := len(rows.tables)
				if err := d.Migrate(t.Context()); !errors.Is(err, c.want) {
					t.Errorf("it says %v", err)
				}
				rows.look(t)
				if after := len(rows.tables); after != before {
					t.Errorf("there were %d tables, and are %d", before, after)
				}
			})
		})
	}
}

// What a step does and the note that it was made are one transaction. Outside of
// one, a process that is killed would leave half a step, which no other can make.
func TestEveryStepIsOneTransaction(t *testing.T) {
	files, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		text, err := migrations.Files.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(strings.ToUpper(string(text)), "NO TRANSACTION") {
			t.Errorf("%s is made without a transaction", file)
		}
	}
}
