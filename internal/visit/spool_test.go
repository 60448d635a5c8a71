package visit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/visit"
)

// hold keeps everybody from writing views until release is called.
func hold(t *testing.T, d *db.DB) (release func()) {
	t.Helper()
	held, free, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	var once sync.Once
	go func() {
		ended <- d.InTx(t.Context(), func(tx *db.Tx) error {
			if d.Engine() == db.PostgreSQL {
				if _, err := tx.Exec(t.Context(), `LOCK TABLE views IN ACCESS EXCLUSIVE MODE`); err != nil {
					return err
				}
			}
			once.Do(func() { close(held) })
			<-free // SQLite has one writer
			return nil
		})
	}()
	<-held
	return func() {
		t.Helper()
		close(free)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	}
}

func mustSpool(t *testing.T, d *db.DB, folder string) *visit.Recorder {
	t.Helper()
	r, err := visit.NewRecorder(t.Context(), d, folder, slog.New(quiet{slog.DiscardHandler, t}))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// quiet fails the test when an error is logged: waiting is none.
type quiet struct {
	slog.Handler
	t *testing.T
}

func (q quiet) Enabled(context.Context, slog.Level) bool { return true }

func (q quiet) Handle(_ context.Context, r slog.Record) error {
	q.t.Errorf("logged: %s", r.Message)
	return nil
}

// files are the spool's.
func files(t *testing.T, folder string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "views-*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestViewsSurviveADatabaseThatIsAwayAndCountOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		folder := t.TempDir()
		r := mustSpool(t, d, folder)
		release := hold(t, d)
		const crowd = 40
		var all sync.WaitGroup
		for range crowd {
			all.Go(func() {
				began := time.Now()
				if err := r.Record(t.Context(), view(dbtest.Start, visit.Human, "qr")); err != nil {
					t.Error(err)
				}
				if took := time.Since(began); took > 10*time.Second {
					t.Errorf("a page waited %v for its view", took)
				}
			})
		}
		all.Wait()
		if r.Late() != crowd || r.Lost() != 0 {
			t.Errorf("%d are in the spool, %d are lost", r.Late(), r.Lost())
		}
		spooled := files(t, folder)
		if len(spooled) != 1 {
			t.Fatalf("the spool is %v", spooled)
		}
		// What another process would find if this one were killed now, and a
		// line that the kill cut off.
		text, err := os.ReadFile(spooled[0])
		if err != nil || strings.Count(string(text), "\n") != crowd {
			t.Fatalf("the spool holds %s, %v", text, err)
		}
		// Two of the views are in no database yet, each in a file of its own.
		heir := t.TempDir()
		for i, lines := range [][]byte{text, nil} {
			v := view(dbtest.Start.Add(time.Hour), visit.Human, "qr")
			v.ID, v.Day = visit.IDAt(v.At)+int64(i), visit.DayOf(v.At)
			line, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			lines = append(slices.Concat(lines, line), "\n{\"ID\":12"...)
			if err := os.WriteFile(filepath.Join(heir, fmt.Sprintf("views-dead%d.jsonl", i)), lines, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		release()
		r.Close()
		if left := files(t, folder); len(left) != 0 {
			t.Errorf("the spool still holds %v", left)
		}
		mustSpool(t, d, heir).Close()
		if left := files(t, heir); len(left) != 0 {
			t.Errorf("the heir's spool still holds %v", left)
		}
		if got := totals(t, d); got.Views != crowd+2 {
			t.Errorf("totals are %+v", got)
		}
	})
}

func TestNobodyTakesOverTheSpoolOfTheLiving(t *testing.T) {
	d := dbtest.SQLite(t)
	folder := t.TempDir()
	r := mustSpool(t, d, folder)
	release := hold(t, d)
	if err := r.Record(t.Context(), view(dbtest.Start, visit.Human, "qr")); err != nil {
		t.Fatal(err)
	}
	release()
	before := files(t, folder)
	mustSpool(t, d, folder).Close()
	for _, name := range before {
		if _, err := os.Stat(name); err != nil && totals(t, d).Views != 1 {
			t.Errorf("%s is gone, and its view is not counted", name)
		}
	}
	r.Close()
	if got := totals(t, d); got.Views != 1 {
		t.Errorf("totals are %+v", got)
	}
}
