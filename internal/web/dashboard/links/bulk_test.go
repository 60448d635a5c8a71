package links_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// What was done to many is undone for those that it changed, and for no others.
func TestManyLinksAreChangedAndBroughtBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		on, off := s.Link(t, acme, link.Fields{Tags: tag.Named("Event")}), s.Link(t, acme, link.Fields{}, dashboardtest.Off)
		b := s.SignedIn(t, "marit@example.com")
		const list = dashboardtest.AtAcme + "/links?q=workshop"
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
			{ticked("act", "tag", "tag", "Event"), "Event added to 1 link", [2]bool{true, false}, [2]bool{true, true}},
			{ticked("act", "untag", "tag", "Event"), "Event removed from 1 link", [2]bool{true, false}, [2]bool{}},
		} {
			if got := b.Post(dashboardtest.AtAcme+"/links/bulk", c.form); got.Location != list {
				t.Fatalf("%s: %d %q", c.says, got.Status, got.Location)
			}
			if active, tagged := state(); active != c.active || tagged != c.tagged {
				t.Errorf("%s: active %v, tagged %v", c.says, active, tagged)
			}
			page := b.Get(list)
			if !page.Has(c.says, "Undo") {
				t.Fatalf("it does not say %q", c.says)
			}
			undo := dashboardtest.Between(t, page.Body, c.says, `action="`, `"`)
			if got := b.Post(undo, nil); got.Location != list {
				t.Fatalf("undoing %s: %d %q", c.says, got.Status, got.Location)
			}
			if active, tagged := state(); active != [2]bool{true, false} || tagged != [2]bool{true, false} {
				t.Errorf("%s undone: active %v, tagged %v", c.says, active, tagged)
			}
			b.Get(list)
		}
		// Several at once, one of them new and in a colour of its own.
		b.Post(dashboardtest.AtAcme+"/links/bulk", ticked("act", "tag", "tag", "Event", "tags", "Spring, ", "tag_color", "lime"))
		if page := b.Get(list); !page.Has("Event, Spring added to 2 links") || page.Has("Undo") {
			t.Errorf("several: %s", page.Said())
		}
		if l, err := s.Links.Get(context.Background(), acme, off.ID); err != nil || len(l.Tags) != 2 || l.Tags[1].Name != "Spring" || l.Tags[1].Color != "lime" {
			t.Errorf("several: %+v, %v", l.Tags, err)
		}
		b.Post(dashboardtest.AtAcme+"/links/bulk", ticked("act", "tag", "tags", "Summer, "+strings.Repeat("x", 51)))
		if page := b.Get(list); !page.Has("Nothing changed", "“xxxxxxxxxxxxxxxxxxxx…” is too long. Use at most 50 characters.", "toast-bad") {
			t.Errorf("a name that is too long: %s", page.Said())
		}
		b.Post(dashboardtest.AtAcme+"/links/bulk", ticked("act", "untag"))
		if page := b.Get(list); !page.Has("Choose a tag first.") {
			t.Errorf("no tag: %s", page.Said())
		}
	})
}

func TestChangingManyNeedsLinksOfOnesOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		zenith := s.Business(t, "zenith", "zoe@example.com")
		foreign := s.Link(t, zenith, link.Fields{})
		b := s.SignedIn(t, "marit@example.com")
		for form, says := range map[string]string{
			"act=deactivate": "Select links first", "act=nonsense&link=" + string(foreign.ID): "Nothing changed",
			"act=deactivate&link=" + string(foreign.ID): "All of them are paused already", "": "Nothing changed",
		} {
			values, err := url.ParseQuery(form)
			if err != nil {
				t.Fatal(err)
			}
			if got := b.Post(dashboardtest.AtAcme+"/links/bulk", values); got.Status != http.StatusSeeOther {
				t.Errorf("%q: %d", form, got.Status)
			}
			if page := b.Get(dashboardtest.AtAcme + "/links"); !page.Has(says) {
				t.Errorf("%q does not say %q", form, says)
			}
		}
		if l, err := s.Links.Get(context.Background(), zenith, foreign.ID); err != nil || !l.Active {
			t.Error("another business's link is paused")
		}
	})
}

func TestTagsThatWereTakenOffComeBack(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	l := s.Link(t, acme, link.Fields{Tags: tag.Named("Event", "Gift & more")})
	b := s.SignedIn(t, "marit@example.com")
	b.Post(dashboardtest.AtAcme+"/links/"+string(l.ID)+"/tags", url.Values{"tag": {"Event", "Gift & more"}, "tags": {"Spring, Summer "}, "tag_color": {"green"}})
	if given, err := s.Links.Get(context.Background(), acme, l.ID); err != nil || len(given.Tags) != 4 {
		t.Errorf("with two that were typed it has %v, %v", given.Tags, err)
	}
	b.Post(dashboardtest.AtAcme+"/links/"+string(l.ID)+"/tags", url.Values{"tag": {"Event", "Gift & more"}})
	page := b.Get(b.Post(dashboardtest.AtAcme+"/links/"+string(l.ID)+"/tags", url.Values{"tag": {"Event"}}).Location)
	if !page.Has("Tags removed", "Gift &amp; more") {
		t.Fatalf("%s", page.Said())
	}
	b.Post(dashboardtest.Between(t, page.Body, "Tags removed", `action="`, `"`), nil)
	if after, err := s.Links.Get(context.Background(), acme, l.ID); err != nil || len(after.Tags) != 2 {
		t.Errorf("undone it has %v, %v", after.Tags, err)
	}
}

func TestTheFootAddsUpAllPages(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	for range 27 {
		l := s.Link(t, acme, link.Fields{})
		s.Exec(t, `INSERT INTO link_totals (link_id, mode, business_id, views, payments, revenue_minor) VALUES ($1, $2, $3, 2, 1, 8900)`, l.ID, acme.Mode, acme.ID)
	}
	if page := s.SignedIn(t, "marit@example.com").Get(dashboardtest.AtAcme + "/links"); !page.Has("25 of 27 links", ">27 links<", ">54<", "€2,403.00") {
		t.Errorf("%s", dashboardtest.Between(t, page.Body, "<tfoot", ">", "</tfoot>"))
	}
}
