package job_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/db"
)

// A claim chooses its rows once. PostgreSQL, which expects as many due rows as there were
// when it last looked, would otherwise choose them anew for each.
func TestAClaimChoosesOnce(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		if w.Engine() != db.PostgreSQL {
			t.Skip("SQLite asks what stands alone once")
		}
		var mu sync.Mutex
		var claims []string
		defer w.Observe(func(statements []string) {
			mu.Lock()
			defer mu.Unlock()
			for _, s := range statements {
				if strings.Contains(s, "UPDATE pieces SET due_at = $1 ") && !slices.Contains(claims, s) {
					claims = append(claims, s)
				}
			}
		})()
		q := newQueue(w)
		work := w.work(q, 8, 4, func(context.Context, piece) error { return nil })
		for group, first := range map[string]int64{"a": 0, "b": 1000} {
			var ids []int64
			for i := range int64(150) {
				ids = append(ids, first+i)
			}
			w.add(work, group, 0, ids...)
		}
		w.move(time.Millisecond)
		if _, err := work.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		found := slices.Clone(claims)
		mu.Unlock()
		if len(found) < 2 {
			t.Fatalf("%d kinds of claims were seen", len(found))
		}
		w.exec(`ANALYZE pieces`) // nothing is due
		w.exec(`UPDATE pieces SET due_at = 1`)
		for _, claim := range found {
			if again := w.chosenAgain(claim); again != "" {
				t.Errorf("%s\n%s", claim, again)
			}
		}
	})
}

var (
	parameter = regexp.MustCompile(`\$\d+`)
	repeated  = regexp.MustCompile(`(Limit|LockRows|WindowAgg).* loops=([2-9]|\d\d)`)
)

// chosenAgain are the steps by which PostgreSQL chose rows more than once for a claim.
func (w world) chosenAgain(claim string) (steps string) {
	w.t.Helper()
	parameters := parameter.FindAllString(claim, -1)
	slices.Sort(parameters)
	now := w.Clock().Wall()
	arguments := []any{db.At(now.Add(time.Minute)), db.At(now), 8}
	for range len(slices.Compact(parameters)) - len(arguments) {
		arguments = append(arguments, "a")
	}
	var plan []string
	undo := errors.New("nothing is kept")
	err := w.InTx(w.t.Context(), func(tx *db.Tx) error {
		if err := tx.Select(w.t.Context(), &plan, `EXPLAIN ANALYZE `+claim, arguments...); err != nil {
			return err
		}
		return undo
	})
	if !errors.Is(err, undo) {
		w.t.Fatal(err)
	}
	for _, step := range plan {
		if repeated.MatchString(step) {
			steps += step + "\n"
		}
	}
	return steps
}
