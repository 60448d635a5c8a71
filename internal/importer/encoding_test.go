package importer_test

import (
	"slices"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/importer"
)

// A file that doesn't tell how its letters are written is read as it looks, with words
// that show it, and again as people say; once it starts, or somebody in it is to be
// forgotten, it is not kept.
func TestAFileIsReadAgainInAnotherEncoding(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const list = "name;email\nИван Петров;ivan@example.com\nОльга;olga@example.com\n"
		file, err := charmap.Windows1251.NewEncoder().String(list)
		if err != nil {
			t.Fatal(err)
		}
		first, err := w.Read(t.Context(), w.b, importer.Customers, "list.csv", []byte(file), "usr_1")
		if err != nil || first.Guessed != "windows-1251" {
			t.Fatalf("%+v, %v", first, err)
		}
		if words, err := w.Words(t.Context(), w.b.ID, first); err != nil || !slices.Equal(words, []string{"Иван", "Петров", "Ольга"}) {
			t.Errorf("%q, %v", words, err)
		}
		if err := w.Choose(t.Context(), w.b.ID, first.ID, first.Fields, importer.Options{UpdateKnown: true}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ReadAs(t.Context(), w.b, first.ID, "klingon", "usr_1"); !fault.Is(err, fault.Invalid) {
			t.Errorf("an encoding that nobody knows: %v", err)
		}
		other, err := w.ReadAs(t.Context(), w.b, first.ID, "windows-1252", "usr_1")
		if err != nil || other.Guessed != "windows-1252" {
			t.Fatalf("%+v, %v", other, err)
		}
		if words, _ := w.Words(t.Context(), w.b.ID, other); !slices.Contains(words, "Èâàí") {
			t.Errorf("read as Western: %q", words)
		}
		if _, err := w.Get(t.Context(), w.b.ID, first.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the first reading is still there: %v", err)
		}
		again, err := w.ReadAs(t.Context(), w.b, other.ID, "windows-1251", "usr_1")
		if err != nil {
			t.Fatal(err)
		}
		if again, _ = w.Get(t.Context(), w.b.ID, again.ID); !again.UpdateKnown || again.Name != "list.csv" || again.Total() != 2 {
			t.Errorf("read again: %+v", again)
		}
		if err := w.Start(t.Context(), w.b.ID, again.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.ReadAs(t.Context(), w.b, again.ID, "windows-1252", "usr_1"); !fault.Is(err, fault.Conflict) {
			t.Errorf("read again once it runs: %v", err)
		}
		if err := w.ContinueDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := originals(t, d); n != 0 {
			t.Errorf("%d files are kept once they were imported", n)
		}
		found, err := w.customers.Find(t.Context(), d, w.b.ID, "Петров", 5)
		if err != nil || len(found) != 1 {
			t.Fatalf("%+v, %v", found, err)
		}
		waiting, err := w.Read(t.Context(), w.b, importer.Customers, "list.csv", []byte(file), "usr_1")
		if err != nil || originals(t, d) != 1 {
			t.Fatal(originals(t, d), err)
		}
		err = d.InTx(t.Context(), func(tx *db.Tx) error {
			return w.EraseCustomer(t.Context(), tx, w.b.ID, customer.Customer{Fields: customer.Fields{Email: "ivan@example.com"}})
		})
		if err != nil || originals(t, d) != 0 {
			t.Errorf("a file that is kept names somebody who was forgotten, %v", err)
		}
		if _, err := w.ReadAs(t.Context(), w.b, waiting.ID, "windows-1252", "usr_1"); !fault.Is(err, fault.Conflict) {
			t.Errorf("a file that is gone is read: %v", err)
		}
		sure, err := w.Read(t.Context(), w.b, importer.Customers, "list.csv", []byte(list), "usr_1")
		if err != nil || sure.Guessed != "" || originals(t, d) != 0 {
			t.Errorf("UTF-8: %+v, %v", sure, err)
		}
	})
}

func originals(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	if err := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM imports WHERE original IS NOT NULL`); err != nil {
		t.Fatal(err)
	}
	return n
}
