package linkform_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// desk is a link that two members have open.
type desk struct {
	*dashboardtest.Site
	acme           business.Business
	link           link.Link
	edit           string
	marit, sanne   *dashboardtest.Browser
	maritF, sanneF url.Values // as their forms were filled in
}

func newDesk(t *testing.T, d *db.DB) desk {
	t.Helper()
	s := dashboardtest.New(t, d)
	acme := s.Business(t, "acme", "marit@example.com")
	s.Member(t, acme, "sanne@example.com", account.Staff)
	l := s.Link(t, acme, link.Fields{Name: "Workshop", Description: "Two days.", Notes: "Ask Ann."})
	k := desk{Site: s, acme: acme, link: l, edit: "/dashboard/acme/links/" + string(l.ID) + "/edit"}
	k.marit, k.sanne = s.SignedIn(t, "marit@example.com"), s.SignedIn(t, "sanne@example.com")
	k.maritF, k.sanneF = k.open(t, k.marit), k.open(t, k.sanne)
	return k
}

// open is what the form of the link would send, untouched.
func (k desk) open(t *testing.T, b *dashboardtest.Browser) url.Values {
	t.Helper()
	page := b.Get(k.edit)
	form := url.Values{
		"type": {"amount"}, "name": {"Workshop"}, "description": {"Two days."}, "notes": {"Ask Ann."}, "amount": {"89.00"},
		"currency": {"EUR"}, "path": {k.link.Path}, "limit": {"unlimited"}, "limit_max": {"10"}, "show_remaining": {"on"}, "active": {"on"}, "to": {"one"},
		"remind_every": {"weekly"}, "remind_max": {"3"}, "remind_from": {"21:00"}, "remind_to": {"08:00"},
	}
	for _, name := range []string{"version", "opened"} {
		form.Set(name, regexp.MustCompile(`name="` + name + `" value="([^"]+)"`).FindStringSubmatch(page.Body)[1])
	}
	return form
}

func (k desk) stored(t *testing.T) link.Link {
	t.Helper()
	l, err := k.Links.Get(context.Background(), k.acme, k.link.ID)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (k desk) save(t *testing.T, b *dashboardtest.Browser, form url.Values, want int) dashboardtest.Answer {
	t.Helper()
	got := b.Post(k.edit, form)
	if got.Status != want {
		t.Fatalf("saving: %d %s, want %d", got.Status, got.Said(), want)
	}
	return got
}

func TestTheSecondOfTwoEditorsDecides(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.save(t, k.sanne, dashboardtest.With(k.sanneF, "name", "Theirs", "description", "Three days.", "amount", "95.00"), http.StatusSeeOther)
		mine := dashboardtest.With(k.maritF, "name", "Mine", "notes", "Ask Jonas.")
		told := k.save(t, k.marit, mine, http.StatusConflict)
		if !told.Has("Member sanne@example.com saved this link just now", `value="Mine"`, "Ask Jonas.", `name="version" value="2"`) {
			t.Errorf("the second is told: %s", told.Said())
		}
		if !told.Has(`font-semibold">Description`) || told.Has(`font-semibold">Reference`) || told.Has(`font-semibold">Notes`) {
			t.Error("what nobody else changed is listed")
		}
		if l := k.stored(t); l.Name != "Theirs" || l.Notes != "Ask Ann." {
			t.Errorf("something was stored: %+v", l)
		}
		t.Run("keep theirs where nothing was changed", func(t *testing.T) {
			k.save(t, k.marit, dashboardtest.With(mine, "version", "2", "conflict", "keep"), http.StatusSeeOther)
			if l := k.stored(t); l.Name != "Mine" || l.Notes != "Ask Jonas." || l.Description != "Three days." || l.Price().Minor != 9500 {
				t.Errorf("stored %+v", l)
			}
		})
		t.Run("mine on top", func(t *testing.T) {
			k.save(t, k.marit, dashboardtest.With(mine, "version", "3"), http.StatusSeeOther)
			if l := k.stored(t); l.Name != "Mine" || l.Description != "Two days." || l.Price().Minor != 8900 {
				t.Errorf("stored %+v", l)
			}
		})
	})
}

// A form that was shown again for another reason must not take the newer version
// for its own.
func TestAMistakeHidesNoConflict(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	k.save(t, k.sanne, dashboardtest.With(k.sanneF, "name", "Theirs"), http.StatusSeeOther)
	if again := k.marit.Post(k.edit, dashboardtest.With(k.maritF, "act", "add-tag", "tags", "New")); !again.Has(`name="version" value="1"`) {
		t.Error("with a new tag the form takes the newer version for its own")
	}
	if told := k.save(t, k.marit, dashboardtest.With(k.maritF, "amount", "much"), http.StatusConflict); !told.Has(`value="much"`) {
		t.Error("what was typed is lost")
	}
	k.save(t, k.marit, dashboardtest.With(k.maritF, "name", "Mine"), http.StatusConflict)
}

// Nothing would be lost where both wrote the same.
func TestEditorsWhoAgreeAreNotAsked(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	k.save(t, k.sanne, dashboardtest.With(k.sanneF, "name", "Ours"), http.StatusSeeOther)
	k.save(t, k.marit, dashboardtest.With(k.maritF, "name", "Ours", "notes", "Mine."), http.StatusSeeOther)
	if l := k.stored(t); l.Name != "Ours" || l.Notes != "Mine." {
		t.Errorf("stored %+v", l)
	}
}

func TestAProgramThatSavedIsCalledByItsToken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		off, ctx := false, t.Context()
		l, err := k.Links.Edit(ctx, k.acme, k.link.ID, 0, func(f *link.Fields) { f.Active = off })
		if err != nil {
			t.Fatal(err)
		}
		token, _, err := k.Accounts.CreateToken(ctx, k.acme.ID, "Shop", account.Scopes{account.LinksWrite})
		if err != nil {
			t.Fatal(err)
		}
		if err := k.Accounts.RecordProgramEdit(ctx, k.acme.ID, token.ID, string(l.ID), l.Version); err != nil {
			t.Fatal(err)
		}
		if told := k.save(t, k.marit, k.maritF, http.StatusConflict); !told.Has("The program “Shop” saved this link just now", "Active") {
			t.Errorf("told: %s", told.Said())
		}
	})
}

func TestAProgramThatIsNotKnownHasNoName(t *testing.T) {
	k := newDesk(t, dbtest.SQLite(t))
	off := false
	if _, err := k.Links.Edit(context.Background(), k.acme, k.link.ID, 0, func(f *link.Fields) { f.Active = off }); err != nil {
		t.Fatal(err)
	}
	if told := k.save(t, k.marit, k.maritF, http.StatusConflict); !told.Has("a program by the API", "Active") {
		t.Errorf("told: %s", told.Said())
	}
}

func TestProductsCustomersAndTemplatesAskTheSecondEditorToo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		p := k.Product(t, k.acme, "Print")
		c := k.Customer(t, k.acme, customer.Fields{Name: "Ann", Email: "ann@example.com"})
		for name, f := range map[string]struct {
			path, first, second, field string
			rest                       url.Values
		}{
			"product":  {"/products/" + string(p.ID), "1", "2", "name", url.Values{"price": {"149.00"}, "active": {"on"}}},
			"customer": {"/customers/" + string(c.ID) + "/edit", "1", "2", "name", url.Values{"email": {"ann@example.com"}}},
			"template": {"/settings/email/receipt", "0", "", "subject", url.Values{"body": {"Thank you."}}},
		} {
			t.Run(name, func(t *testing.T) {
				send := func(b *dashboardtest.Browser, version, value string) dashboardtest.Answer {
					return b.Post("/dashboard/acme"+f.path, dashboardtest.With(f.rest, "version", version, f.field, value))
				}
				if got := send(k.marit, f.first, "Theirs"); got.Status != http.StatusSeeOther {
					t.Fatalf("the first: %d %s", got.Status, got.Said())
				}
				told := send(k.marit, f.first, "Mine")
				if told.Status != http.StatusConflict || !told.Has("You, in another window, saved this "+name, "Theirs", `value="Mine"`) {
					t.Fatalf("the second: %d %s", told.Status, told.Said())
				}
				now := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(told.Body)[1]
				if f.second != "" && now != f.second {
					t.Errorf("the form stands on version %s", now)
				}
				if got := send(k.marit, now, "Mine"); got.Status != http.StatusSeeOther {
					t.Errorf("mine on top: %d %s", got.Status, got.Said())
				}
				if page := k.marit.Get("/dashboard/acme" + f.path); !page.Has(`value="Mine"`) {
					t.Errorf("stored: %s", page.Said())
				}
			})
		}
	})
}
