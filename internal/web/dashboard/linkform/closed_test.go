package linkform_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// closedInputs are the names of the inputs with what a closed link leads to.
func closedInputs(next link.ID) url.Values {
	return dashboardtest.With(goodLink(), "thanks", "See you in the darkroom.", "closed_message", "Back in May.",
		"lead", "link", "closed_next", string(next), "closed_redirect", "on")
}

func TestAClosedLinkLeadsOnByItsForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		may := s.Link(t, acme, link.Fields{Name: "Weekend in May"})
		b := s.SignedIn(t, "marit@example.com")
		if got := b.Post("/dashboard/acme/links", dashboardtest.With(closedInputs(may.ID), "path", "april")); got.Status != http.StatusSeeOther {
			t.Fatalf("creating: %d %s", got.Status, got.Said())
		}
		m, err := s.Links.ByPath(t.Context(), acme, "april")
		l := m.Link
		if err != nil || l.Thanks != "See you in the darkroom." || l.WhenClosed != (link.WhenClosed{Message: "Back in May.", Next: may.ID, Redirect: true}) {
			t.Fatalf("stored %+v, %v", l.Fields, err)
		}
		edit := "/dashboard/acme/links/" + string(l.ID) + "/edit"
		form := b.Get(edit)
		if !form.Has("Back in May.", "See you in the darkroom.", `value="`+string(may.ID)+`" selected`, "Leads to Weekend in May · Back in May.") {
			t.Errorf("the form does not show what is set: %s", form.Said())
		}
		if form.Has(`<option value="` + string(l.ID) + `"`) {
			t.Error("the form offers the link itself")
		}
		waiting := dashboardtest.With(goodLink(), "path", "april", "version", "1", "lead", "nowhere", "closed_next", string(may.ID), "closed_redirect", "on", "waiting", "on", "offer_hours", "48")
		if got := b.Post(edit, waiting); got.Status != http.StatusSeeOther {
			t.Fatalf("changing: %d %s", got.Status, got.Said())
		}
		if l, err = s.Links.Get(t.Context(), acme, l.ID); err != nil || l.WhenClosed != (link.WhenClosed{}) || l.Thanks != "" || !l.WaitingList || l.OfferHours != 48 {
			t.Errorf("cleared, with a waiting list: %+v, %v", l.Fields, err)
		}
		if form := b.Get(edit); !form.Has(`name="offer_hours"`, `value="48"`, ">Waiting list<") {
			t.Errorf("the form does not show the waiting list: %s", form.Said())
		}
		if got := b.Post(edit, dashboardtest.With(goodLink(), "path", "april", "version", "2", "lead", "address", "closed_url", "example.com/elsewhere")); got.Status != http.StatusSeeOther {
			t.Fatalf("to an address: %d %s", got.Status, got.Said())
		}
		if l, err = s.Links.Get(t.Context(), acme, l.ID); err != nil || l.WhenClosed != (link.WhenClosed{URL: "https://example.com/elsewhere"}) || l.WaitingList {
			t.Errorf("to an address: %+v, %v", l.Fields, err)
		}
	})
}

func TestMistakesOfAClosedLinkAreAtTheirFields(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		last := s.Link(t, acme, link.Fields{Name: "Last"})
		first := s.Link(t, acme, link.Fields{Name: "First", WhenClosed: link.WhenClosed{Next: last.ID}})
		b := s.SignedIn(t, "marit@example.com")
		edit := "/dashboard/acme/links/" + string(last.ID) + "/edit"
		for _, c := range []struct {
			at, says string
			inputs   []string
		}{
			{"closed_next", "leads back to this one", []string{"lead", "link", "closed_next", string(first.ID)}},
			{"closed_next", "lead on to itself", []string{"lead", "link", "closed_next", string(last.ID)}},
			{"closed_next", "Choose a link to lead on to.", []string{"lead", "link"}},
			{"closed_next", "There is no such link.", []string{"lead", "link", "closed_next", "lnk_00000000000000000000000000"}},
			{"closed_url", "Enter a full address", []string{"lead", "address"}},
			{"closed_url", "https://", []string{"lead", "address", "closed_url", "javascript:alert(1)"}},
			{"closed_redirect", "Switch one of the two off.", []string{"lead", "address", "closed_url", "https://example.com/", "closed_redirect", "on", "waiting", "on", "offer_hours", "24"}},
			{"offer_hours", "from 1 to 168", []string{"waiting", "on", "offer_hours", "169"}},
			{"offer_hours", "from 1 to 168", []string{"waiting", "on", "offer_hours", "0"}},
			{"offer_hours", "from 1 to 168", []string{"waiting", "on", "offer_hours", "a day"}},
		} {
			form := dashboardtest.With(goodLink(), append([]string{"version", "1", "path", "last", "closed_message", "Back in May."}, c.inputs...)...)
			got := b.Post(edit, form)
			if got.Status != http.StatusUnprocessableEntity || !got.Has(`id="`+c.at+`-error"`, c.says, `id="section-closed" open`, "Back in May.") {
				t.Errorf("%v: %d, without %q at %s: %s", c.inputs, got.Status, c.says, c.at, got.Said())
			}
			for i := 1; i < len(c.inputs); i += 2 {
				if !got.Has(`value="` + c.inputs[i] + `"`) {
					t.Errorf("%v: %q is lost", c.inputs, c.inputs[i])
				}
			}
		}
		if l, err := s.Links.Get(t.Context(), acme, last.ID); err != nil || l.Version != 1 {
			t.Errorf("something was stored: %+v, %v", l, err)
		}
	})
}

// The newest links are offered, and the chosen one whatever it is.
func TestTheFormOffersSoManyNextLinks(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	oldest := s.Link(t, acme, link.Fields{Name: "Oldest"})
	older := s.Link(t, acme, link.Fields{Name: "Older"})
	l := s.Link(t, acme, link.Fields{Name: "Chooses", WhenClosed: link.WhenClosed{Next: oldest.ID}})
	s.DB.Clock().SetOffset(time.Minute) // those of one instant have no order
	for range 100 {
		s.Link(t, acme, link.Fields{Name: "Newer"})
	}
	form := s.SignedIn(t, "marit@example.com").Get("/dashboard/acme/links/" + string(l.ID) + "/edit")
	if !form.Has(`/links/find?except=`+string(l.ID), `value="`+string(oldest.ID)+`" selected`, "Leads to Oldest") || form.Has(`value="`+string(older.ID)+`"`) {
		t.Errorf("the form of one of many links: %s", form.Said())
	}
}

// Two members who change the same next link are told each other's by its name.
func TestAConflictNamesTheNextLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		may, june := s.Link(t, acme, link.Fields{Name: "Weekend in May"}), s.Link(t, acme, link.Fields{Name: "Weekend in June"})
		l := s.Link(t, acme, link.Fields{Name: "Now"})
		if _, err := s.Links.Edit(t.Context(), acme, l.ID, 1, func(f *link.Fields) { f.WhenClosed.Next = june.ID }); err != nil {
			t.Fatal(err)
		}
		got := s.SignedIn(t, "marit@example.com").Post("/dashboard/acme/links/"+string(l.ID)+"/edit", dashboardtest.With(goodLink(), "version", "1", "lead", "link", "closed_next", string(may.ID)))
		if got.Status != http.StatusConflict || !got.Has("Leads on to", ">Weekend in June<", ">Weekend in May<") {
			t.Errorf("%d %s", got.Status, got.Said())
		}
	})
}

// What a form shows of a link and sends back changes nothing, also where the next link
// was deleted since.
func TestSavingKeepsWhatTheAPISetOfAClosedLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		next := s.Link(t, acme, link.Fields{Name: "Next"})
		l := s.Link(t, acme, link.Fields{Name: "Now", Thanks: "Thanks!", OfferHours: 72, WhenClosed: link.WhenClosed{Message: "One.\nTwo.", Next: next.ID}})
		if err := s.Links.Delete(t.Context(), acme, next.ID); err != nil {
			t.Fatal(err)
		}
		b := s.SignedIn(t, "marit@example.com")
		edit := "/dashboard/acme/links/" + string(l.ID) + "/edit"
		if form := b.Get(edit); !form.Has("A deleted link", `value="`+string(next.ID)+`" selected`) {
			t.Errorf("the form does not show the deleted link: %s", form.Said())
		}
		sent := dashboardtest.With(goodLink(), "version", "1", "path", "now", "thanks", "Thanks!", "closed_message", "One.\r\nTwo.", "lead", "link", "closed_next", string(next.ID), "closed_url", "", "offer_hours", "72")
		if got := b.Post(edit, sent); got.Status != http.StatusSeeOther {
			t.Fatalf("saving: %d %s", got.Status, got.Said())
		}
		after, err := s.Links.Get(t.Context(), acme, l.ID)
		if err != nil || after.WhenClosed != l.WhenClosed || after.Thanks != l.Thanks || after.OfferHours != 72 || after.WaitingList {
			t.Errorf("%+v became %+v, %v", l.WhenClosed, after.Fields, err)
		}
	})
}
