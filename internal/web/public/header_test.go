package public_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/ui"
)

func TestPagesCarrySecurityHeaders(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "https")
	s.mustLink(link.Draft{Name: "Sale", Path: "sale"})
	for _, path := range []string{"/acme", "/acme/sale", "/acme/shop", "/acme/none", "/nobody", "/pay/x", "/acme/sale/qr.svg"} {
		h := s.get(path).Header
		policy := h.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: %q lacks %s", path, policy, part)
			}
		}
		// Chromium would refuse the way to the provider's checkout.
		if strings.Contains(policy, "form-action") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "script-src") {
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
		if got := s.get(path).Header.Get("Cross-Origin-Resource-Policy"); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestAFormOfAnotherSiteIsRefused(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Draft{Name: "Sale", Path: "sale"})
	if got := s.post("/acme/sale", payer(), "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"); got.StatusCode != http.StatusForbidden || !got.has("another site") {
		t.Errorf("%d\n%s", got.StatusCode, got.body)
	}
	for _, header := range [][]string{nil, {"Sec-Fetch-Site", "same-origin"}, {"Origin", s.url}} {
		if got := s.post("/acme/sale", url.Values{}, header...); got.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%v: our own form: %d", header, got.StatusCode)
		}
	}
}

// A page, its stylesheet and a picture: three requests, 30 KB, no script.
func TestPagesAreLight(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Draft{Name: "Sale", Path: "sale", Description: strings.Repeat("Long. ", 80), Limit: link.Limit{Kind: link.Multiple, Max: 20}})
	for _, path := range []string{"/acme", "/acme/sale", "/acme/none"} {
		got := s.get(path)
		sheets := regexp.MustCompile(`<link rel="stylesheet" href="([^"]+)"`).FindAllStringSubmatch(got.body, -1)
		if len(sheets) != 1 {
			t.Fatalf("%s: %d stylesheets", path, len(sheets))
		}
		sheet := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, sheets[0][1], nil)
		r.Header.Set("Accept-Encoding", "gzip")
		ui.Brand().ServeHTTP(sheet, r)
		if weight := len(got.body) + sheet.Body.Len(); sheet.Code != http.StatusOK || weight > 30<<10 {
			t.Errorf("%s: %d bytes and a stylesheet of %d (%d)", path, len(got.body), sheet.Body.Len(), sheet.Code)
		}
		for _, banned := range []string{"<script", " style=", " onclick", "javascript:", "<style", "<iframe"} {
			if got.has(banned) {
				t.Errorf("%s has %q", path, banned)
			}
		}
		if strings.Count(got.body, "<h1") != 1 || strings.Count(got.body, "<main") != 1 {
			t.Errorf("%s: headings or landmarks", path)
		}
	}
	if packed := s.get("/acme/sale", "Accept-Encoding", "gzip"); packed.Header.Get("Content-Encoding") != "gzip" || len(packed.body) > 5<<10 {
		t.Errorf("%q, %d bytes", packed.Header.Get("Content-Encoding"), len(packed.body))
	}
}
