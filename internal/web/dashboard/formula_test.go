package dashboard_test

import (
	"encoding/csv"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/importer"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/product"
	"smartlinks/internal/visit"
)

// formula is what a spreadsheet would run.
const formula = `=HYPERLINK("http://evil.example";"Click");=1`

var runs = regexp.MustCompile(`^[\s\x{a0}\x{3000}]*[=+\-@＝＋－＠]`)

var number = regexp.MustCompile(`^[+-]?[0-9. ]+$`)

// Whatever payers, visitors and files bring, no file that the dashboard gives
// runs it. The files are those of the router.
func TestNoExportHoldsAFormula(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		own := s.firm(t, "acme", "marit@example.com")
		if _, err := s.Products.Create(t.Context(), own.Business, product.Draft{Name: formula, Description: formula, Price: *euros(100), Active: true}); err != nil {
			t.Fatal(err)
		}
		ann := s.customer(t, own.Business, customer.Draft{Name: formula, Email: "eve@example.com", Notes: formula, Tags: []string{formula}})
		l := s.link(t, own.Business, link.Draft{Name: formula, Path: "formula", Description: formula, Notes: formula, Reference: formula, CustomerID: ann.ID, Tags: []string{formula}})
		s.attempt(t, own.Business, l, formula, "eve@example.com", sandbox.Paid)
		s.opened(t, own.Business, l, visit.View{At: d.Clock().Now(), Campaign: formula, Referrer: formula, Browser: formula, OS: formula, Language: formula, Channel: "campaign"})
		s.counted(t, own.Business, l)
		own.objects["/links/{id}"] = string(l.ID)
		own.objects["/imports/{id}"] = s.failedImport(t, own.Business, "=1+1,email\n"+`"`+strings.ReplaceAll(formula, `"`, `""`)+`",nobody`+"\n")
		b := s.signedIn(t, "marit@example.com")
		files, found := 0, 0
		for _, r := range s.inside() {
			if !strings.HasSuffix(r.path, ".csv") {
				continue
			}
			files++
			path := "/dashboard/acme" + filled(t, r.path, own, own, false)
			queries := []string{""}
			if strings.HasSuffix(r.path, "/analytics.csv") {
				for _, f := range visit.Facets() {
					queries = append(queries, "?"+url.Values{"by": {string(f)}}.Encode())
				}
			}
			for _, query := range queries {
				got := b.get(path + query)
				file := strings.TrimPrefix(got.Body, "\ufeff")
				lines, err := csv.NewReader(strings.NewReader(file)).ReadAll()
				for _, separator := range []string{",", ";", "\t"} { // whatever the spreadsheet parts cells at
					for line := range strings.Lines(file) {
						lines = append(lines, strings.Split(strings.ReplaceAll(line, `"`, ""), separator))
					}
				}
				if err != nil || got.Status != 200 {
					t.Fatalf("%s%s: %d, %v", r.path, query, got.Status, err)
				}
				found += strings.Count(got.Body, "HYPERLINK")
				for _, line := range lines {
					for _, cell := range line {
						if runs.MatchString(cell) && !number.MatchString(cell) {
							t.Errorf("%s%s: %q is run", r.path, query, cell)
						}
					}
				}
			}
		}
		if files < 8 || found < 12 {
			t.Errorf("%d files were read, and the formula found %d times", files, found)
		}
	})
}

// failedImport reads a file whose lines fail, up to its end.
func (s *site) failedImport(t *testing.T, b business.Business, file string) string {
	t.Helper()
	i, err := s.Imports.Read(t.Context(), b, importer.Customers, "list.csv", []byte(file), string(s.userID(t, "marit@example.com")))
	if err == nil {
		err = s.Imports.Choose(t.Context(), b.ID, i.ID, []string{"name", "email"}, importer.Options{})
	}
	if err == nil {
		err = s.Imports.Start(t.Context(), b.ID, i.ID)
	}
	if err == nil {
		err = s.Imports.ContinueDue(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(i.ID)
}
