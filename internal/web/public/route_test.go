package public_test

import (
	"cmp"
	"net/http"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
	"smartlinks/internal/web/public/publictest"
)

func TestRoutingUnderAHandle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Spring Sale", Path: "Spring-Sale"})
		if _, err := s.Products.Create(t.Context(), s.Business, product.Fields{Name: "Print A3", Price: *publictest.EUR(4500), Active: true}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			path   string
			status int
			to     string // Location, or a word of the page
		}{
			{"/acme", 200, "Continue to payment"},
			{"/acme/", 302, "/acme"},
			{"/Acme", 302, "/acme"},
			{"/ACME/Spring-Sale?utm_source=x&name=J%20L", 302, "/acme/Spring-Sale?utm_source=x&name=J%20L"},
			{"/nobody", 404, "find this page"},
			{"/dashboard/acme", 404, "find this page"},
			{"/acme/25", 200, "Pay €25.00"},
			{"/acme/12.50", 200, "Pay €12.50"},
			{"/acme/12,50", 200, "Pay €12.50"},
			{"/acme/٢٥", 200, "Pay €25.00"}, {"/acme/٢٥٫٥٠", 200, "Pay €25.50"}, {"/acme/２５", 200, "Pay €25.00"}, {"/acme/२५.", 302, "/acme/%E0%A5%A8%E0%A5%AB"},
			{"/acme/0", 404, ""}, {"/acme/0.00", 404, ""}, {"/acme/1e3", 404, ""}, {"/acme/12.505", 404, ""},
			{"/acme/1,500", 404, ""}, {"/acme/-5", 404, ""}, {"/acme/9999999999999999999999", 404, ""}, {"/acme/25x", 404, ""},
			{"/acme/Spring-Sale", 200, "Pay €89.00"},
			{"/acme/spring-sale", 302, "/acme/Spring-Sale"},
			{"/acme/spring-sale?via=qr", 302, "/acme/Spring-Sale?via=qr"},
			{"/acme/Spring-Sale/", 302, "/acme/Spring-Sale"},
			{"/acme/Spring-Sale/extra", 404, ""},
			{"/acme/Spring%2DSale", 200, "Pay €89.00"},
			{"/acme/Spring%252DSale", 404, ""}, // decoded once
			{"/acme%2FSpring-Sale", 404, ""}, {"/acme/Spring-Sale%2Fqr.png", 404, ""},
			{"/acme/..%2F..%2Fetc%2Fpasswd", 404, ""}, {"/acme/../dashboard", 404, ""}, {"/acme/%2e%2e/dashboard", 404, ""},
			{"/acme//Spring-Sale", 404, ""}, {"//evil.example/", 404, ""}, {"/acme/Spring.Sale", 404, ""},
			{"/acme/Spring-Sale%00", 404, ""}, {"/acme/a%ff%fe", 404, ""}, {"/acme%00", 404, ""}, {"/acme/shop/a%00", 404, ""},
			{"/acme?product=a%00", 404, ""}, {"/acme/shop/print-a3?link=a%00", 200, "Pay €45.00"}, {"/acme/shop?after=%00", 404, ""}, {"/acme/_x", 404, ""},
			{"/acme/shop", 200, "Print A3"},
			{"/acme/shop/print-a3", 200, "Pay €45.00"},
			{"/acme/shop/none", 404, ""},
			{"/acme?product=print-a3&name=Jo", 302, "/acme/shop/print-a3?name=Jo"},
			{"/acme/Spring-Sale/qr.png", 200, "PNG"},
			{"/acme/spring-sale/qr.png?size=300", 302, "/acme/Spring-Sale/qr.png?size=300"},
			{"/acme/Spring-Sale/qr.gif", 404, ""},
			{"/acme/none/qr.png", 404, ""},
			{"/pay/pay_0000000000000000000000000x", 404, ""}, {"/pay/", 404, ""}, {"/sandbox/x", 404, ""}, {"/images/biz_x/img_y", 404, ""},
		} {
			got := s.Get(c.path)
			if got.StatusCode != c.status {
				t.Errorf("GET %s: %d, want %d", c.path, got.StatusCode, c.status)
			}
			switch {
			case c.status >= 300 && c.status < 400:
				if to := got.Header.Get("Location"); to != c.to {
					t.Errorf("GET %s leads to %q, want %q", c.path, to, c.to)
				}
			case !got.Has(c.to):
				t.Errorf("GET %s: %q is missing in\n%s", c.path, c.to, got.Body)
			}
		}
	})
}

// What stands behind an address in a sentence is none of it.
func TestAnAddressFromASentenceLeadsToItsPage(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	for _, tail := range []string{".", ",", ")", "]", "%3E", ";", ":", "!", "%3F", "%22", "'", "%20", "%C2%A0", "%0A", "%E2%80%8B", "%EF%BB%BF", "%E2%80%9D", "%E2%80%A6",
		"%E3%80%82", "%EF%BC%8C", "%EF%BC%89", "%C2%BB", "**", ").", ".%E2%80%9D%20", "%60"} {
		for address, to := range map[string]string{"/acme/sale": "", "/acme/sale/": "/acme/sale", "/acme": "", "/acme/25": "", "/acme/12.50": "", "/acme/shop": "", "/acme/sale/qr.png": "", "/r/AbCd1234": ""} {
			if got := s.Get(address + tail + "?via=qr"); got.StatusCode != http.StatusFound || got.Header.Get("Location") != cmp.Or(to, address)+"?via=qr" {
				t.Errorf("%s%s: %d, leads to %q", address, tail, got.StatusCode, got.Header.Get("Location"))
			}
		}
	}
	for path, status := range map[string]int{"/acme/25,-": 200, "/acme/sale-": 404, "/acme/sale_": 404, "/.": 404, "/acme/sale%2F.": 302, "//evil.example.": 404, "/%5C%5Cevil.example.": 302, "/acme/%2F%2Fevil.example)": 302} {
		if got := s.Get(path); got.StatusCode != status || strings.HasPrefix(got.Header.Get("Location"), "//") {
			t.Errorf("%s: %d, leads to %q", path, got.StatusCode, got.Header.Get("Location"))
		}
	}
}

func TestARenamedBusinessKeepsItsOldURLs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		l := s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
		if got := s.Get("/acme/sale"); got.StatusCode != http.StatusOK {
			t.Fatal(got.StatusCode)
		}
		handle, path := "acme-books", "summer"
		b, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{Handle: &handle})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Links.Edit(t.Context(), b, l.ID, 0, func(f *link.Fields) { f.Path = path }); err != nil {
			t.Fatal(err)
		}
		for from, to := range map[string]string{
			"/acme/sale?via=qr": "/acme-books/sale?via=qr", "/acme": "/acme-books", "/acme/shop/x": "/acme-books/shop/x",
			"/acme-books/sale?via=qr": "/acme-books/summer?via=qr",
		} {
			publictest.Eventually(t, from+" leads to "+to, func() bool { return s.Get(from).Header.Get("Location") == to })
		}
		if got := s.Post("/acme/sale", publictest.Payer()); got.StatusCode != http.StatusTemporaryRedirect {
			t.Errorf("a form sent to the old handle: %d", got.StatusCode)
		}
		if got := s.Post("/acme-books/sale", publictest.Payer()); got.StatusCode != http.StatusTemporaryRedirect {
			t.Errorf("a form sent to the old path: %d", got.StatusCode)
		}
	})
}

func TestOtherMethodsAreRefused(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	for path, allow := range map[string]string{"/acme/sale": "GET, HEAD, POST", "/acme/shop": "GET, HEAD", "/acme/sale/qr.png": "GET, HEAD"} {
		got := s.Ask(http.MethodDelete, path, nil)
		if got.StatusCode != http.StatusMethodNotAllowed || got.Header.Get("Allow") != allow {
			t.Errorf("DELETE %s: %d, Allow %q", path, got.StatusCode, got.Header.Get("Allow"))
		}
	}
	if got := s.Post("/acme/shop", publictest.Payer()); got.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST to the shop: %d", got.StatusCode)
	}
}
