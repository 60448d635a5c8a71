package frame_test

import (
	"bytes"
	"html"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
	"smartlinks/internal/web/public/publictest"
	"smartlinks/internal/web/ui"
)

func TestPagesCarrySecurityHeaders(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "https")
	s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	for _, path := range []string{"/acme", "/acme/sale", "/acme/shop", "/acme/none", "/nobody", "/pay/x", "/acme/sale/qr.svg"} {
		h := s.Get(path).Header
		policy := h.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'self'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: %q lacks %s", path, policy, part)
			}
		}
		// Chromium would refuse the way to the provider's checkout.
		if strings.Contains(policy, "form-action") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: %q", path, policy)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin-when-cross-origin", "Strict-Transport-Security": "max-age=63072000",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
	for path, want := range map[string]string{"/acme/sale": "same-origin", "/acme/sale/qr.png": "cross-origin", "/acme/sale/qr.svg": "cross-origin"} {
		if got := s.Get(path).Header.Get("Cross-Origin-Resource-Policy"); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestAFormOfAnotherSiteIsRefused(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	if got := s.Post("/acme/sale", publictest.Payer(), "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"); got.StatusCode != http.StatusForbidden || !got.Has("another site") {
		t.Errorf("%d\n%s", got.StatusCode, got.Body)
	}
	for _, header := range [][]string{nil, {"Sec-Fetch-Site", "same-origin"}, {"Origin", s.URL}} {
		if got := s.Post("/acme/sale", url.Values{}, header...); got.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%v: our own form: %d", header, got.StatusCode)
		}
	}
}

// A page, its stylesheet and its script: three requests and 30 KB, also with
// the logo and the cover picture of the business.
func TestPagesAreLight(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Sale", Path: "sale", Description: strings.Repeat("Long. ", 80), Limit: link.Limit{Kind: link.Multiple, Max: 20}})
	plain := weigh(s, "/acme/sale")
	photo := noise(t, 1200, 500)
	if _, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{Logo: photo, Cover: photo}); err != nil {
		t.Fatal(err)
	}
	publictest.Eventually(t, "the pictures are shown", func() bool { return s.Get("/acme/sale").Has("look.css") })
	for _, path := range []string{"/acme", "/acme/sale", "/acme/none", "/acme/shop"} {
		got := s.Get(path)
		for _, banned := range []string{" style=", " onclick", "javascript:", "<style", "<iframe", "<img"} {
			if got.Has(banned) {
				t.Errorf("%s has %q", path, banned)
			}
		}
		if strings.Count(got.Body, "<h1") != 1 || strings.Count(got.Body, "<main") != 1 {
			t.Errorf("%s: headings or landmarks", path)
		}
		if requests, bytes := weigh(s, path).requests, weigh(s, path).bytes; requests > 3 || bytes > 30<<10 {
			t.Errorf("%s: %d requests, %d bytes", path, requests, bytes)
		}
	}
	if _, err := s.Products.Create(t.Context(), s.Business, product.Fields{Name: "Print", Price: *publictest.EUR(4500), Active: true, Picture: photo}); err != nil {
		t.Fatal(err)
	}
	if got := s.Get("/acme/shop/print"); !got.Has("band-picture") || weigh(s, "/acme/shop/print").requests != 3 {
		t.Errorf("a product with a picture: %d requests", weigh(s, "/acme/shop/print").requests)
	}
	t.Logf("an amount link: %d bytes in %d requests; with logo and cover %d", plain.bytes, plain.requests, weigh(s, "/acme/sale").bytes)
}

// weight is what a browser transfers for a page.
type weight struct{ requests, bytes int }

// subresource is whatever a page makes a browser ask for; data: needs no request.
var subresource = regexp.MustCompile(`<(?:link rel="stylesheet" href|link rel="icon" href|script src|img[^>]* src)="([^"]+)"`)

func weigh(s *publictest.Site, path string) weight {
	s.T.Helper()
	page := s.Get(path, "Accept-Encoding", "gzip")
	w := weight{1, len(page.Body)}
	for _, found := range subresource.FindAllStringSubmatch(s.Get(path).Body, -1) {
		address := html.UnescapeString(found[1])
		if strings.HasPrefix(address, "data:") {
			continue
		}
		w.requests++
		w.bytes += len(load(s, address))
	}
	return w
}

// subresource asks the room that has it.
func load(s *publictest.Site, address string) string {
	s.T.Helper()
	rooms := map[string]http.Handler{"/brand/": ui.Brand(), "/static/": ui.Static()}
	for prefix, room := range rooms {
		if !strings.HasPrefix(address, prefix) {
			continue
		}
		answer := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(s.T.Context(), http.MethodGet, address, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		room.ServeHTTP(answer, r)
		if answer.Code != http.StatusOK {
			s.T.Errorf("%s: %d", address, answer.Code)
		}
		return answer.Body.String()
	}
	got := s.Get(address, "Accept-Encoding", "gzip")
	if got.StatusCode != http.StatusOK || !strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
		s.T.Errorf("%s: %d, %s", address, got.StatusCode, got.Header.Get("Cache-Control"))
	}
	return got.Body
}

// noise is a picture that hardly shrinks, as photographs of leaves.
func noise(t *testing.T, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range img.Pix {
		img.Pix[i] = uint8(random.Uint32())
	}
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 255
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, nil); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestOnlyNamedSitesMayFramePages(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "https")
	s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	origins := []string{"https://www.studio.example"}
	if _, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{FrameOrigins: &origins}); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/acme/sale": "frame-ancestors https://www.studio.example", "/acme/sale?embed": "frame-ancestors https://www.studio.example",
		"/nobody": "frame-ancestors 'none'", "/pay/x": "frame-ancestors 'none'",
	} {
		if policy := s.Get(path).Header.Get("Content-Security-Policy"); !strings.HasSuffix(policy, want) {
			t.Errorf("%s: %q", path, policy)
		}
	}
	// No provider lets its checkout be framed, so the form leaves the frame.
	if framed, plain := s.Get("/acme/sale?embed"), s.Get("/acme/sale"); !framed.Has(`target="_top"`) || plain.Has(`target="_top"`) {
		t.Error("the form of a frame stays in it, or that of a page leaves it")
	}
}
