package importer_test

import (
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/importer"
)

// A link may lead on to one that a later line makes; to one that nobody makes, it can't.
func TestALinkLeadsOnToAnotherOfTheFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		done := w.run(t, w.read(t, importer.Links, "name,amount,path,when_closed_next,when_closed_redirect,when_closed_url,offer_hours,waiting_list\n"+
			"One,10,one,two,yes,,,\nTwo,10,two,three,,,,\nThree,10,three,,,,,\nNone,10,,one,,,,\n"+
			"Lost,10,lost,nowhere,yes,,,\nBoth,10,both,one,,https://example.com,,\nHours,10,hours,,,,soon,\nMaybe,10,maybe,,,,,maybe\nRound,10,round,back,,,,\nBack,10,back,round,,,,\n"))
		if done.Created != 4 || done.Failed != 6 {
			t.Errorf("%+v\n%s", done.Counts, w.problems(t, done))
		}
		for _, want := range []string{"6 when_closed_next: No link has this path.", "7 when_closed_url: Choose either", "8 offer_hours: ", "9 waiting_list: Write yes", "10 when_closed_next: ", "11 when_closed_next: "} {
			if got := w.problems(t, done); !strings.Contains(got, want) {
				t.Errorf("%q is not told:\n%s", want, got)
			}
		}
		for path, next := range map[string]string{"one": "two", "two": "three", "none": "one"} {
			from, err := w.links.ByPath(t.Context(), w.b, path)
			if err != nil {
				t.Fatal(err)
			}
			if to, err := w.links.Label(t.Context(), w.b.ID, from.Link.WhenClosed.Next); err != nil || to.Path != next {
				t.Errorf("%s leads to %q, %v", path, to.Path, err)
			}
		}
	})
}
