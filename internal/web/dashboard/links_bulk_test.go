package dashboard_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
)

// What was done to many is undone for those that it changed, and for no others.
func TestManyLinksAreChangedAndBroughtBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		on, off := s.link(t, acme, link.Draft{Tags: []string{"Event"}}), s.link(t, acme, link.Draft{Inactive: true})
		b := s.signedIn(t, "marit@example.com")
		const list = atAcme + "/links?q=workshop"
		ticked := func(pairs ...string) url.Values {
			form := url.Values{"link": {string(on.ID), string(off.ID)}, "back": {list}}
			for i := 0; i < len(pairs); i += 2 {
				form.Set(pairs[i], pairs[i+1])
			}
			return form
		}
		state := func() (active, tagged [2]bool) {
			for i, id := range []link.ID{on.ID, off.ID} {
				l, err := s.Links.Get(context.Background(), acme, id)
				if err != nil {
					t.Fatal(err)
				}
				active[i], tagged[i] = l.Active, len(l.Tags) == 1
			}
			return active, tagged
		}
		for _, c := range []struct {
			form   url.Values
			says   string
			active [2]bool
			tagged [2]bool
		}{
			{ticked("act", "deactivate"), "1 link paused", [2]bool{}, [2]bool{true, false}},
			{ticked("act", "activate"), "1 link active now", [2]bool{true, true}, [2]bool{true, false}},
			{ticked("tag", "Event"), "Event added to 1 link", [2]bool{true, false}, [2]bool{true, true}},
			{ticked("untag", "Event"), "Event removed from 1 link", [2]bool{true, false}, [2]bool{}},
		} {
			if got := b.post(atAcme+"/links/bulk", c.form); got.Location != list {
				t.Fatalf("%s: %d %q", c.says, got.Status, got.Location)
			}
			if active, tagged := state(); active != c.active || tagged != c.tagged {
				t.Errorf("%s: active %v, tagged %v", c.says, active, tagged)
			}
			page := b.get(list)
			if !page.Has(c.says, "Undo") {
				t.Fatalf("it does not say %q", c.says)
			}
			undo := between(t, page.Body, c.says, `action="`, `"`)
			if got := b.post(undo, nil); got.Location != list {
				t.Fatalf("undoing %s: %d %q", c.says, got.Status, got.Location)
			}
			if active, tagged := state(); active != [2]bool{true, false} || tagged != [2]bool{true, false} {
				t.Errorf("%s undone: active %v, tagged %v", c.says, active, tagged)
			}
			b.get(list)
		}
	})
}

func TestChangingManyNeedsLinksOfOnesOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		zenith := s.business(t, "zenith", "zoe@example.com")
		foreign := s.link(t, zenith, link.Draft{})
		b := s.signedIn(t, "marit@example.com")
		for form, says := range map[string]string{
			"act=deactivate": "Tick the links first", "act=nonsense&link=" + string(foreign.ID): "Nothing is changed",
			"act=deactivate&link=" + string(foreign.ID): "All of them are paused already", "": "Nothing is changed",
		} {
			values, err := url.ParseQuery(form)
			if err != nil {
				t.Fatal(err)
			}
			if got := b.post(atAcme+"/links/bulk", values); got.Status != http.StatusSeeOther {
				t.Errorf("%q: %d", form, got.Status)
			}
			if page := b.get(atAcme + "/links"); !page.Has(says) {
				t.Errorf("%q does not say %q", form, says)
			}
		}
		if l, err := s.Links.Get(context.Background(), zenith, foreign.ID); err != nil || !l.Active {
			t.Error("another business's link is paused")
		}
	})
}

func TestTagsThatWereTakenOffComeBack(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	acme := s.business(t, "acme", "marit@example.com")
	l := s.link(t, acme, link.Draft{Tags: []string{"Event", "Gift & more"}})
	b := s.signedIn(t, "marit@example.com")
	page := b.get(b.post(atAcme+"/links/"+string(l.ID)+"/tags", url.Values{"tag": {"Event"}}).Location)
	if !page.Has("Tags removed", "Gift &amp; more") {
		t.Fatalf("%s", page.Said())
	}
	b.post(between(t, page.Body, "Tags removed", `action="`, `"`), nil)
	if after, err := s.Links.Get(context.Background(), acme, l.ID); err != nil || len(after.Tags) != 2 {
		t.Errorf("undone it has %v, %v", after.Tags, err)
	}
}

func TestTheFootAddsUpAllPages(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	acme := s.business(t, "acme", "marit@example.com")
	for range 27 {
		l := s.link(t, acme, link.Draft{})
		s.exec(t, `INSERT INTO link_totals (link_id, mode, business_id, views, payments, revenue_minor) VALUES ($1, $2, $3, 2, 1, 8900)`, l.ID, acme.Mode, acme.ID)
	}
	if page := s.signedIn(t, "marit@example.com").get(atAcme + "/links"); !page.Has("25 of 27 links", ">27 links<", ">54<", "€2,403.00") {
		t.Errorf("%s", between(t, page.Body, "<tfoot", ">", "</tfoot>"))
	}
}
