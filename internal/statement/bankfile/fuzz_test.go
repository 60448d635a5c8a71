package bankfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/statement/bankfile"
)

// fuzz reads whatever comes: it ends, with entries that make sense or with a sentence.
func fuzz(f *testing.F, pattern, before string) {
	names, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(names) == 0 {
		f.Fatal(names, err)
	}
	for _, name := range names {
		file, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(file))
	}
	f.Fuzz(func(t *testing.T, file string) {
		read, err := bankfile.Read(strings.NewReader(before+file), bankfile.Options{})
		if unknown := new(bankfile.NewColumns); errors.As(err, &unknown) {
			read, err = bankfile.Read(strings.NewReader(before+file), bankfile.Options{Columns: func([]string) (*bankfile.Columns, error) { return &unknown.Guess, nil }})
		}
		if problem := new(bankfile.Problem); err != nil && (!errors.As(err, &problem) || problem.Message == "") {
			t.Fatalf("%v", err)
		}
		if err == nil && len(read.Entries) == 0 {
			t.Fatal("nothing was read, and nothing is wrong")
		}
		for _, e := range read.Entries {
			if _, err := time.Parse(time.DateOnly, e.Day); e.Minor < 0 || err != nil && e.Kind != bankfile.Pending || len([]rune(e.Text)) > 1000 || len(e.Payer) > 1000 {
				t.Fatalf("%+v", e)
			}
		}
	})
}

func FuzzCAMT(f *testing.F)  { fuzz(f, "*.xml", "") }
func FuzzMT940(f *testing.F) { fuzz(f, "*.mt940", ":20:A\r\n") }
func FuzzCSV(f *testing.F)   { fuzz(f, "*.csv", "") }
