package product_test

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/picture"
	"smartlinks/internal/product"
)

func picturePNG(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPicturesAreReplacedAndRemoved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		s, images := product.New(d, picture.NewDecoder()), businesstest.New(t, d)
		p, err := s.Create(t.Context(), b, product.Fields{Name: "Course", Price: eur(100), Picture: picturePNG(t, 30, 20)})
		if err != nil {
			t.Fatal(err)
		}
		first, err := images.Image(t.Context(), b.ID, p.ImageID)
		if err != nil || first.Width != 30 || first.Height != 20 || first.ContentType != "image/png" || len(first.Body) == 0 {
			t.Errorf("got %+v, %v", first, err)
		}
		name := "Seminar"
		if kept, err := s.Edit(t.Context(), b.ID, p.ID, 0, func(f *product.Fields) { f.Name = name }); err != nil || kept.ImageID != p.ImageID {
			t.Errorf("another change lost the picture: %+v, %v", kept, err)
		}
		replaced, err := s.Edit(t.Context(), b.ID, p.ID, 0, func(f *product.Fields) { f.Picture = picturePNG(t, 50, 20); f.ImageID = "" })
		if err != nil || replaced.ImageID == p.ImageID || replaced.ImageID == "" {
			t.Fatalf("got %+v, %v", replaced, err)
		}
		if second, err := images.Image(t.Context(), b.ID, replaced.ImageID); err != nil || second.Width != 50 {
			t.Errorf("got %+v, %v", second, err)
		}
		if _, err := images.Image(t.Context(), b.ID, p.ImageID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the old picture is still there: %v", err)
		}
		if _, err := s.Edit(t.Context(), b.ID, p.ID, 0, func(f *product.Fields) { f.Picture = []byte("no picture") }); !fault.Is(err, fault.Invalid) {
			t.Errorf("got %v", err)
		}
		removed, err := s.Edit(t.Context(), b.ID, p.ID, 0, func(f *product.Fields) { f.ImageID = "" })
		if err != nil || removed.ImageID != "" {
			t.Errorf("got %+v, %v", removed, err)
		}
		var left int
		if err := d.Get(t.Context(), &left, `SELECT COUNT(*) FROM images`); err != nil || left != 0 {
			t.Errorf("%d pictures are left, %v", left, err)
		}
	})
}
