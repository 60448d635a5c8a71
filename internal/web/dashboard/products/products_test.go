package products_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/product"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

func TestProductIsMadeWithItsPicture(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		if got := b.Get("/dashboard/acme/products"); !got.Has("Add your first product") {
			t.Errorf("an empty catalogue: %d", got.Status)
		}
		got := b.Upload("/dashboard/acme/products", map[string]string{"name": "Chair", "price": "149", "active": "on"}, dashboardtest.Picture(t))
		if got.Status != http.StatusSeeOther {
			t.Fatalf("creating: %d %s", got.Status, got.Said())
		}
		items, _, err := s.Products.List(context.Background(), acme.ID, product.Filter{})
		if err != nil || len(items) != 1 || items[0].Price.Minor != 14900 || items[0].ImageID == "" || !items[0].Active {
			t.Fatalf("stored %+v, %v", items, err)
		}
		list := b.Get("/dashboard/acme/products")
		shown := b.Get(dashboardtest.Between(t, list.Body, "rounded-lg", `src="`, `"`))
		if shown.Status != http.StatusOK || !strings.HasPrefix(shown.Header.Get("Content-Type"), "image/") {
			t.Errorf("the picture: %d %s", shown.Status, shown.Header.Get("Content-Type"))
		}
	})
}

func TestProductMistakesKeepWhatWasTyped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		for _, c := range []struct {
			input, name, price string
			file               []byte
		}{
			{"name", "", "12", nil},
			{"price", "Chair", "", nil},
			{"price", "Chair", "1,500", nil},
			{"price", "Chair", "0", nil},
			{"image", "Chair", "12", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")},
			{"image", "Chair", "12", bytes.Repeat([]byte("a"), 5<<20+1)},
			{"image", "Chair", "12", bytes.Repeat([]byte("a"), 30<<20)},
		} {
			got := b.Upload("/dashboard/acme/products", map[string]string{"name": c.name, "price": c.price, "description": "Made of oak"}, c.file)
			if got.Status != http.StatusUnprocessableEntity || !got.Has(`id="`+c.input+`-error"`, "Made of oak", `value="`+c.price+`"`) {
				t.Errorf("%s wrong: %d, with the message: %v", c.input, got.Status, got.Has(`id="`+c.input+`-error"`))
			}
		}
		if items, _, err := s.Products.List(context.Background(), acme.ID, product.Filter{}); err != nil || len(items) != 0 {
			t.Errorf("stored %+v, %v", items, err)
		}
	})
}

func TestProductIsEditedAndTakenOffSale(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		p := s.Product(t, acme, "Chair")
		b := s.SignedIn(t, "marit@example.com")
		page := "/dashboard/acme/products/" + string(p.ID)
		if form := b.Get(page); !form.Has(`value="Chair"`, `value="149.00"`) {
			t.Fatalf("the form: %d", form.Status)
		}
		change := url.Values{"version": {"1"}, "name": {"Armchair"}, "price": {"199.00"}, "active": {"on"}}
		if got := b.Post(page, change); got.Status != http.StatusSeeOther {
			t.Fatalf("saving: %d %s", got.Status, got.Said())
		}
		if got := b.Post(page, dashboardtest.With(change, "name", "Bench")); got.Status != http.StatusConflict || !got.Has("Armchair", `value="Bench"`) {
			t.Errorf("a stale form: %d", got.Status)
		}
		b.Post(page+"/active", url.Values{"active": {"off"}})
		after, err := s.Products.Get(context.Background(), acme.ID, p.ID)
		if err != nil || after.Name != "Armchair" || after.Price.Minor != 19900 || after.Active {
			t.Errorf("stored %+v, %v", after, err)
		}
	})
}
