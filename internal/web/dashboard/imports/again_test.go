package imports_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/importer"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// otherwise are the fields of a link that do not come back as they went out, with the reason.
var otherwise = map[string]string{
	"Domain":     "it is proven for one business alone",
	"ProductID":  "another business has its own product of that name",
	"CustomerID": "another business has its own customer with that address",
}

// Every field that a link can have goes out and comes in, whatever the order of the lines.
func TestEveryFieldOfALinkComesBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme, zenith := s.Business(t, "acme", "marit@example.com"), s.Business(t, "zenith", "zoe@example.com")
		for _, b := range []business.Business{acme, zenith} {
			s.Customer(t, b, customer.Fields{Name: "Ann", Email: "ann@example.com"})
			s.Product(t, b, "Oak Chair")
		}
		whose, err := s.Customers.WithEmail(t.Context(), d, acme.ID, "ann@example.com")
		if err != nil {
			t.Fatal(err)
		}
		chair, err := s.Products.Named(t.Context(), d, acme.ID, "Oak Chair")
		if err != nil {
			t.Fatal(err)
		}
		euros := func(minor int64) money.Amount { return *dashboardtest.Euros(minor) }
		starts := d.Clock().Now().AddDate(0, 1, 0).Truncate(time.Minute)
		ends := starts.AddDate(0, 1, 0)
		s.Link(t, acme, link.Fields{Name: "April", Path: "april", Amount: dashboardtest.Euros(1000), WhenClosed: link.WhenClosed{Message: "Over", URL: "https://example.com/may", Redirect: true}}, dashboardtest.Off)
		april, _ := s.Links.WithPath(t.Context(), d, acme.ID, "april")
		s.Link(t, acme, link.Fields{Name: "March", Path: "march", Amount: dashboardtest.Euros(1000), WhenClosed: link.WhenClosed{Next: april, Redirect: true}})
		march, _ := s.Links.WithPath(t.Context(), d, acme.ID, "march")
		s.Link(t, acme, link.Fields{Name: "Chair", Path: "chair", Type: link.Product, ProductID: chair[0], WhenClosed: link.WhenClosed{Next: march}})
		s.Link(t, acme, link.Fields{
			Name: "Dinner", Path: "dinner", Amount: dashboardtest.Euros(2500), CustomerID: whose, Description: "Two\nlines", Notes: "=1", Reference: "INV-7",
			Limit: link.Limit{Kind: link.Multiple, Max: 7, Counts: link.Units}, PayerAmount: &link.Range{Min: euros(1000), Max: euros(9000), Suggested: []money.Amount{euros(1000), euros(2550)}},
			StartsAt: &starts, EndsAt: &ends, DueOn: "2026-03-31", After: link.AfterPayment{RedirectURL: "https://example.com/", ApplyTag: "Paid", RemoveTag: "New"},
			Thanks: "Thank you,\nAnn", Checkout: checkout.Rules{CoverFee: &checkout.CoverFee{Percent: "1.5", Fixed: 25}}, WaitingList: true, OfferHours: 48, Tags: tag.Named("Art"),
			WhenClosed: link.WhenClosed{Message: "Full;=1", Next: march},
		}, func(f *link.Fields) { f.ShowRemaining = false })

		export := s.SignedIn(t, "marit@example.com").Get("/dashboard/acme/links.csv").Body
		at := s.SignedIn(t, "zoe@example.com").UploadAs("file", "/dashboard/zenith/links/import", nil, []byte(export)).Location
		id := importer.ID(at[strings.LastIndex(at, "/")+1:])
		i, err := s.Imports.Get(t.Context(), zenith.ID, id)
		if err != nil {
			t.Fatal(err)
		}
		said, err := s.Imports.Preview(t.Context(), zenith, i)
		if err == nil {
			err = s.Imports.Start(t.Context(), zenith.ID, id)
		}
		if err == nil {
			err = s.Imports.ContinueDue(t.Context())
		}
		if i, _ = s.Imports.Get(t.Context(), zenith.ID, id); err != nil || i.Counts != said.Counts || i.Failed != 0 || i.Created != 4 {
			t.Fatalf("became %+v, the preview said %+v %+v, %v", i.Counts, said.Counts, said.Refused, err)
		}
		filled := map[string]bool{}
		for _, path := range []string{"april", "march", "chair", "dinner"} {
			was, is := fieldsAt(t, s, acme, path), fieldsAt(t, s, zenith, path)
			for f := range reflect.TypeFor[link.Fields]().NumField() {
				name := reflect.TypeFor[link.Fields]().Field(f).Name
				a, b := reflect.ValueOf(was).Field(f), reflect.ValueOf(is).Field(f)
				filled[name] = filled[name] || !a.IsZero()
				if same := reflect.DeepEqual(a.Interface(), b.Interface()); !same && otherwise[name] == "" || a.IsZero() != b.IsZero() {
					t.Errorf("%s: %s was %+v, is %+v", path, name, a, b)
				}
			}
		}
		for f := range reflect.TypeFor[link.Fields]().Fields() {
			if !filled[f.Name] && f.Name != "Domain" {
				t.Errorf("no link of this test has %s", f.Name)
			}
		}
	})
}

// fieldsAt are those of the link at the path, without ids that only its business has.
func fieldsAt(t testing.TB, s *dashboardtest.Site, b business.Business, path string) link.Fields {
	t.Helper()
	found, err := s.Links.ByPath(t.Context(), b, path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.Links.Get(t.Context(), b, found.Link.ID)
	if err != nil {
		t.Fatal(err)
	}
	if f.WhenClosed.Next != "" {
		next, err := s.Links.Label(t.Context(), b.ID, f.WhenClosed.Next)
		if err != nil {
			t.Fatal(err)
		}
		f.WhenClosed.Next = link.ID(next.Path)
	}
	after := f.After // its ids are unexported
	f.After = link.AfterPayment{RedirectURL: after.RedirectURL, ApplyTag: after.ApplyTag, RemoveTag: after.RemoveTag}
	for i := range f.Tags {
		f.Tags[i] = tag.Named(f.Tags[i].Name)[0]
	}
	return f.Fields
}
