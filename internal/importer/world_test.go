package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/importer"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/product"
	"smartlinks/internal/system/systemtest"
)

// world is a business that imports.
type world struct {
	*importer.Imports
	d         *db.DB
	b         business.Business
	customers *customer.Customers
	links     *link.Links
	products  *product.Products
	payments  *payment.Payments
}

func newWorld(t testing.TB, d *db.DB) world {
	t.Helper()
	all := systemtest.New(t, d)
	w := world{d: d, b: businesstest.Make(t, d, "acme"), customers: all.Customers, products: all.Products, links: all.Links, payments: all.Payments, Imports: all.Imports}
	return w
}

// setMode leads the business to the mode.
func (w *world) setMode(t testing.TB, mode business.Mode) {
	t.Helper()
	w.set(t, `UPDATE businesses SET provider = 'stripe', provider_mode = $1`, string(mode))
	w.b.Mode = mode
}

// setZone gives the business a time zone.
func (w *world) setZone(t testing.TB, zone string) {
	t.Helper()
	w.set(t, `UPDATE businesses SET time_zone = $1`, zone)
	w.b.TimeZone = zone
}

func (w *world) set(t testing.TB, statement, value string) {
	t.Helper()
	err := w.d.InTx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), statement, value)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// revenue is what the business took in its mode, in minor units.
func (w world) revenue(t testing.TB) (minor int64) {
	t.Helper()
	if err := w.d.Get(t.Context(), &minor, `SELECT CAST(COALESCE(SUM(revenue_minor), 0) AS BIGINT) FROM business_days WHERE business_id = $1 AND mode = $2`, w.b.ID, w.b.Mode); err != nil {
		t.Fatal(err)
	}
	return minor
}

// read uploads the file.
func (w world) read(t testing.TB, k importer.Kind, file string) importer.Import {
	t.Helper()
	i, err := w.Read(t.Context(), w.b, k, "list.csv", []byte(file), "usr_x")
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// choose sets options, with the columns as they were guessed.
func (w world) choose(t testing.TB, i importer.Import, o importer.Options) importer.Import {
	t.Helper()
	if err := w.Choose(t.Context(), w.b.ID, i.ID, i.Fields, o); err != nil {
		t.Fatal(err)
	}
	return w.get(t, i.ID)
}

func (w world) get(t testing.TB, id importer.ID) importer.Import {
	t.Helper()
	i, err := w.Get(t.Context(), w.b.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func (w world) start(t testing.TB, i importer.Import) {
	t.Helper()
	if err := w.Start(t.Context(), w.b.ID, i.ID); err != nil {
		t.Fatal(err)
	}
}

// run imports to the end, and checks that the preview had said what came.
func (w world) run(t testing.TB, i importer.Import) importer.Import {
	t.Helper()
	preview, err := w.Preview(t.Context(), w.b, i)
	if err != nil {
		t.Fatal(err)
	}
	w.start(t, i)
	if err := w.Continue(t.Context(), w.b.ID, i.ID); err != nil {
		t.Fatal(err)
	}
	done := w.get(t, i.ID)
	if done.State != importer.Done || done.Counts != preview.Counts {
		t.Errorf("%s: became %+v, the preview said %+v", done.State, done.Counts, preview.Counts)
	}
	return done
}

// problems are what is wrong with the lines that failed, as "line field: words".
func (w world) problems(t testing.TB, i importer.Import) string {
	t.Helper()
	rows, err := w.Failed(t.Context(), w.b.ID, i.ID, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, r := range rows {
		for _, p := range r.Problems {
			all = append(all, fmt.Sprintf("%d %s: %s", r.Line, p.Field, p.Message))
		}
	}
	return strings.Join(all, "\n")
}

func (w world) countCustomers(t testing.TB) int64 {
	t.Helper()
	n, err := w.customers.Count(t.Context(), w.b.ID)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (w world) countLinks(t testing.TB) int64 {
	t.Helper()
	n, err := w.links.Count(t.Context(), w.b.ID)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
