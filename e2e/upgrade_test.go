package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	. "smartlinks/e2e/site"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// The database of every release comes to this version whole, on both engines,
// though the upgrade is killed again and again: its books are right, what it knew
// is known, its key opens what was sealed, and business goes on where it was.
func TestAnUpgradeOfEveryReleaseIsWhole(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob(filepath.Join(releases, "*", "sqlite.json"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("%d releases are kept, %v", len(folders), err)
	}
	for _, file := range folders {
		release := filepath.Dir(file)
		t.Run(filepath.Base(release), func(t *testing.T) {
			t.Run("sqlite", func(t *testing.T) {
				data := t.TempDir()
				file := filepath.Join(data, "smartlinks.db")
				if err := os.WriteFile(file, readZipped(t, filepath.Join(release, "sqlite.db.gz")), 0o600); err != nil {
					t.Fatal(err)
				}
				upgrade(t, filepath.Join(release, "sqlite.json"), func(t *testing.T) (upgraded, fresh *db.DB) {
					return dbtest.Open(t, db.Config{Path: file}), dbtest.SQLite(t)
				}, "--data", data)
			})
			t.Run("postgresql", func(t *testing.T) {
				url := NewDatabase(t)
				Execute(t, url, string(readZipped(t, filepath.Join(release, "postgresql.sql.gz"))))
				upgrade(t, filepath.Join(release, "postgresql.json"), func(t *testing.T) (upgraded, fresh *db.DB) {
					return dbtest.Open(t, db.Config{URL: url}), dbtest.PostgreSQL(t)
				}, "--data", t.TempDir(), "--database", url)
			})
		})
	}
}

// upgrade brings a database to this version, and looks at what has become of it.
func upgrade(t *testing.T, file string, open func(t *testing.T) (upgraded, fresh *db.DB), store ...string) {
	withTestKey(t, store[1])
	known := recall(t, file)
	s := &site{&Site{Store: store, Token: known.Token}}
	s.migrateThroughDeaths(t)
	t.Run("schema", func(t *testing.T) {
		upgraded, fresh := open(t)
		dbtest.CompareSchemas(t, dbtest.Schema(t, upgraded), dbtest.Schema(t, fresh))
	})
	s.Command(t, "", "doctor", "--sandbox")

	t.Run("business goes on", func(t *testing.T) {
		s.URL = s.Serve(t)
		s.goesOn(t, known)
	})
	s.Command(t, "", "secrets", "rotate") // opens all that is sealed
	s.Command(t, "", "doctor", "--sandbox")
}

// goesOn wants everything to be as it was known, and to go on from there.
func (s *site) goesOn(t *testing.T, known memory) {
	t.Helper()
	if now := s.remember(t); !reflect.DeepEqual(now, known) {
		t.Errorf("it is known now:\n%s\nand it was:\n%s", inWords(t, now), inWords(t, known))
	}
	l := known.Links[slices.IndexFunc(known.Links, func(l LinkJSON) bool { return l.Path == "concert" })]
	ExpectStatus(t, "the link's page", Get(t, s.URL+"/"+Handle+"/"+l.Path), http.StatusOK)
	ExpectStatus(t, "its old path", Get(t, s.URL+"/"+Handle+"/"+l.Path+"-old"), http.StatusFound)
	AwaitStatus(t, s.PayAs(t, s.URL, l.Path, "paid", ""), "paid")
	if now := s.Link(t, l.ID).Stats; now.Payments != l.Stats.Payments+1 || now.Views != l.Stats.Views+1 {
		t.Errorf("after one more view and payment the link has %+v, and it had %+v", now, l.Stats)
	}
	s.expectReceipts(t, len(known.Payments)+1)
	s.Member(t) // the owner's password still lets in
	s.Command(t, "", "reconcile", "--sandbox", "--since", "876000h")
}

// recall reads what a release said about its database.
func recall(t *testing.T, file string) (m memory) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func inWords(t *testing.T, m memory) string {
	t.Helper()
	text, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// migrateThroughDeaths kills `migrate` again and again, each time a little later,
// until one comes to its end by itself.
func (s *site) migrateThroughDeaths(t *testing.T) {
	t.Helper()
	for wait := time.Duration(0); ; wait += 10 * time.Millisecond {
		c := exec.Command(Binary, append([]string{"migrate"}, s.Store...)...)
		c.Stderr = t.Output()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		death := time.AfterFunc(wait, func() { _ = c.Process.Kill() }) // the moment of death is the point
		err := c.Wait()
		if !death.Stop() {
			continue
		}
		if err != nil {
			t.Fatalf("migrate, after it was killed several times: %v", err)
		}
		return
	}
}

// expectReceipts wants so many receipts, and each series to count from 1 without
// a gap. The year of the clock decides about the series.
func (s *site) expectReceipts(t *testing.T, n int) {
	t.Helper()
	series, total := map[string][]string{}, 0
	for _, p := range s.remember(t).Payments {
		year := p.Receipt[:strings.LastIndex(p.Receipt, "-")]
		series[year] = append(series[year], p.Receipt)
		total++
	}
	if total != n {
		t.Errorf("%d payments have a receipt, want %d", total, n)
	}
	for year, receipts := range series {
		slices.Sort(receipts)
		for i, receipt := range receipts {
			if want := fmt.Sprintf("%s-%05d", year, i+1); receipt != want {
				t.Errorf("the receipts are %q, and have no %s", receipts, want)
			}
		}
	}
}
