package public_test

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/png"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/product"
	"smartlinks/internal/web/public/publictest"
)

func TestAProductShowsItsPicture(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 60, 40))); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Products.Create(t.Context(), s.Business, product.Fields{Name: "Print", Price: *publictest.EUR(4500), Active: true, Picture: picture.Bytes()}); err != nil {
		t.Fatal(err)
	}
	source := regexp.MustCompile(`src="(/images/[^"]+)"`)
	var address string
	for _, path := range []string{"/acme/shop", "/acme/shop/print"} {
		found := source.FindStringSubmatch(s.Get(path).Body)
		if found == nil {
			t.Fatalf("%s has no picture", path)
		}
		address = found[1]
	}
	got := s.Get(address)
	if got.StatusCode != http.StatusOK || !strings.HasPrefix(got.Header.Get("Content-Type"), "image/") || !strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%d %v", got.StatusCode, got.Header)
	}
	other := businesstest.Make(t, s.DB, "other")
	if foreign := s.Get(strings.Replace(address, string(s.Business.ID), string(other.ID), 1)); foreign.StatusCode != http.StatusNotFound {
		t.Errorf("another business shows it: %d", foreign.StatusCode)
	}
}

func TestALargeShopHasPages(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	if got := s.Get("/acme/shop"); !got.Has("nothing for sale here") {
		t.Error("an empty shop says nothing")
	}
	for i := range 30 {
		if _, err := s.Products.Create(t.Context(), s.Business, product.Fields{Name: fmt.Sprintf("Print %d", i), Price: *publictest.EUR(100), Active: true}); err != nil {
			t.Fatal(err)
		}
	}
	first := s.Get("/acme/shop?lang=nl")
	next := regexp.MustCompile(`quiet-button" href="([^"]+)"`).FindStringSubmatch(first.Body)
	if next == nil {
		t.Fatal("no way to the next page")
	}
	second := s.Get("/acme/shop" + html.UnescapeString(next[1]))
	if n := strings.Count(first.Body, `class="product"`) + strings.Count(second.Body, `class="product"`); n != 30 || second.Has("quiet-button") || !second.Has(`<html lang="nl"`) {
		t.Errorf("%d products on two pages", n)
	}
}
