package visit_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/visit"
)

// partitions are the partitions of views, by the views in them.
func partitions(t *testing.T, d *db.DB) map[string]int {
	t.Helper()
	var all []struct {
		Name  string
		Views int
	}
	if err := d.Select(t.Context(), &all, `SELECT CAST(i.inhrelid AS regclass)::text AS name, COUNT(v.id) AS views
		FROM pg_inherits i LEFT JOIN views v ON v.tableoid = i.inhrelid WHERE i.inhparent = CAST('views' AS regclass) GROUP BY 1`); err != nil {
		t.Fatal(err)
	}
	by := map[string]int{}
	for _, p := range all {
		by[p.Name] = p.Views
	}
	return by
}

func mustPrepare(t *testing.T, d *db.DB) {
	t.Helper()
	for range 2 { // the second finds everything made
		if err := visit.PreparePartitions(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
}

func TestViewsOfAMonthHaveAPartition(t *testing.T) {
	now := dbtest.Start
	d := dbtest.Open(t, db.Config{URL: dbtest.NewPostgres(t), Clock: clock.From(func() time.Time { return now })})
	r := mustRecorder(t, d)
	record := func(months ...int) {
		for _, m := range months {
			if err := r.Record(t.Context(), view(dbtest.Start.AddDate(0, m, 0), visit.Human, "qr")); err != nil {
				t.Fatal(err)
			}
		}
	}
	expect := func(when string, want map[string]int) {
		t.Helper()
		got := partitions(t, d)
		for name, n := range want {
			if views, there := got[name]; !there || views != n {
				t.Errorf("%s: %d views in %s, want %d; %v", when, views, name, n, got)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: the partitions are %v, want %v", when, got, want)
		}
	}
	record(0)
	expect("before the months", map[string]int{"views_before": 0, "views_rest": 1})
	mustPrepare(t, d)
	record(1, 4, 5)
	expect("in February", map[string]int{"views_before": 0, "views_2026_02": 1, "views_2026_03": 1, "views_2026_04": 0, "views_2026_05": 0, "views_rest": 2})
	now = dbtest.Start.AddDate(0, 3, 0)
	mustPrepare(t, d)
	expect("in May", map[string]int{"views_before": 0, "views_2026_02": 1, "views_2026_03": 1, "views_2026_04": 0, "views_2026_05": 0,
		"views_2026_06": 1, "views_2026_07": 1, "views_2026_08": 0, "views_rest": 0})

	rows, _, err := visit.Activity(t.Context(), d, biz, lnk, "test", visit.ActivityQuery{Kind: visit.KindAll, Limit: 10})
	if err != nil || len(rows) != 4 {
		t.Errorf("activity over partitions: %d rows, %v", len(rows), err)
	}
	months := slices.Sorted(func(yield func(string) bool) {
		for _, row := range rows {
			if !yield(row.View.At.Format("01")) {
				return
			}
		}
	})
	if got := strings.Join(months, " "); got != "02 03 06 07" {
		t.Errorf("the views are of the months %s", got)
	}
}
