package imports_test

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/importer"
	"smartlinks/internal/link"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestAListIsUploadedLookedThroughAndImported(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		const page = "/dashboard/acme/customers/import"
		if got := b.Get(page); !got.Has("Import customers", `type="file"`, "Tells customers apart") || got.Has("Earlier imports") {
			t.Errorf("the page: %d", got.Status)
		}
		if got := b.Post(page, nil); got.Status != http.StatusUnprocessableEntity || !got.Has("Choose a file.", `id="file-error"`) {
			t.Errorf("no file: %d", got.Status)
		}
		if got := b.UploadAs("file", page, nil, []byte("PK\x03\x04")); got.Status != http.StatusUnprocessableEntity || !got.Has("This is a workbook.") {
			t.Errorf("a workbook: %d", got.Status)
		}
		example := b.Get(page + "/example.csv")
		if got := b.UploadAs("file", page, nil, bytes.Repeat([]byte("a"), 30<<20)); got.Status != http.StatusUnprocessableEntity || !got.Has(`id="file-error"`, "5 MB") {
			t.Errorf("thirty megabytes: %d %s", got.Status, got.Said())
		}
		got := b.UploadAs("file", page, nil, []byte("Who;E-mail;Shoe size\nSanne Visser;sanne@example.com;38\nBo;nobody;\n<b>Eve</b>;eve@example.com;\n"))
		at := got.Location
		if got.Status != http.StatusSeeOther || !strings.HasPrefix(at, "/dashboard/acme/imports/imp_") {
			t.Fatalf("uploading: %d %s", got.Status, got.Said())
		}
		if n, _ := s.Customers.Count(t.Context(), acme.ID); n != 0 {
			t.Error("uploading made customers")
		}
		if page := b.Get(at); !page.Has("3 lines", "Shoe size", "Will be created", "Import 2 customers", "Line 3", "This email address", "&lt;b&gt;Eve") {
			t.Errorf("what would happen: %s", page.Said())
		}
		columns := url.Values{"column": {"email", "email", ""}}
		if page := b.Post(at+"/columns", columns); page.Status != http.StatusUnprocessableEntity || !page.Has("Two columns are") {
			t.Errorf("one field twice: %d", page.Status)
		}
		if page := b.Post(at+"/start", url.Values{"column": {"", "", "notes"}}); page.Status != http.StatusUnprocessableEntity || !page.Has("Choose which column is the name or the email address.") {
			t.Errorf("starting without a name: %d", page.Status)
		}
		columns = url.Values{"column": {"name", "email", "notes"}, "update": {"on"}}
		if got := b.Post(at+"/columns", columns); got.Location != at {
			t.Fatalf("choosing: %d %s", got.Status, got.Said())
		}
		if page := b.Get(at); !page.Has(`<option value="notes" selected`, `name="update" value="on" checked`) {
			t.Errorf("the choice is forgotten: %s", page.Said())
		}
		if got := b.Post(at+"/start", columns); got.Location != at {
			t.Fatalf("starting: %d %s", got.Status, got.Said())
		}
		if page := b.Get(at); !page.Has("Running", "0 of 3 lines", at+"/live", at+"/stop") {
			t.Errorf("while it runs: %s", page.Said())
		}
		if got := b.Post(at+"/start", columns); got.Status != http.StatusConflict {
			t.Errorf("starting it again: %d", got.Status)
		}
		if err := s.Imports.ContinueDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if page := b.Get(at); !page.Has("2 customers created, 1 not imported", "Line 3", "failed.csv") {
			t.Errorf("when it is done: %s", page.Said())
		}
		if page := b.Get(page); !page.Has("Earlier imports", "Done, some failed") {
			t.Errorf("later: %s", page.Said())
		}
		failed := cells(t, b.Get(at+"/failed.csv").Body)
		if len(failed) != 2 || failed[1][1] != "nobody" || !strings.Contains(failed[1][3], "Email: ") {
			t.Errorf("the lines to mend: %q", failed)
		}
		parted := b.Get(at + "/failed.csv?separator=semicolon").Body
		if !b.Get(at).Has(at+"/failed.csv?separator=semicolon") || !strings.Contains(parted, "Bo;nobody;;") {
			t.Errorf("the lines to mend with semicolons: %q", parted)
		}
		if got := b.UploadAs("file", page, nil, []byte(example.Body)); b.Get(got.Location).Has("Line ") {
			t.Errorf("the example can't be imported: %s", b.Get(got.Location).Said())
		} else if got := b.Post(got.Location+"/discard", nil); got.Location != page {
			t.Errorf("putting away: %d %s", got.Status, got.Location)
		}
	})
}

func cells(t testing.TB, body string) [][]string {
	t.Helper()
	file, marked := strings.CutPrefix(body, "\ufeff")
	if !marked {
		t.Error("the file doesn't begin with the mark of UTF-8")
	}
	lines, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// How letters were read that the file leaves open is told, with words that show it, and
// can be chosen; nothing is said of a file that tells.
func TestLettersThatTheFileLeavesOpenAreAskedFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		const page, ask = "/dashboard/acme/customers/import", "Are these letters right?"
		if got := b.Get(b.UploadAs("file", page, nil, []byte("name\nZoë\n")).Location); !got.Has("Zoë") || got.Has(ask) {
			t.Errorf("UTF-8: %s", got.Said())
		}
		at := b.UploadAs("file", page, nil, []byte("name\rZo\x91\rAndr\x8e\r")).Location // an old Mac's
		if got := b.Get(at); !got.Has(ask, "Western Europe, Mac (macintosh)", `<option value="macintosh" selected`, "Zoë", "André", at+"/encoding") {
			t.Errorf("Mac: %s", got.Said())
		}
		got := b.Post(at+"/encoding", url.Values{"encoding": {"windows-1252"}, "column": {"name"}})
		if got.Location == at || !b.Get(got.Location).Has(ask, `<option value="windows-1252" selected`, "AndrŽ") || b.Get(at).Status != http.StatusNotFound {
			t.Errorf("read as Windows: %d %s", got.Status, got.Location)
		}
		if got := b.Post(got.Location+"/encoding", url.Values{"encoding": {"klingon"}}); got.Status != http.StatusUnprocessableEntity || !got.Has("can’t be read") {
			t.Errorf("an encoding that nobody knows: %d", got.Status)
		}
	})
}

// What a list's export holds, another installation imports.
func TestWhatGoesOutComesInAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme, zenith := s.Business(t, "acme", "marit@example.com"), s.Business(t, "zenith", "zoe@example.com")
		whose := s.Customer(t, acme, customer.Fields{Name: "=HYPERLINK(1)", Email: "ann@example.com", Phone: "+31612345678", Language: "nl", Tags: tag.Named("VIP", "a, b", "\"So\"; so", "=1"), Notes: "a\nb, \"c\";=1\n-2\t@x;"})
		s.Customer(t, acme, customer.Fields{Name: "Bo"})
		s.Product(t, acme, "Oak Chair")
		s.Product(t, zenith, "Oak Chair")
		starts := d.Clock().Now().AddDate(0, 1, 0)
		s.Link(t, acme, link.Fields{Name: "Dinner", Path: "dinner", Limit: link.Limit{Kind: link.Multiple, Max: 7}, Tags: tag.Named("Art", "a; b"), CustomerID: whose.ID, StartsAt: &starts,
			Reference: "'=1042", Notes: "-1", Description: "Two\nlines", After: link.AfterPayment{RedirectURL: "https://example.com/thanks", ApplyTag: "Paid"}}, dashboardtest.Off)
		chair, err := s.Products.Named(t.Context(), d, acme.ID, "oak chair")
		if err != nil || len(chair) != 1 {
			t.Fatalf("%v, %v", chair, err)
		}
		s.Link(t, acme, link.Fields{Name: "Chair", Type: link.Product, ProductID: chair[0], Limit: link.Limit{Kind: link.Once}})
		out, in := s.SignedIn(t, "marit@example.com"), s.SignedIn(t, "zoe@example.com")
		for _, list := range []importer.Kind{importer.Customers, importer.Links} {
			export := out.Get("/dashboard/acme/" + string(list) + ".csv")
			parted := out.Get("/dashboard/acme/" + string(list) + ".csv?separator=semicolon")
			if export.Status != http.StatusOK || !strings.HasPrefix(export.Header.Get("Content-Type"), "text/csv") || !strings.Contains(export.Header.Get("Content-Disposition"), "acme-"+string(list)+"-") {
				t.Fatalf("%s: %d %v", list, export.Status, export.Header)
			}
			for _, line := range cells(t, export.Body) {
				for _, cell := range line {
					if strings.HasPrefix(cell, "=") || strings.HasPrefix(cell, "-") {
						t.Errorf("a cell that a spreadsheet runs: %q", cell)
					}
				}
			}
			at := in.UploadAs("file", "/dashboard/zenith/"+string(list)+"/import", nil, []byte(parted.Body)).Location
			i, err := s.Imports.Get(t.Context(), zenith.ID, importer.ID(at[strings.LastIndex(at, "/")+1:]))
			if err == nil {
				err = s.Imports.Start(t.Context(), zenith.ID, i.ID)
			}
			if err == nil {
				err = s.Imports.ContinueDue(t.Context())
			}
			if err != nil {
				t.Fatal(err)
			}
			if i, _ = s.Imports.Get(t.Context(), zenith.ID, i.ID); i.Created != 2 || i.Failed != 0 {
				t.Fatalf("%s: %+v %s", list, i.Counts, in.Get(at).Said())
			}
			// Of the second business everything is the same but ids, addresses, and when it was made.
			name, there := map[importer.Kind]int{importer.Customers: 1, importer.Links: 1}[list], cells(t, in.Get("/dashboard/zenith/"+string(list)+".csv").Body)
			for _, line := range cells(t, export.Body) {
				same := false
				for _, other := range there {
					same = same || line[name] == other[name] && alike(line, other)
				}
				if !same {
					t.Errorf("%q is not among %q", line, there)
				}
			}
		}
	})
}

func alike(a, b []string) bool {
	for i := range a {
		volatile := strings.HasPrefix(a[i], "cus_") || strings.HasPrefix(a[i], "lnk_") || strings.HasPrefix(a[i], "http") && i < 8 || i == len(a)-1
		if !volatile && a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestExportsHoldWhatTheListShows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		for _, name := range []string{"Ann", "Bo", "Cem"} {
			s.Customer(t, acme, customer.Fields{Name: name, Tags: tag.Named("Of " + name)})
			s.Link(t, acme, link.Fields{Name: name})
			s.Product(t, acme, name)
		}
		b := s.SignedIn(t, "marit@example.com")
		for path, lines := range map[string]int{
			"/customers.csv": 3, "/customers.csv?q=an": 1, "/customers.csv?tag=Of+Bo&tag=Of+Cem": 2, "/customers.csv?q=nobody": 0,
			"/links.csv": 3, "/links.csv?q=cem&sort=-revenue": 1, "/links.csv?status=inactive": 0, "/products.csv": 3, "/products.csv?q=BO": 1,
		} {
			if got := cells(t, b.Get("/dashboard/acme"+path).Body); len(got) != lines+1 {
				t.Errorf("%s: %d lines, want %d", path, len(got)-1, lines)
			}
		}
		for page, export := range map[string]string{
			"/customers?q=an": "/customers.csv?q=an", "/links?type=amount": "/links.csv?type=amount", "/products?q=bo": "/products.csv?q=bo",
		} {
			if got := b.Get("/dashboard/acme" + page); !got.Has("/dashboard/acme" + export) {
				t.Errorf("%s does not lead to %s", page, export)
			}
		}
	})
}

// Past payments are for owners and admins in every step: whoever of the staff knows the
// address of an upload, as somebody who was an admin until now, goes on with none.
func TestStaffGoesOnWithNoPastPayments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		marit := s.SignedIn(t, "marit@example.com")
		at := marit.UploadAs("file", "/dashboard/acme/transactions/import", nil, []byte("Date,Amount\n2025-11-03,49.00\n")).Location
		customers := marit.UploadAs("file", "/dashboard/acme/customers/import", nil, []byte("Name,Email\nAnn,ann@example.com\n")).Location
		s.Member(t, acme, "staff@example.com", account.Staff)
		staff := s.SignedIn(t, "staff@example.com")
		columns := url.Values{"column": {"date", "amount"}}
		for _, step := range []string{"/columns", "/start", "/stop", "/discard"} {
			if got := staff.Post(at+step, columns); got.Status != http.StatusForbidden {
				t.Errorf("%s: %d", step, got.Status)
			}
		}
		if got := staff.Get(at); got.Status != http.StatusForbidden {
			t.Errorf("looking: %d", got.Status)
		}
		if got := staff.Get(customers); got.Status != http.StatusOK {
			t.Errorf("customers: %d", got.Status)
		}
		if got := marit.Post(at+"/start", columns); got.Status != http.StatusSeeOther {
			t.Errorf("an owner starts it: %d %s", got.Status, got.Said())
		}
	})
}
