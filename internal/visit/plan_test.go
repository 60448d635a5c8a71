package visit_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/visit"
)

// The figures of one link must not cost more the more other links are looked at. SQLite
// alone tells its plan without statistics.
func TestFiguresAreFoundByTheirTarget(t *testing.T) {
	d := dbtest.SQLite(t)
	now := dbtest.Start
	p := visit.Days(30, now, time.UTC)
	for name, read := range map[string]func(ctx context.Context) error{
		"series": func(ctx context.Context) error {
			_, err := visit.Series(ctx, d, "biz", "lnk", "test", p, visit.Day, time.UTC)
			return err
		},
		"series and totals": func(ctx context.Context) error {
			_, _, err := visit.SeriesAndTotals(ctx, d, "biz", "lnk", "test", p, visit.Day, time.UTC)
			return err
		},
		"channels": func(ctx context.Context) error {
			_, err := visit.ByChannel(ctx, d, "biz", "lnk", "test", p)
			return err
		},
		"sparklines": func(ctx context.Context) error {
			_, err := visit.Sparklines(ctx, d, "biz", "test", []string{"one", "two"}, 30, now, time.UTC)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			asked := ""
			stop := d.Observe(func(statements []string) {
				if strings.Contains(statements[0], "link_rollups") { // and not what a server asks by itself
					asked = statements[0]
				}
			})
			err := read(t.Context())
			stop()
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, step := range dbtest.Plan(t, d, asked) {
				if strings.Contains(step, "link_rollups") {
					found = true
					if !strings.Contains(step, "link_id=? AND mode=? AND bucket>?") {
						t.Errorf("%s", step)
					}
				}
			}
			if !found {
				t.Errorf("%s reads no quarter hours", asked)
			}
		})
	}
}
