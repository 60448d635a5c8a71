package public_test

import (
	"html"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
)

// tag is the content of a meta element.
func (p page) tag(name string) string {
	found := regexp.MustCompile(`<meta (?:property|name)="` + regexp.QuoteMeta(name) + `" content="([^"]*)"`).FindStringSubmatch(p.body)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

func TestMessengersGetTitleTextAndPicture(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: `Tea & "cake"`, Path: "tea", Description: "With lunch."})
	s.mustLink(link.Fields{Name: "Bare", Path: "bare"})
	if _, err := s.products.Create(t.Context(), s.business, product.Fields{Name: "Print A3", Price: *eur(4500), Active: true}); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][3]string{
		"/acme/tea":            {`Tea & "cake"`, "With lunch.", "website"},
		"/acme/bare":           {"Bare", "Pay €89.00 to Business acme.", "website"},
		"/acme":                {"Business acme", "Pay Business acme the amount you choose.", "website"},
		"/acme/shop/print-a3":  {"Print A3", "Pay €45.00 to Business acme.", "product"},
		"/acme/bare?lang=de":   {"Bare", "89,00\u00a0€ an Business acme bezahlen.", "website"},
		"/acme/bare?name=Anna": {"Bare", "Pay €89.00 to Business acme.", "website"},
	} {
		got := s.get(path)
		if got.tag("og:title") != want[0] || got.tag("og:description") != want[1] || got.tag("og:type") != want[2] {
			t.Errorf("%s: %q, %q, %q", path, got.tag("og:title"), got.tag("og:description"), got.tag("og:type"))
		}
		if own, _, _ := strings.Cut(path, "?"); got.tag("og:url") != s.url+own || got.tag("twitter:card") != "summary_large_image" {
			t.Errorf("%s is told to be at %q, shown as %q", path, got.tag("og:url"), got.tag("twitter:card"))
		}
		card, err := url.Parse(got.tag("og:image"))
		if err != nil {
			t.Fatal(err)
		}
		answer := s.get(card.RequestURI())
		img, err := png.Decode(strings.NewReader(answer.body))
		if err != nil || img.Bounds().Dx() != 1200 || img.Bounds().Dy() != 630 || len(answer.body) > 300<<10 {
			t.Errorf("%s: %d bytes, %v", card, len(answer.body), err)
		}
		if !strings.Contains(answer.Header.Get("Cache-Control"), "immutable") || answer.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
			t.Errorf("%s: %v", card, answer.Header)
		}
	}
}

// Messengers remember a picture by its address.
func TestTheCardHasANewAddressWhenTheLinkChanges(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	l := s.mustLink(link.Fields{Name: "Tea", Path: "tea"})
	before := s.get("/acme/tea").tag("og:image")
	if _, err := s.links.Edit(t.Context(), s.business, l.ID, 0, func(f *link.Fields) { f.Amount = eur(100) }); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a new address", func() bool { return s.get("/acme/tea").tag("og:image") != before })
	between := s.get("/acme/tea").tag("og:image")
	color := "#AA0000"
	if _, err := s.businesses.Update(t.Context(), s.business.ID, 0, business.Patch{BrandColor: &color}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "another one", func() bool { return s.get("/acme/tea").tag("og:image") != between })
}

func TestWhatCannotBeOpenedHasNoCard(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Secret name", Path: "off"}, off)
	for _, path := range []string{"/acme/off/card.png", "/acme/none/card.png", "/acme/shop/none/card.png", "/nobody/card.png"} {
		if got := s.get(path); got.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.StatusCode)
		}
	}
}

func TestSearchEnginesReadTheProduct(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	if _, err := s.products.Create(t.Context(), s.business, product.Fields{Name: "Print A3", Price: *eur(4500), Active: true}); err != nil {
		t.Fatal(err)
	}
	got := s.get("/acme/shop/print-a3")
	for _, words := range []string{
		`itemscope itemtype="https://schema.org/Product"`, `itemprop="name">Print A3`, `itemtype="https://schema.org/Offer"`,
		`itemprop="price" content="45.00"`, `itemprop="priceCurrency" content="EUR"`, `href="https://schema.org/InStock"`,
		`itemprop="url" href="` + s.url + `/acme/shop/print-a3"`, `itemprop="image"`,
	} {
		if !got.has(words) {
			t.Errorf("%q is missing in\n%s", words, got.body)
		}
	}
	if s.mustLink(link.Fields{Name: "Tea", Path: "tea"}); s.get("/acme/tea").has("itemscope") {
		t.Error("an amount is called a product")
	}
}

func TestSearchEnginesLeaveAloneWhatIsForOne(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Campaign", Path: "campaign"})
	s.mustLink(link.Fields{Name: "Invoice", Path: "invoice", Limit: link.Limit{Kind: link.Once}})
	for path, open := range map[string]bool{"/acme": true, "/acme/shop": true, "/acme/campaign": true, "/acme/invoice": false, "/acme/none": false} {
		if got := s.get(path); got.has(`name="robots" content="noindex"`) == open {
			t.Errorf("%s: open to search engines is %v", path, !open)
		}
	}
}

func TestAmountsAreFilledInAsPayersTypeThem(t *testing.T) {
	s := mustSite(t, dbtest.SQLite(t), "http")
	s.mustLink(link.Fields{Name: "Gift", Path: "gift", PayerAmount: &link.Range{Min: *eur(1000), Max: *eur(20000), Suggested: []money.Amount{*eur(5000)}}})
	for lang, want := range map[string]string{"nl": `value="89,00"`, "de": `value="50,00"`, "en": `value="89.00"`, "ar": `value="50.00"`} {
		if got := s.get("/acme/gift?lang=" + lang); !got.has(want) {
			t.Errorf("%s: %s is missing", lang, want)
		}
	}
	form := payer()
	form.Set("amount", "89,00")
	if got := s.post("/acme/gift?lang=nl", form); got.StatusCode != http.StatusSeeOther {
		t.Errorf("what the page fills in is refused: %d", got.StatusCode)
	}
}
