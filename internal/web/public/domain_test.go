package public_test

import (
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"

	"smartlinks/internal/web/public/publictest"

	reader "github.com/makiuchi-d/gozxing/qrcode"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
)

func TestAnOwnDomainNeedsNoHandle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Spring Sale", Path: "Spring-Sale"})
		s.MustLink(link.Fields{Name: "Acme", Path: "acme"})
		if _, err := s.Products.Create(t.Context(), s.Business, product.Fields{Name: "Print A3", Price: *publictest.EUR(4500), Active: true}); err != nil {
			t.Fatal(err)
		}
		s.Own(s.Business, publictest.OwnHost)
		for _, c := range []struct {
			path   string
			status int
			to     string // Location, or a word of the page
		}{
			{"/", 200, "Continue to payment"}, {"/25", 200, "Pay €25.00"}, {"/12,50", 200, "Pay €12.50"}, {"/0", 404, ""},
			{"/Spring-Sale", 200, "Pay €89.00"}, {"/spring-sale?via=qr", 302, "/Spring-Sale?via=qr"}, {"/Spring-Sale/?x=1", 302, "/Spring-Sale?x=1"}, {"/Spring-Sale.", 302, "/Spring-Sale"},
			{"/shop", 200, "Print A3"}, {"/shop/print-a3", 200, "Pay €45.00"}, {"/?product=print-a3&name=Jo", 302, "/shop/print-a3?name=Jo"},
			{"/Spring-Sale/qr.png", 200, "PNG"}, {"/payments.txt", 200, "With-Amount: " + s.Origin(publictest.OwnHost) + "/{amount}\n"}, {"/acme", 200, "Pay €89.00"}, {"/acme/Spring-Sale", 404, ""},
			{"//evil.example/", 302, "/evil.example"}, {"//evil.example", 404, ""}, {"/%2F/evil.example/", 302, "/%2F/evil.example"}, {"/\\evil.example/", 302, "/%5Cevil.example"}, {"/..%2F", 404, ""}, {"/none", 404, publictest.OwnHost},
			// What is the installation's is never there.
			{"/dashboard", 404, ""}, {"/dashboard/acme", 404, ""}, {"/sign-in", 404, ""}, {"/setup", 404, ""}, {"/api/v1/links", 404, ""}, {"/api/docs", 404, ""}, {"/hooks/stripe/biz_1", 404, ""},
			{"/mailbox", 404, ""}, {"/metrics", 404, ""}, {"/mcp", 404, ""}, {"/.well-known/oauth-protected-resource", 404, ""}, {"/create", 404, ""}, {"/sandbox/x", 404, ""}, {"/brand/x", 404, ""},
		} {
			got := s.Get(c.path, "Host", publictest.OwnHost)
			if got.StatusCode != c.status {
				t.Errorf("%s: %d, want %d", c.path, got.StatusCode, c.status)
				continue
			}
			if to := got.Header.Get("Location"); c.status == 302 && to != c.to || c.status != 302 && !got.Has(c.to) {
				t.Errorf("%s: leads to %q, want %q", c.path, to, c.to)
			}
			if strings.Contains(got.Body, `href="/acme/`) || c.path != "/acme" && strings.Contains(got.Body, `href="/acme"`) {
				t.Errorf("%s leads on under the handle", c.path)
			}
		}
	})
}

// The rows of the tables in docs/domains.md.
func TestOldAddressesLeadToTheDomain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		sale := s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
		s.MustLink(link.Fields{Name: "Pinned", Path: "pinned"})
		for _, own := range []string{"r", "waiting"} { // the program's own first segments
			s.MustLink(link.Fields{Name: own, Path: own})
		}
		first := s.Own(s.Business, publictest.OwnHost)
		second := s.Own(s.Business, "tickets.acme.example")
		pinned, err := s.Links.ByPath(t.Context(), s.Business, "pinned")
		if err == nil {
			_, err = s.Links.Edit(t.Context(), s.Business, pinned.Link.ID, 0, func(f *link.Fields) { f.Domain = second.Host })
		}
		if err != nil {
			t.Fatal(err)
		}
		leads := func(what, path, status string) {
			t.Helper()
			publictest.Eventually(t, what, func() bool {
				got := s.Get(path)
				return status == "" && got.StatusCode == 200 || got.StatusCode == 302 && got.Header.Get("Location") == status && got.Header.Get("Cache-Control") == "no-store"
			})
		}
		own := s.Origin(publictest.OwnHost)
		leads("the old address of the payment page", "/acme?utm_source=x", own+"/?utm_source=x")
		leads("of an amount", "/acme/25", own+"/25")
		leads("the printed code of the old address", "/acme/sale?via=qr", own+"/sale?via=qr")
		leads("the shop", "/acme/shop", own+"/shop")
		leads("a link with a domain of its own", "/acme/pinned", s.Origin(second.Host)+"/pinned")
		leads("a link that domains cannot have", "/acme/r", "")
		leads("another one", "/acme/waiting", "")
		if got := s.Get("/acme/sale/qr.png"); got.StatusCode != 200 {
			t.Errorf("a picture under the installation: %d", got.StatusCode)
		}

		name := "studio"
		if _, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{Handle: &name}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Links.Edit(t.Context(), s.Business, sale.ID, 0, func(f *link.Fields) { f.Path = "summer" }); err != nil {
			t.Fatal(err)
		}
		leads("the code of a handle that was given up", "/acme/sale?via=qr", "/studio/sale?via=qr")
		leads("the code of a renamed link", "/studio/sale?via=qr", "/studio/summer?via=qr")
		leads("and on", "/studio/summer?via=qr", own+"/summer?via=qr")
		if got := s.Get("/sale?via=qr", "Host", publictest.OwnHost); got.StatusCode != 302 || got.Header.Get("Location") != "/summer?via=qr" {
			t.Errorf("the code of the domain and of a renamed link: %d to %s", got.StatusCode, got.Header.Get("Location"))
		}
		s.MustLink(link.Fields{Name: "Another", Path: "sale"})
		leads("a path that another link has taken", "/studio/sale", own+"/sale")

		if err := s.Domains.Remove(t.Context(), s.Business.ID, first.ID); err != nil {
			t.Fatal(err)
		}
		if got := s.Get("/summer?via=qr", "Host", publictest.OwnHost); got.StatusCode != http.StatusMisdirectedRequest {
			t.Errorf("the code of a removed domain: %d", got.StatusCode)
		}
		leads("the old address then, with another domain", "/studio/summer", s.Origin(second.Host)+"/summer")
		if err := s.Domains.Remove(t.Context(), s.Business.ID, second.ID); err != nil {
			t.Fatal(err)
		}
		leads("without any", "/studio/summer", "")
		leads("a link whose domain was removed", "/studio/pinned", "")
	})
}

func TestEverythingThatIsToldHasTheDomain(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	before := s.Get("/acme/sale")
	s.Own(s.Business, publictest.OwnHost)
	want := s.Origin(publictest.OwnHost) + "/sale"
	got := s.Get("/sale", "Host", publictest.OwnHost)
	if before.Tag("og:url") != s.URL+"/acme/sale" || got.Tag("og:url") != want || !strings.HasPrefix(got.Tag("og:image"), want+"/card.png?") || !got.Has(`rel="canonical" href="`+want+`"`) {
		t.Errorf("the page tells %q, %q", got.Tag("og:url"), got.Tag("og:image"))
	}
	if code := scanned(s, "/acme/sale/qr.png"); code != want+"?via=qr" {
		t.Errorf("the QR code leads to %s", code)
	}
	s.DNS.Set("A", publictest.OwnHost, "198.51.100.9")
	list, err := s.Domains.List(t.Context(), s.Business.ID)
	if err == nil {
		_, err = s.Domains.Check(t.Context(), s.Business.ID, list[0].ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	if code := scanned(s, "/acme/sale/qr.png"); code != s.URL+"/acme/sale?via=qr" {
		t.Errorf("of a broken domain the QR code leads to %s", code)
	}
}

// code is what a reader finds in a picture.
func scanned(s *publictest.Site, path string) string {
	s.T.Helper()
	img, err := png.Decode(strings.NewReader(s.Get(path).Body))
	if err != nil {
		s.T.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		s.T.Fatal(err)
	}
	found, err := reader.NewQRCodeReader().DecodeWithoutHints(bitmap)
	if err != nil {
		s.T.Fatal(err)
	}
	return found.GetText()
}

func TestAPayerStaysAtTheDomain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "https")
		s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
		s.Own(s.Business, publictest.OwnHost)
		own := strings.Replace(s.Origin(publictest.OwnHost), "http:", "https:", 1)
		at := []string{"Host", strings.TrimPrefix(own, "https://"), "Origin", own}
		started := s.Post("/sale", publictest.Payer(), at...)
		if started.StatusCode != http.StatusSeeOther || !strings.Contains(started.Header.Get("Location"), "127.0.0.1") {
			t.Fatalf("%d to %s", started.StatusCode, started.Header.Get("Location"))
		}
		cookies := started.Header.Values("Set-Cookie")
		for _, c := range cookies {
			if !strings.HasPrefix(c, "__Host-") || strings.Contains(strings.ToLower(c), "domain=") {
				t.Errorf("a cookie for more than its host: %s", c)
			}
		}
		var attempt struct{ ID, Host string }
		if err := d.Get(t.Context(), &attempt, `SELECT id, host FROM attempts WHERE business_id = $1`, s.Business.ID); err != nil || attempt.Host != publictest.OwnHost {
			t.Fatalf("%+v, %v", attempt, err)
		}
		var back string
		if err := d.Get(t.Context(), &back, `SELECT return_url FROM sandbox_payments`); err != nil || back != own+"/pay/"+attempt.ID {
			t.Errorf("the checkout leads back to %s, %v", back, err)
		}
		if got := s.Get("/pay/"+attempt.ID, at[:2]...); got.StatusCode != 200 {
			t.Errorf("the status at the domain: %d", got.StatusCode)
		}
		for origin, fine := range map[string]bool{own: true, strings.Replace(s.URL, "http:", "https:", 1): false, "https://evil.example": false, "null": false} {
			got := s.Post("/sale", url.Values{"name": {"x"}}, "Host", at[1], "Origin", origin)
			if (got.StatusCode == http.StatusForbidden) == fine {
				t.Errorf("a form from %s: %d", origin, got.StatusCode)
			}
		}
		// A business's own domain proves nothing at the installation.
		if got := s.Post("/acme/sale", publictest.Payer(), "Origin", own); got.StatusCode != http.StatusForbidden {
			t.Errorf("a form that the domain sends to the installation: %d", got.StatusCode)
		}
	})
}

func TestWhatIsAnothersIsNotAtTheDomain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
		zenith := businesstest.Make(t, d, "zenith")
		s.Own(s.Business, publictest.OwnHost)
		s.Own(zenith, "pay.zenith.example")
		if got := s.Post("/acme/sale", publictest.Payer()); got.StatusCode != http.StatusSeeOther {
			t.Fatal(got.StatusCode)
		}
		var id string
		if err := d.Get(t.Context(), &id, `SELECT id FROM attempts WHERE business_id = $1`, s.Business.ID); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/pay/" + id, "/pay/" + id + "/status", "/images/" + string(s.Business.ID) + "/look.css", "/sale", "/acme", "/acme/sale"} {
			if got := s.Get(path, "Host", "pay.zenith.example"); got.StatusCode != 404 || got.Has("Sale") {
				t.Errorf("%s at another's domain: %d", path, got.StatusCode)
			}
		}
		if got := s.Get("/images/"+string(s.Business.ID)+"/look.css", "Host", publictest.OwnHost); got.StatusCode != 200 {
			t.Errorf("its own stylesheet: %d", got.StatusCode)
		}
		if got := s.Post("/zenith", publictest.Payer(), "Host", publictest.OwnHost); got.StatusCode != 404 {
			t.Errorf("another business's page at the domain: %d", got.StatusCode)
		}
	})
}

func TestAnUnprovenLinkDomainIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		zenith := businesstest.Make(t, d, "zenith")
		s.Own(zenith, "pay.zenith.example")
		if _, err := s.Domains.Claim(t.Context(), s.Business.ID, publictest.OwnHost); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{publictest.OwnHost, "pay.zenith.example", "evil.example", "127.0.0.1"} {
			if _, err := s.Links.Create(t.Context(), s.Business, link.Fields{Name: "X", Amount: publictest.EUR(100), Domain: name}); err == nil || !strings.Contains(err.Error(), "domain") {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
