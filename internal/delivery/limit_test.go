package delivery_test

import (
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
)

// A link can be sent before it opens: its mail says from when it can be paid.
func TestAMailSaysWhenALinkIsOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		c := w.customer("Amara", "amara@example.com")
		day := 24 * time.Hour
		for _, at := range []struct{ opens, ends time.Duration }{{day, 3 * day}, {-day, 3 * day}, {day, 0}, {0, 0}} {
			l, err := w.links.Edit(t.Context(), w.business, w.link("Workshop").ID, 0, func(f *link.Fields) {
				for to, in := range map[**time.Time]time.Duration{&f.StartsAt: at.opens, &f.EndsAt: at.ends} {
					if when := d.Clock().Now().Add(in); in != 0 {
						*to = &when
					}
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			w.send(l, "", c.ID)
			mails := w.server.Mails()
			got := mails[len(mails)-1].Source
			if strings.Contains(got, "Open from: ") != (at.opens > 0) || strings.Contains(got, "Open until: ") != (at.ends > 0) {
				t.Errorf("%+v: %s", at, got)
			}
		}
	})
}

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
