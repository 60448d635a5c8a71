package delivery_test

import (
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
)

// Of a limit of units payments may be fewer.
func TestAMailSaysWhatALimitIsOf(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		c := w.customer("Amara", "amara@example.com")
		for counts, want := range map[link.Counts]string{link.Payments: "Limited to 8 payments", link.Units: "Limited to 8 in all"} {
			l, err := w.links.Edit(t.Context(), w.business, w.link("Workshop").ID, 0, func(f *link.Fields) { f.Limit = link.Limit{Kind: link.Multiple, Max: 8, Counts: counts} })
			if err != nil {
				t.Fatal(err)
			}
			w.send(l, "", c.ID)
			mails := w.server.Mails()
			if got := mails[len(mails)-1].Source; !strings.Contains(got, want) {
				t.Errorf("the mail lacks %q: %s", want, got)
			}
		}
	})
}
