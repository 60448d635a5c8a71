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

func TestEmptyListLeadsToTheFirstLink(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	if got := b.Get("/dashboard/acme/links"); !got.Has("Create your first smart link", "Test mode") {
		t.Errorf("an empty list: %d %s", got.Status, got.Said())
	}
	if got := b.Get("/dashboard/acme/links/new?name=Deposit&limit=once"); !got.Has(`value="Deposit"`) {
		t.Error("a common case fills nothing in")
	}
}

func TestListIsFilteredByItsAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		p := s.Product(t, acme, "Chair")
		s.Link(t, acme, link.Fields{Name: "Summer Sale", Tags: tag.Named("Event", "Shop")})
		s.Link(t, acme, link.Fields{Name: "Winter Light", Tags: tag.Named("Event")}, dashboardtest.Off)
		s.Link(t, acme, link.Fields{Name: "Chair Link", Type: link.Product, ProductID: p.ID, Tags: tag.Named("Shop")})
		b := s.SignedIn(t, "marit@example.com")
		for query, want := range map[string]string{
			"":                            "Summer Sale,Winter Light,Chair Link",
			"q=winter":                    "Winter Light",
			"q=SUMMER-sale":               "Summer Sale",
			"type=product":                "Chair Link",
			"status=inactive":             "Winter Light",
			"tag=Event":                   "Summer Sale,Winter Light",
			"tag=Event&tag=Shop":          "Summer Sale,Winter Light,Chair Link",
			"tag=Event&tag=Shop&tags=all": "Summer Sale",
			"type=&status=&q=":            "Summer Sale,Winter Light,Chair Link",
			"q=nothing+like+it":           "",
		} {
			got := b.Get("/dashboard/acme/links?" + query)
			if got.Status != http.StatusOK {
				t.Fatalf("%s: %d %s", query, got.Status, got.Said())
			}
			for _, name := range []string{"Summer Sale", "Winter Light", "Chair Link"} {
				if shown, wanted := got.Has(`">`+name+`</a>`), strings.Contains(want, name); shown != wanted {
					t.Errorf("%q shows %s: %v, want %v", query, name, shown, wanted)
				}
			}
			if want == "" && !got.Has("No links found", "Clear filters") {
				t.Errorf("%q offers no way on", query)
			}
		}
	})
}

func TestListPagesLeadForthAndBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		for range 30 {
			s.Link(t, acme, link.Fields{Name: "Ticket"})
		}
		b := s.SignedIn(t, "marit@example.com")
		first := b.Get("/dashboard/acme/links")
		if !first.Has("25 of 30 links") {
			t.Fatalf("the first page does not say how much it shows")
		}
		older := b.Get(pageHref(t, first, "Older"))
		if !older.Has("5 of 30 links") {
			t.Fatalf("the second page: %d", older.Status)
		}
		newer := b.Get(pageHref(t, older, "Newer"))
		if !newer.Has("25 of 30 links") {
			t.Errorf("back on the first page: %d", newer.Status)
		}
	})
}

func TestSwitchPausesAndOffersTheWayBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{})
		b := s.SignedIn(t, "marit@example.com")
		off := b.Post("/dashboard/acme/links/"+string(l.ID)+"/active", url.Values{"active": {"off"}, "back": {"/dashboard/acme/links?q=photo"}})
		if off.Location != "/dashboard/acme/links?q=photo" {
			t.Fatalf("pausing: %d %q", off.Status, off.Location)
		}
		page := b.Get(off.Location)
		if !page.Has("is paused", "Undo", `aria-checked="false"`) {
			t.Fatal("the list does not say that the link is paused")
		}
		undo := dashboardtest.Between(t, page.Body, "toast-calm", `action="`, `"`)
		if got := b.Post(undo, nil); got.Location != "/dashboard/acme/links?q=photo" {
			t.Fatalf("undoing: %d %q", got.Status, got.Location)
		}
		if after, err := s.Links.Get(context.Background(), acme, l.ID); err != nil || !after.Active {
			t.Errorf("after undoing it is active: %v, %v", after.Active, err)
		}
		if again := b.Get(off.Location); again.Has("is paused") {
			t.Error("the message is shown twice")
		}
	})
}

func TestActsLeadBackOnlyIntoTheDashboard(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	l := s.Link(t, acme, link.Fields{})
	b := s.SignedIn(t, "marit@example.com")
	page := "/dashboard/acme/links/" + string(l.ID)
	for _, back := range []string{"https://evil.example", "//evil.example/dashboard/acme/", "/sign-out", ""} {
		if got := b.Post(page+"/active", url.Values{"active": {"on"}, "back": {back}}); got.Location != page {
			t.Errorf("back to %q leads to %q", back, got.Location)
		}
	}
}

func TestDuplicateOpensAnInactiveCopyForEditing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{Name: "Gala"})
		b := s.SignedIn(t, "marit@example.com")
		got := b.Post("/dashboard/acme/links/"+string(l.ID)+"/duplicate", nil)
		path, _, _ := strings.Cut(got.Location, "?")
		id := strings.TrimSuffix(strings.TrimPrefix(path, "/dashboard/acme/links/"), "/edit")
		copied, err := s.Links.Get(context.Background(), acme, link.ID(id))
		if err != nil || copied.ID == l.ID || copied.Active {
			t.Fatalf("%q leads to %+v, %v", got.Location, copied, err)
		}
		form := b.Get(got.Location)
		if !form.Has("Gala", `name="active"`, "This is a copy") {
			t.Errorf("the form of the copy: %d", form.Status)
		}
	})
}

func TestDeleteAsksAndThenTheLinkIsGone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		l := s.Link(t, acme, link.Fields{Name: "Gala"})
		b := s.SignedIn(t, "marit@example.com")
		page := "/dashboard/acme/links/" + string(l.ID)
		if asked := b.Get(page + "/delete"); !asked.Has("Delete Gala?", "stops working right away", "Keep link") {
			t.Fatalf("asking: %d", asked.Status)
		}
		if got := b.Post(page+"/delete", nil); got.Location != "/dashboard/acme/links" {
			t.Fatalf("deleting: %d %q", got.Status, got.Location)
		}
		if got := b.Get(page); got.Status != http.StatusNotFound {
			t.Errorf("the page of a deleted link: %d", got.Status)
		}
	})
}

// Names come from people; a page must show them, not obey them.
func TestNamesAreShownNotObeyed(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	l := s.Link(t, acme, link.Fields{Name: `<script>alert("x")</script>`, Notes: "<b>bold</b>", Tags: tag.Named("<i>")})
	b := s.SignedIn(t, "marit@example.com")
	for _, path := range []string{"", "/new", "/" + string(l.ID), "/" + string(l.ID) + "/edit", "/" + string(l.ID) + "/delete"} {
		if got := b.Get("/dashboard/acme/links" + path); got.Has("<script>alert") || got.Has("<b>bold") || got.Has("<i>") {
			t.Errorf("%s obeys what it should show", path)
		}
	}
}

func TestListIsSortedByItsColumns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		s.Link(t, acme, link.Fields{Name: "Alpha"})
		s.Views(t, acme, s.Link(t, acme, link.Fields{Name: "Beta"}), 3)
		b := s.SignedIn(t, "marit@example.com")
		for sort, first := range map[string]string{"name": "Alpha", "-name": "Beta", "-views": "Beta", "views": "Alpha", "-revenue": "Beta", "payments": "Alpha"} {
			got := b.Get("/dashboard/acme/links?sort=" + sort)
			if name := dashboardtest.Between(t, got.Body, "row-link", ">", "<"); name != first {
				t.Errorf("sorted by %s the first is %q, want %q", sort, name, first)
			}
			if !got.Has(`aria-sort="`) {
				t.Errorf("sorted by %s no column says so", sort)
			}
		}
	})
}
