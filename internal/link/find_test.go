package link_test

import (
	"slices"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestFindLooksForEveryWordAndPutsWhatBeginsSoFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, name := range []string{"Summer school", "Art in summer", "Straße 50%", "Winter"} {
			w.make(t, draft(name))
		}
		gone := w.make(t, draft("Summer gone"))
		if err := w.Delete(t.Context(), w.b, gone.ID); err != nil {
			t.Fatal(err)
		}
		for query, want := range map[string][]string{
			"":              nil,
			"  ":            nil,
			"SUMMER":        {"Summer school", "Art in summer"},
			"school summer": {"Summer school"},
			"strasse":       {"Straße 50%"},
			"50%":           {"Straße 50%"},
			"5_%":           nil,
			"art-in":        {"Art in summer"}, // its path
			"summer winter": nil,
		} {
			found, err := w.Find(t.Context(), w.b.ID, query, 5)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, f := range found {
				names = append(names, f.Name)
			}
			if !slices.Equal(names, want) {
				t.Errorf("%q finds %q, want %q", query, names, want)
			}
		}
		for _, name := range []string{"Tickets for the spring fair", "Fair play in spring", "Spring fair"} {
			w.make(t, draft(name))
		}
		found, err := w.Find(t.Context(), w.b.ID, "spring fair", 5)
		if err != nil || len(found) != 3 || found[0].Name != "Spring fair" || found[1].Name != "Tickets for the spring fair" {
			t.Errorf("what holds the words side by side comes behind: %v, %v", found, err)
		}
		if found, err := w.Find(t.Context(), "biz_other", "summer", 5); err != nil || len(found) > 0 {
			t.Errorf("another business finds %v, %v", found, err)
		}
		for _, limit := range []int{0, 1} {
			if found, err := w.Find(t.Context(), w.b.ID, "e", limit); err != nil || len(found) != limit {
				t.Errorf("at most %d: %v, %v", limit, found, err)
			}
		}
		if found, err := w.Find(t.Context(), w.b.ID, "e", 2); err != nil || len(found) != 2 {
			t.Errorf("a limit of 2 finds %v, %v", found, err)
		}
	})
}

func TestFindAnswersWhileSomebodyTypes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		fill(t, w, manyLinks)
		begin := time.Now()
		if _, err := w.Find(t.Context(), w.b.ID, "no such link", 6); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took > slowest {
			t.Errorf("finding nothing among %d links took %s", manyLinks, took)
		} else {
			t.Logf("finding nothing among %d links took %s", manyLinks, took)
		}
	})
}
