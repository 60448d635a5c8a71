package tags_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestTagsAreMadeRenamedMergedAndDeleted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		const page = "/dashboard/acme/tags"
		if got := b.Post(page, url.Values{"kind": {"customer"}, "name": {"VIP"}, "color": {"red"}}); got.Location != page+"?kind=customer" {
			t.Fatalf("creating: %d %s", got.Status, got.Said())
		}
		if got := b.Post(page, url.Values{"kind": {"customer"}, "name": {"vip"}, "color": {"teal"}}); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="name-error"`, `value="vip"`) {
			t.Errorf("a second tag of the name: %d", got.Status)
		}
		old, keep := s.Tag(t, acme, tag.OfLinks, "Old"), s.Tag(t, acme, tag.OfLinks, "Keep")
		l := s.Link(t, acme, link.Fields{Tags: tag.Named("Old")})
		if got := b.Get(page); !got.Has("Old", "1 link", "0 links") || got.Has("VIP") {
			t.Errorf("the list of link tags: %d %s", got.Status, got.Said())
		}
		if got := b.Post(page+"/"+string(old.ID), url.Values{"name": {"Older"}, "color": {"mint"}}); got.Status != http.StatusSeeOther {
			t.Errorf("renaming: %d", got.Status)
		}
		if got := b.Post(page+"/"+string(old.ID)+"/merge", url.Values{}); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="into-error"`) {
			t.Errorf("merging into nothing: %d", got.Status)
		}
		if got := b.Post(page+"/"+string(old.ID)+"/merge", url.Values{"into": {string(keep.ID)}}); got.Status != http.StatusSeeOther {
			t.Errorf("merging: %d", got.Status)
		}
		if after, err := s.Links.Get(t.Context(), acme, l.ID); err != nil || len(after.Tags) != 0 && after.Tags[0].ID != keep.ID {
			t.Errorf("after the merge the link carries %v, %v", after.Tags, err)
		}
		if got := b.Post(page+"/"+string(keep.ID)+"/delete", nil); got.Status != http.StatusSeeOther {
			t.Errorf("deleting: %d", got.Status)
		}
		if got := b.Get(page + "/" + string(keep.ID)); got.Status != http.StatusNotFound {
			t.Errorf("a deleted tag: %d", got.Status)
		}
	})
}

func TestATagIsMadeInTheFormAndChosenAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		form := url.Values{"type": {"amount"}, "name": {"Half typed"}, "amount": {"1,50"}, "tags": {"Summer, New one"}, "tag_color": {"pink"}, "act": {"add-tag"}}
		got := b.Post("/dashboard/acme/links", form)
		if got.Status != http.StatusOK || !got.Has(`value="Half typed"`, `value="1,50"`, `value="Summer" checked`, `value="New one" checked`) {
			t.Fatalf("adding: %d %s", got.Status, got.Said())
		}
		list, err := s.Tags.List(t.Context(), acme.ID, tag.OfLinks)
		if err != nil || len(list) != 2 || list[0].Color != "pink" {
			t.Errorf("made %+v, %v", list, err)
		}
		if n, _ := s.Links.Count(t.Context(), acme.ID); n != 0 {
			t.Error("the half typed link was stored")
		}
		if got := b.Post("/dashboard/acme/links", dashboardtest.With(form, "tags", strings.Repeat("x", 51))); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="tags-error"`, `value="Half typed"`) {
			t.Errorf("a bad name: %d", got.Status)
		}
	})
}

func TestTheDialogSetsTheTagsOfALink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		s.Tag(t, acme, tag.OfLinks, "Event")
		l := s.Link(t, acme, link.Fields{Tags: tag.Named("Shop")})
		b := s.SignedIn(t, "marit@example.com")
		page := "/dashboard/acme/links/" + string(l.ID)
		if got := b.Get(page); !got.Has(`id="edit-tags"`, `value="Shop" checked`, `value="Event"`) {
			t.Errorf("the dialog: %d", got.Status)
		}
		if got := b.Post(page+"/tags", url.Values{"tag": {"Event"}, "tags": {"Fresh"}, "tag_color": {"red"}}); got.Location != page {
			t.Fatalf("saving: %d %s", got.Status, got.Said())
		}
		after, err := s.Links.Get(t.Context(), acme, l.ID)
		if err != nil || len(after.Tags) != 2 || after.Tags[0].Name != "Event" || after.Tags[1].Name != "Fresh" || after.Tags[1].Color != "red" {
			t.Errorf("the tags are %+v, %v", after.Tags, err)
		}
	})
}

func TestWhatAPaymentDoesIsChosenInTheForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		plain, err := s.Customers.Create(t.Context(), acme, customer.Fields{Name: "Plain", Email: "plain@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		tagged, err := s.Customers.Create(t.Context(), acme, customer.Fields{Name: "Tagged", Tags: tag.Named("Trial")})
		if err != nil {
			t.Fatal(err)
		}
		s.Tag(t, acme, tag.OfCustomers, "Foreign")
		const after = "/dashboard/acme/links/after?customer="
		if got := b.Get(after + string(plain.ID)); !got.Has("This customer has no tags to remove", "disabled") {
			t.Errorf("a customer without tags: %s", got.Body)
		}
		if got := b.Get(after + string(plain.ID) + "&apply_tag=VIP"); !got.Has(`<option value="VIP"`) || got.Has("no tags to remove") {
			t.Errorf("the tag that is given can't be taken: %s", got.Body)
		}
		if got := b.Get(after + string(tagged.ID)); !got.Has(`<option value="Trial"`) || strings.Count(got.Body, `value="Foreign"`) != 1 {
			t.Errorf("the tags of a customer: %s", got.Body)
		}
		form := url.Values{"type": {"amount"}, "name": {"Upgrade"}, "amount": {"10"}, "currency": {"EUR"}, "limit": {"unlimited"}, "customer": {string(tagged.ID)},
			"apply_tag": {"VIP Customer"}, "remove_tag": {"Trial"}, "redirect_url": {"https://example.com/thanks"}, "active": {"on"}}
		got := b.Post("/dashboard/acme/links", form)
		if got.Status != http.StatusSeeOther {
			t.Fatalf("creating: %d %s", got.Status, got.Said())
		}
		if page := b.Get(got.Location); !page.Has("For Tagged", "VIP Customer", "Trial", "https://example.com/thanks", "/customers/"+string(tagged.ID)) {
			t.Errorf("the link's page: %s", page.Said())
		}
		if page := b.Get(got.Location + "/edit"); !page.Has(`value="VIP Customer"`, `name="customer" value="`+string(tagged.ID)+`"`) {
			t.Errorf("the form again: %d", page.Status)
		}
		if bad := b.Post("/dashboard/acme/links", dashboardtest.With(form, "customer", "cus_nobody")); bad.Status != http.StatusUnprocessableEntity || !bad.Has(`id="customer-error"`) {
			t.Errorf("an unknown customer: %d", bad.Status)
		}
	})
}

func TestStaffDeleteAndMergeNoTags(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		s.Member(t, acme, "sam@example.com", account.Staff)
		one := s.Tag(t, acme, tag.OfLinks, "One")
		b := s.SignedIn(t, "sam@example.com")
		for _, act := range []string{"/merge", "/delete"} {
			if got := b.Post("/dashboard/acme/tags/"+string(one.ID)+act, nil); got.Status != http.StatusForbidden {
				t.Errorf("%s by staff: %d", act, got.Status)
			}
		}
		if got := b.Post("/dashboard/acme/tags/"+string(one.ID), url.Values{"name": {"Two"}, "color": {"teal"}}); got.Status != http.StatusSeeOther {
			t.Errorf("renaming by staff: %d", got.Status)
		}
	})
}
