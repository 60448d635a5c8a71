package drawing_test

import (
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/web/public/publictest"
)

func TestMessengersGetTitleTextAndPicture(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: `Tea & "cake"`, Path: "tea", Description: "With lunch."})
	s.MustLink(link.Fields{Name: "Bare", Path: "bare"})
	if _, err := s.Products.Create(t.Context(), s.Business, product.Fields{Name: "Print A3", Price: *publictest.EUR(4500), Active: true}); err != nil {
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
		got := s.Get(path)
		if got.Tag("og:title") != want[0] || got.Tag("og:description") != want[1] || got.Tag("og:type") != want[2] {
			t.Errorf("%s: %q, %q, %q", path, got.Tag("og:title"), got.Tag("og:description"), got.Tag("og:type"))
		}
		if own, _, _ := strings.Cut(path, "?"); got.Tag("og:url") != s.URL+own || got.Tag("twitter:card") != "summary_large_image" {
			t.Errorf("%s is told to be at %q, shown as %q", path, got.Tag("og:url"), got.Tag("twitter:card"))
		}
		card, err := url.Parse(got.Tag("og:image"))
		if err != nil {
			t.Fatal(err)
		}
		answer := s.Get(card.RequestURI())
		img, err := png.Decode(strings.NewReader(answer.Body))
		if err != nil || img.Bounds().Dx() != 1200 || img.Bounds().Dy() != 630 || len(answer.Body) > 300<<10 {
			t.Errorf("%s: %d bytes, %v", card, len(answer.Body), err)
		}
		if !strings.Contains(answer.Header.Get("Cache-Control"), "immutable") || answer.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
			t.Errorf("%s: %v", card, answer.Header)
		}
	}
}

// Messengers remember a picture by its address.
func TestTheCardHasANewAddressWhenTheLinkChanges(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	l := s.MustLink(link.Fields{Name: "Tea", Path: "tea"})
	before := s.Get("/acme/tea").Tag("og:image")
	if _, err := s.Links.Edit(t.Context(), s.Business, l.ID, 0, func(f *link.Fields) { f.Amount = publictest.EUR(100) }); err != nil {
		t.Fatal(err)
	}
	publictest.Eventually(t, "a new address", func() bool { return s.Get("/acme/tea").Tag("og:image") != before })
	between := s.Get("/acme/tea").Tag("og:image")
	color := "#AA0000"
	if _, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{BrandColor: &color}); err != nil {
		t.Fatal(err)
	}
	publictest.Eventually(t, "another one", func() bool { return s.Get("/acme/tea").Tag("og:image") != between })
}

func TestWhatCannotBeOpenedHasNoCard(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Secret name", Path: "off"}, publictest.Off)
	for _, path := range []string{"/acme/off/card.png", "/acme/none/card.png", "/acme/shop/none/card.png", "/nobody/card.png"} {
		if got := s.Get(path); got.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.StatusCode)
		}
	}
}

func TestSearchEnginesReadTheProduct(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	if _, err := s.Products.Create(t.Context(), s.Business, product.Fields{Name: "Print A3", Price: *publictest.EUR(4500), Active: true}); err != nil {
		t.Fatal(err)
	}
	got := s.Get("/acme/shop/print-a3")
	for _, words := range []string{
		`itemscope itemtype="https://schema.org/Product"`, `itemprop="name">Print A3`, `itemtype="https://schema.org/Offer"`,
		`itemprop="price" content="45.00"`, `itemprop="priceCurrency" content="EUR"`, `href="https://schema.org/InStock"`,
		`itemprop="url" href="` + s.URL + `/acme/shop/print-a3"`, `itemprop="image"`,
	} {
		if !got.Has(words) {
			t.Errorf("%q is missing in\n%s", words, got.Body)
		}
	}
	if s.MustLink(link.Fields{Name: "Tea", Path: "tea"}); s.Get("/acme/tea").Has("itemscope") {
		t.Error("an amount is called a product")
	}
}

func TestSearchEnginesLeaveAloneWhatIsForOne(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Campaign", Path: "campaign"})
	s.MustLink(link.Fields{Name: "Invoice", Path: "invoice", Limit: link.Limit{Kind: link.Once}})
	for path, open := range map[string]bool{"/acme": true, "/acme/shop": true, "/acme/campaign": true, "/acme/invoice": false, "/acme/none": false} {
		if got := s.Get(path); got.Has(`name="robots" content="noindex"`) == open {
			t.Errorf("%s: open to search engines is %v", path, !open)
		}
	}
}

func TestAmountsAreFilledInAsPayersTypeThem(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Gift", Path: "gift", PayerAmount: &link.Range{Min: *publictest.EUR(1000), Max: *publictest.EUR(20000), Suggested: []money.Amount{*publictest.EUR(5000)}}})
	for lang, want := range map[string]string{"nl": `value="89,00"`, "de": `value="50,00"`, "en": `value="89.00"`, "ar": `value="50.00"`} {
		if got := s.Get("/acme/gift?lang=" + lang); !got.Has(want) {
			t.Errorf("%s: %s is missing", lang, want)
		}
	}
	form := publictest.Payer()
	form.Set("amount", "89,00")
	if got := s.Post("/acme/gift?lang=nl", form); got.StatusCode != http.StatusSeeOther {
		t.Errorf("what the page fills in is refused: %d", got.StatusCode)
	}
}
