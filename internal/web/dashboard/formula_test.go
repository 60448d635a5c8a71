package dashboard_test

import (
	"encoding/csv"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// formula is what a spreadsheet would run.
const formula = `=HYPERLINK("http://evil.example";"Click");=1`

var runs = regexp.MustCompile(`^[\s\x{a0}\x{3000}]*[=+\-@＝＋－＠]`)

var number = regexp.MustCompile(`^[+-]?[0-9. ]+$`)

// Whatever payers, visitors and files bring, no file that the dashboard gives
// runs it. The files are those of the router.
func TestNoExportHoldsAFormula(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		own := s.Firm(t, "acme", "marit@example.com")
		if _, err := s.Products.Create(t.Context(), own.Business, product.Fields{Name: formula, Description: formula, Price: *dashboardtest.Euros(100), Active: true}); err != nil {
			t.Fatal(err)
		}
		ann := s.Customer(t, own.Business, customer.Fields{Name: formula, Email: "eve@example.com", Notes: formula, Tags: tag.Named(formula)})
		l := s.Link(t, own.Business, link.Fields{Name: formula, Path: "formula", Description: formula, Notes: formula, Reference: formula, CustomerID: ann.ID, Tags: tag.Named(formula)})
		s.Attempt(t, own.Business, l, formula, "eve@example.com", sandbox.Paid)
		s.Opened(t, own.Business, l, visit.View{At: d.Clock().Now(), Campaign: formula, Referrer: formula, Browser: formula, OS: formula, Language: formula, Channel: "campaign"})
		s.Counted(t, own.Business, l)
		own.Objects["/links/{id}"] = string(l.ID)
		own.Objects["/imports/{id}"] = s.FailedImport(t, own.Business, "=1+1,email\n"+`"`+strings.ReplaceAll(formula, `"`, `""`)+`",nobody`+"\n")
		b := s.SignedIn(t, "marit@example.com")
		files, found := 0, 0
		for _, r := range s.Inside() {
			if !strings.HasSuffix(r.Path, ".csv") {
				continue
			}
			files++
			path := "/dashboard/acme" + dashboardtest.Filled(t, r.Path, own, own, false)
			queries := []string{""}
			if strings.HasSuffix(r.Path, "/analytics.csv") {
				for _, f := range visit.Facets() {
					queries = append(queries, "?"+url.Values{"by": {string(f)}}.Encode())
				}
			}
			for _, query := range queries {
				got := b.Get(path + query)
				file := strings.TrimPrefix(got.Body, "\ufeff")
				lines, err := csv.NewReader(strings.NewReader(file)).ReadAll()
				for _, separator := range []string{",", ";", "\t"} { // whatever the spreadsheet parts cells at
					for line := range strings.Lines(file) {
						lines = append(lines, strings.Split(strings.ReplaceAll(line, `"`, ""), separator))
					}
				}
				if err != nil || got.Status != 200 {
					t.Fatalf("%s%s: %d, %v", r.Path, query, got.Status, err)
				}
				found += strings.Count(got.Body, "HYPERLINK")
				for _, line := range lines {
					for _, cell := range line {
						if runs.MatchString(cell) && !number.MatchString(cell) {
							t.Errorf("%s%s: %q is run", r.Path, query, cell)
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
