package public_test

import (
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	reader "github.com/makiuchi-d/gozxing/qrcode"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/domain"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
)

const ownHost = "pay.acme.example"

// own makes the name a live domain of the business.
func (s *site) own(b business.Business, name string) domain.Domain {
	s.t.Helper()
	d, err := s.domains.Claim(s.t.Context(), b.ID, name)
	if err != nil {
		s.t.Fatal(err)
	}
	s.dns.Set("A", name, "127.0.0.1")
	s.dns.Set("TXT", "_smartlinks."+name, "sl-verify="+d.Token)
	if d, err = s.domains.Check(s.t.Context(), b.ID, d.ID); err != nil || d.Status() != domain.Live {
		s.t.Fatalf("%s is %s, %v", name, d.Status(), err)
	}
	return d
}

func (s *site) origin(name string) string {
	u, _ := url.Parse(s.url)
	return "http://" + name + ":" + u.Port()
}

func TestAnOwnDomainNeedsNoHandle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Spring Sale", Path: "Spring-Sale"})
		s.mustLink(link.Fields{Name: "Acme", Path: "acme"})
		if _, err := s.products.Create(t.Context(), s.business, product.Fields{Name: "Print A3", Price: *eur(4500), Active: true}); err != nil {
			t.Fatal(err)
		}
		s.own(s.business, ownHost)
		for _, c := range []struct {
			path   string
			status int
			to     string // Location, or a word of the page
		}{
			{"/", 200, "Continue to payment"}, {"/25", 200, "Pay €25.00"}, {"/12,50", 200, "Pay €12.50"}, {"/0", 404, ""},
			{"/Spring-Sale", 200, "Pay €89.00"}, {"/spring-sale?via=qr", 302, "/Spring-Sale?via=qr"}, {"/Spring-Sale/?x=1", 302, "/Spring-Sale?x=1"}, {"/Spring-Sale.", 302, "/Spring-Sale"},
			{"/shop", 200, "Print A3"}, {"/shop/print-a3", 200, "Pay €45.00"}, {"/?product=print-a3&name=Jo", 302, "/shop/print-a3?name=Jo"},
			{"/Spring-Sale/qr.png", 200, "PNG"}, {"/payments.txt", 200, "With-Amount: " + s.origin(ownHost) + "/{amount}\n"}, {"/acme", 200, "Pay €89.00"}, {"/acme/Spring-Sale", 404, ""},
			{"//evil.example/", 302, "/evil.example"}, {"//evil.example", 404, ""}, {"/%2F/evil.example/", 302, "/%2F/evil.example"}, {"/\\evil.example/", 302, "/%5Cevil.example"}, {"/..%2F", 404, ""}, {"/none", 404, ownHost},
			// What is the installation's is never there.
			{"/dashboard", 404, ""}, {"/dashboard/acme", 404, ""}, {"/sign-in", 404, ""}, {"/setup", 404, ""}, {"/api/v1/links", 404, ""}, {"/api/docs", 404, ""}, {"/hooks/stripe/biz_1", 404, ""},
			{"/mailbox", 404, ""}, {"/metrics", 404, ""}, {"/mcp", 404, ""}, {"/.well-known/oauth-protected-resource", 404, ""}, {"/create", 404, ""}, {"/sandbox/x", 404, ""}, {"/brand/x", 404, ""},
		} {
			got := s.get(c.path, "Host", ownHost)
			if got.StatusCode != c.status {
				t.Errorf("%s: %d, want %d", c.path, got.StatusCode, c.status)
				continue
			}
			if to := got.Header.Get("Location"); c.status == 302 && to != c.to || c.status != 302 && !got.has(c.to) {
				t.Errorf("%s: leads to %q, want %q", c.path, to, c.to)
			}
			if strings.Contains(got.body, `href="/acme/`) || c.path != "/acme" && strings.Contains(got.body, `href="/acme"`) {
				t.Errorf("%s leads on under the handle", c.path)
			}
		}
	})
}

// The rows of the tables in docs/domains.md.
func TestOldAddressesLeadToTheDomain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		sale := s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
		s.mustLink(link.Fields{Name: "Pinned", Path: "pinned"})
		for _, own := range []string{"r", "waiting"} { // the program's own first segments
			s.mustLink(link.Fields{Name: own, Path: own})
		}
		first := s.own(s.business, ownHost)
		second := s.own(s.business, "tickets.acme.example")
		pinned, err := s.links.ByPath(t.Context(), s.business, "pinned")
		if err == nil {
			_, err = s.links.Edit(t.Context(), s.business, pinned.Link.ID, 0, func(f *link.Fields) { f.Domain = second.Host })
		}
		if err != nil {
			t.Fatal(err)
		}
		leads := func(what, path, status string) {
			t.Helper()
			eventually(t, what, func() bool {
				got := s.get(path)
				return status == "" && got.StatusCode == 200 || got.StatusCode == 302 && got.Header.Get("Location") == status && got.Header.Get("Cache-Control") == "no-store"
			})
		}
		own := s.origin(ownHost)
		leads("the old address of the payment page", "/acme?utm_source=x", own+"/?utm_source=x")
		leads("of an amount", "/acme/25", own+"/25")
		leads("the printed code of the old address", "/acme/sale?via=qr", own+"/sale?via=qr")
		leads("the shop", "/acme/shop", own+"/shop")
		leads("a link with a domain of its own", "/acme/pinned", s.origin(second.Host)+"/pinned")
		leads("a link that domains cannot have", "/acme/r", "")
		leads("another one", "/acme/waiting", "")
		if got := s.get("/acme/sale/qr.png"); got.StatusCode != 200 {
			t.Errorf("a picture under the installation: %d", got.StatusCode)
		}

		name := "studio"
		if _, err := s.businesses.Update(t.Context(), s.business.ID, 0, business.Patch{Handle: &name}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.links.Edit(t.Context(), s.business, sale.ID, 0, func(f *link.Fields) { f.Path = "summer" }); err != nil {
			t.Fatal(err)
		}
		leads("the code of a handle that was given up", "/acme/sale?via=qr", "/studio/sale?via=qr")
		leads("the code of a renamed link", "/studio/sale?via=qr", "/studio/summer?via=qr")
		leads("and on", "/studio/summer?via=qr", own+"/summer?via=qr")
		if got := s.get("/sale?via=qr", "Host", ownHost); got.StatusCode != 302 || got.Header.Get("Location") != "/summer?via=qr" {
			t.Errorf("the code of the domain and of a renamed link: %d to %s", got.StatusCode, got.Header.Get("Location"))
		}
		s.mustLink(link.Fields{Name: "Another", Path: "sale"})
		leads("a path that another link has taken", "/studio/sale", own+"/sale")

		if err := s.domains.Remove(t.Context(), s.business.ID, first.ID); err != nil {
			t.Fatal(err)
		}
		if got := s.get("/summer?via=qr", "Host", ownHost); got.StatusCode != http.StatusMisdirectedRequest {
			t.Errorf("the code of a removed domain: %d", got.StatusCode)
		}
		leads("the old address then, with another domain", "/studio/summer", s.origin(second.Host)+"/summer")
		if err := s.domains.Remove(t.Context(), s.business.ID, second.ID); err != nil {
			t.Fatal(err)
		}
		leads("without any", "/studio/summer", "")
		leads("a link whose domain was removed", "/studio/pinned", "")
	})
}

func TestEverythingThatIsToldHasTheDomain(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
	before := s.get("/acme/sale")
	s.own(s.business, ownHost)
	want := s.origin(ownHost) + "/sale"
	got := s.get("/sale", "Host", ownHost)
	if before.tag("og:url") != s.url+"/acme/sale" || got.tag("og:url") != want || !strings.HasPrefix(got.tag("og:image"), want+"/card.png?") || !got.has(`rel="canonical" href="`+want+`"`) {
		t.Errorf("the page tells %q, %q", got.tag("og:url"), got.tag("og:image"))
	}
	if code := s.code("/acme/sale/qr.png"); code != want+"?via=qr" {
		t.Errorf("the QR code leads to %s", code)
	}
	s.dns.Set("A", ownHost, "198.51.100.9")
	list, err := s.domains.List(t.Context(), s.business.ID)
	if err == nil {
		_, err = s.domains.Check(t.Context(), s.business.ID, list[0].ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	if code := s.code("/acme/sale/qr.png"); code != s.url+"/acme/sale?via=qr" {
		t.Errorf("of a broken domain the QR code leads to %s", code)
	}
}

// code is what a reader finds in a picture.
func (s *site) code(path string) string {
	s.t.Helper()
	img, err := png.Decode(strings.NewReader(s.get(path).body))
	if err != nil {
		s.t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		s.t.Fatal(err)
	}
	found, err := reader.NewQRCodeReader().DecodeWithoutHints(bitmap)
	if err != nil {
		s.t.Fatal(err)
	}
	return found.GetText()
}

func TestAPayerStaysAtTheDomain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "https")
		s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
		s.own(s.business, ownHost)
		own := strings.Replace(s.origin(ownHost), "http:", "https:", 1)
		at := []string{"Host", strings.TrimPrefix(own, "https://"), "Origin", own}
		started := s.post("/sale", payer(), at...)
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
		if err := d.Get(t.Context(), &attempt, `SELECT id, host FROM attempts WHERE business_id = $1`, s.business.ID); err != nil || attempt.Host != ownHost {
			t.Fatalf("%+v, %v", attempt, err)
		}
		var back string
		if err := d.Get(t.Context(), &back, `SELECT return_url FROM sandbox_payments`); err != nil || back != own+"/pay/"+attempt.ID {
			t.Errorf("the checkout leads back to %s, %v", back, err)
		}
		if got := s.get("/pay/"+attempt.ID, at[:2]...); got.StatusCode != 200 {
			t.Errorf("the status at the domain: %d", got.StatusCode)
		}
		for origin, fine := range map[string]bool{own: true, strings.Replace(s.url, "http:", "https:", 1): false, "https://evil.example": false, "null": false} {
			got := s.post("/sale", url.Values{"name": {"x"}}, "Host", at[1], "Origin", origin)
			if (got.StatusCode == http.StatusForbidden) == fine {
				t.Errorf("a form from %s: %d", origin, got.StatusCode)
			}
		}
		// A business's own domain proves nothing at the installation.
		if got := s.post("/acme/sale", payer(), "Origin", own); got.StatusCode != http.StatusForbidden {
			t.Errorf("a form that the domain sends to the installation: %d", got.StatusCode)
		}
	})
}

func TestWhatIsAnothersIsNotAtTheDomain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		s.mustLink(link.Fields{Name: "Sale", Path: "sale"})
		zenith := businesstest.Make(t, d, "zenith")
		s.own(s.business, ownHost)
		s.own(zenith, "pay.zenith.example")
		if got := s.post("/acme/sale", payer()); got.StatusCode != http.StatusSeeOther {
			t.Fatal(got.StatusCode)
		}
		var id string
		if err := d.Get(t.Context(), &id, `SELECT id FROM attempts WHERE business_id = $1`, s.business.ID); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/pay/" + id, "/pay/" + id + "/status", "/images/" + string(s.business.ID) + "/look.css", "/sale", "/acme", "/acme/sale"} {
			if got := s.get(path, "Host", "pay.zenith.example"); got.StatusCode != 404 || got.has("Sale") {
				t.Errorf("%s at another's domain: %d", path, got.StatusCode)
			}
		}
		if got := s.get("/images/"+string(s.business.ID)+"/look.css", "Host", ownHost); got.StatusCode != 200 {
			t.Errorf("its own stylesheet: %d", got.StatusCode)
		}
		if got := s.post("/zenith", payer(), "Host", ownHost); got.StatusCode != 404 {
			t.Errorf("another business's page at the domain: %d", got.StatusCode)
		}
	})
}

func TestAnUnprovenLinkDomainIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := mustSite(t, d, "http")
		zenith := businesstest.Make(t, d, "zenith")
		s.own(zenith, "pay.zenith.example")
		if _, err := s.domains.Claim(t.Context(), s.business.ID, ownHost); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{ownHost, "pay.zenith.example", "evil.example", "127.0.0.1"} {
			if _, err := s.links.Create(t.Context(), s.business, link.Fields{Name: "X", Amount: eur(100), Domain: name}); err == nil || !strings.Contains(err.Error(), "domain") {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
