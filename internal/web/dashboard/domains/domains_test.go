package domains_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/domain"
	"smartlinks/internal/domain/domaintest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

const at = "/dashboard/acme/settings/domains"

func TestADomainIsAddedProvenUsedAndRemoved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		dns := s.Domains.Resolver.(*domaintest.Zone)
		if page := b.Get(at); !page.Has("Your own name instead of ours", `name="host"`) {
			t.Error(page.Said())
		}
		if page := b.Post(at, url.Values{"host": {"https://shop.noord.example/x"}}); page.Status != http.StatusUnprocessableEntity || !page.Has("Enter the name alone", `value="https://shop.noord.example/x"`) {
			t.Errorf("%d %s", page.Status, page.Said())
		}
		if page := b.Post(at, url.Values{"host": {"shop.noord.example"}}); page.Status != http.StatusSeeOther {
			t.Fatalf("%d %s", page.Status, page.Said())
		}
		all, err := s.Domains.List(t.Context(), acme.ID)
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		one := at + "/" + string(all[0].ID)
		page := b.Get(at)
		if !page.Has("Waiting for DNS", "noord.example", "_smartlinks.shop", "sl-verify="+all[0].Token, "Not seen yet", "Check now") {
			t.Error(page.Body)
		}
		dns.Set("A", "shop.noord.example", "127.0.0.1")
		b.Post(one+"/check", nil)
		if page := b.Get(at); !page.Has("Found", "Not seen yet", "The TXT record is missing: there is none under _smartlinks.shop.", "Next look by itself") {
			t.Error(page.Body)
		}
		dns.Set("TXT", "_smartlinks.shop.noord.example", "sl-verify="+all[0].Token)
		b.Post(one+"/check", nil)
		if page := b.Get(at); !page.Has("Used for new links", "The proxy before this installation has its certificate.", "0 links") || page.Has("Waiting for DNS") {
			t.Error(page.Body)
		}

		price := money.Amount{Minor: 4900, Currency: "EUR"}
		l, err := s.Links.Create(t.Context(), acme, link.Fields{Name: "Pay", Path: "dashboard", Amount: &price, Active: true})
		if err != nil {
			t.Fatal(err)
		}
		detail := b.Get("/dashboard/acme/links/" + string(l.ID))
		if !detail.Has("the program itself uses “dashboard”", s.URL+"/acme/dashboard/qr.png") {
			t.Errorf("the link does not say why it stays: %s", detail.Said())
		}
		form := b.Get("/dashboard/acme/links/" + string(l.ID) + "/edit")
		if !form.Has(`name="domain"`, `<option value="shop.noord.example"`) {
			t.Error("the form offers no domain")
		}

		dns.Set("A", "shop.noord.example", "198.51.100.9")
		b.Post(one+"/check", nil)
		if page := b.Get(at); !page.Has("Broken", "it leads to 198.51.100.9, not to us", "Show the records") {
			t.Error(page.Body)
		}
		if page := b.Get(one + "/remove"); !page.Has("Remove shop.noord.example?") {
			t.Error(page.Said())
		}
		if page := b.Post(one+"/remove", nil); page.Status != http.StatusSeeOther {
			t.Errorf("%d %s", page.Status, page.Said())
		}
		if _, err := s.Domains.Get(t.Context(), acme.ID, all[0].ID); err == nil {
			t.Error("it is still there")
		}
		entries, _, err := s.Audit.List(t.Context(), acme.ID, "", "")
		said := ""
		for _, e := range entries {
			said += e.What + "\n"
		}
		if err != nil || !strings.Contains(said, "Added a domain") || !strings.Contains(said, "Removed a domain") {
			t.Errorf("%s %v", said, err)
		}
	})
}

func TestTheDomainOfNewLinksIsChosen(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	dns := s.Domains.Resolver.(*domaintest.Zone)
	var ids []domain.ID
	for _, host := range []string{"a.noord.example", "b.noord.example"} {
		one, err := s.Domains.Claim(t.Context(), acme.ID, host)
		if err != nil {
			t.Fatal(err)
		}
		dns.Set("A", host, "127.0.0.1")
		dns.Set("TXT", "_smartlinks."+host, "sl-verify="+one.Token)
		if one, err = s.Domains.Check(t.Context(), acme.ID, one.ID); err != nil || one.Status() != domain.Live {
			t.Fatal(one.Status(), err)
		}
		ids = append(ids, one.ID)
	}
	b.Post(at+"/"+string(ids[1])+"/use", nil)
	if one, err := s.Domains.Get(t.Context(), acme.ID, ids[1]); err != nil || !one.ForNew {
		t.Errorf("%+v, %v", one, err)
	}
}

func TestStaffSeeNoDomains(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	s.Member(t, acme, "sam@example.com", account.Staff)
	b := s.SignedIn(t, "sam@example.com")
	if page := b.Get(at); page.Status != http.StatusForbidden && page.Status != http.StatusNotFound {
		t.Errorf("staff look: %d", page.Status)
	}
	if page := b.Post(at, url.Values{"host": {"shop.noord.example"}}); page.Status < 400 {
		t.Errorf("staff add: %d", page.Status)
	}
}
