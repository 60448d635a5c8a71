package dashboard_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/product"
)

// upload posts a form with a file at the input "image".
func (b *browser) upload(path string, fields map[string]string, file []byte) answer {
	b.t.Helper()
	return b.uploadAs("image", path, fields, file)
}

func (b *browser) uploadAs(input, path string, fields map[string]string, file []byte) answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile(input, "picture.png")
	if err == nil {
		_, err = part.Write(file)
	}
	for name, value := range fields { // behind the file, as some of them are on the pages
		if err == nil {
			err = form.WriteField(name, value)
		}
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, b.base+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.do(r)
}

func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestProductIsMadeWithItsPicture(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		b := s.signedIn(t, "marit@example.com")
		if got := b.get("/dashboard/acme/products"); !got.Has("Add your first product") {
			t.Errorf("an empty catalogue: %d", got.Status)
		}
		got := b.upload("/dashboard/acme/products", map[string]string{"name": "Chair", "price": "149", "active": "on"}, picture(t))
		if got.Status != http.StatusSeeOther {
			t.Fatalf("creating: %d %s", got.Status, got.Said())
		}
		items, _, err := s.Products.List(context.Background(), acme.ID, product.Filter{})
		if err != nil || len(items) != 1 || items[0].Price.Minor != 14900 || items[0].ImageID == "" || !items[0].Active {
			t.Fatalf("stored %+v, %v", items, err)
		}
		list := b.get("/dashboard/acme/products")
		shown := b.get(between(t, list.Body, "rounded-lg", `src="`, `"`))
		if shown.Status != http.StatusOK || !strings.HasPrefix(shown.Header.Get("Content-Type"), "image/") {
			t.Errorf("the picture: %d %s", shown.Status, shown.Header.Get("Content-Type"))
		}
	})
}

func TestProductMistakesKeepWhatWasTyped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		b := s.signedIn(t, "marit@example.com")
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
			got := b.upload("/dashboard/acme/products", map[string]string{"name": c.name, "price": c.price, "description": "Made of oak"}, c.file)
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
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		p := s.product(t, acme, "Chair")
		b := s.signedIn(t, "marit@example.com")
		page := "/dashboard/acme/products/" + string(p.ID)
		if form := b.get(page); !form.Has(`value="Chair"`, `value="149.00"`) {
			t.Fatalf("the form: %d", form.Status)
		}
		change := url.Values{"version": {"1"}, "name": {"Armchair"}, "price": {"199.00"}, "active": {"on"}}
		if got := b.post(page, change); got.Status != http.StatusSeeOther {
			t.Fatalf("saving: %d %s", got.Status, got.Said())
		}
		if got := b.post(page, with(change, "name", "Bench")); got.Status != http.StatusConflict || !got.Has("Armchair", `value="Bench"`) {
			t.Errorf("a stale form: %d", got.Status)
		}
		b.post(page+"/active", url.Values{"active": {"off"}})
		after, err := s.Products.Get(context.Background(), acme.ID, p.ID)
		if err != nil || after.Name != "Armchair" || after.Price.Minor != 19900 || after.Active {
			t.Errorf("stored %+v, %v", after, err)
		}
	})
}
