package public_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public/publictest"
)

func TestAWrongFormComesBackAsItWasTyped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		page := s.Business.Page
		page.Min, page.Max = publictest.EUR(500), publictest.EUR(10000)
		if _, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{Page: &page}); err != nil {
			t.Fatal(err)
		}
		s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
		s.MustLink(link.Fields{Name: "Gift", Path: "gift", PayerAmount: &link.Range{Min: *publictest.EUR(1000), Max: *publictest.EUR(20000)}})
		long := strings.Repeat("x", 10_000)
		for _, c := range []struct {
			path  string
			form  url.Values
			words []string
		}{
			{"/acme/sale", url.Values{"name": {""}, "email": {"jonas@example"}}, []string{"Check the 2 marked fields", "Enter your full name.", "looks incomplete", `value="jonas@example"`}},
			{"/acme/sale", url.Values{"name": {`<b>"Jo"`}, "email": {""}}, []string{"Check the marked field ", "Enter your email address.", `value="&lt;b&gt;&#34;Jo&#34;"`}},
			{"/acme/sale", url.Values{"name": {long}, "email": {"jo@example.com"}}, []string{"This is too long.", long}},
			{"/acme/sale", url.Values{"name": {"Jo\x00"}, "email": {"jo@example.com"}}, []string{"cannot be shown"}},
			{"/acme", url.Values{"name": {"Jo"}, "email": {"jo@example.com"}, "amount": {"1,500"}, "notes": {"my\nnote"}}, []string{"This can be read in two ways. Leave out separators for thousands and write it like 12.50.", `value="1,500"`, "my\nnote</textarea>"}},
			{"/acme", url.Values{"name": {"Jo"}, "email": {"jo@example.com"}, "amount": {"4.99"}}, []string{"Between €5.00 and €100.00.", `value="4.99"`}},
			{"/acme", url.Values{"name": {"Jo"}, "email": {"jo@example.com"}}, []string{"Enter an amount"}},
			{"/acme/gift", url.Values{"name": {"Jo"}, "email": {"jo@example.com"}, "amount": {"500"}}, []string{"Between €10.00 and €200.00.", `value="500"`}},
		} {
			got := s.Post(c.path, c.form)
			if got.StatusCode != http.StatusUnprocessableEntity {
				t.Errorf("%v: %d", c.form, got.StatusCode)
			}
			for _, words := range append(c.words, `role="alert"`, `aria-invalid="true"`) {
				if !got.Has(words) {
					t.Errorf("%.80v: %.60q is missing in\n%.6000s", c.form, words, got.Body)
				}
			}
			if n := strings.Count(got.Body, " autofocus"); n != 1 {
				t.Errorf("%.80v: %d fields have the focus", c.form, n)
			}
			if got.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("what somebody typed may be kept: %q", got.Header.Get("Cache-Control"))
			}
		}
		var attempts int
		if err := d.Get(t.Context(), &attempts, `SELECT COUNT(*) FROM attempts`); err != nil || attempts != 0 {
			t.Errorf("%d attempts, %v", attempts, err)
		}
	})
}

// A name that shows nothing is none, wherever it would be read later.
func TestANameOfInvisibleCharactersIsMissing(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	for name, want := range map[string]int{"\u200b\u202e\u2066": http.StatusUnprocessableEntity, "\u3164 \u2800": http.StatusUnprocessableEntity, "\u202eAmara\u202c": http.StatusSeeOther} {
		form := publictest.Payer()
		form.Set("name", name)
		if got := s.Post("/acme/sale", form); got.StatusCode != want {
			t.Errorf("%q: %d", name, got.StatusCode)
		}
	}
	var kept string
	if err := s.DB.Get(t.Context(), &kept, `SELECT payer_name FROM attempts`); err != nil || kept != "Amara" {
		t.Errorf("the receipt will say %q, %v", kept, err)
	}
}

func TestAPageIsFilledInByItsURL(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	got := s.Get("/acme?amount=12.50&name=Jo%20L&email=jo%40example.com&notes=For%20%3CMay%3E")
	for _, words := range []string{`value="12.50"`, `value="Jo L"`, `value="jo@example.com"`, "For &lt;May&gt;</textarea>"} {
		if !got.Has(words) {
			t.Errorf("%q is missing", words)
		}
	}
	if s.Get("/acme/sale?name=Jo%20L"); s.Get("/acme/sale").Has("Jo L") {
		t.Error("the next visitor sees what was filled in for the one before")
	}
	if s.Get("/acme/sale?amount=1").Has("€1.00") || !s.Get("/acme/sale?amount=1").Has("Pay €89.00") {
		t.Error("the URL changes a fixed price")
	}
}

func TestALinkBorrowsThePagesDescription(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	page := s.Business.Page
	page.Description, page.Min = "All prices include VAT.", publictest.EUR(500)
	if _, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{Page: &page}); err != nil {
		t.Fatal(err)
	}
	s.MustLink(link.Fields{Name: "Bare", Path: "bare", Amount: publictest.EUR(100)})
	s.MustLink(link.Fields{Name: "Own", Path: "own", Description: "With lunch."})
	if got := s.Get("/acme/bare"); !got.Has("All prices include VAT.") || got.Has("At least") {
		t.Error(got.Body)
	}
	if got := s.Get("/acme/own"); !got.Has("With lunch.") || got.Has("include VAT") {
		t.Error(got.Body)
	}
	// What is sold is no business of the page's, so the receipt has the link's own alone.
	for path, want := range map[string]string{"bare": "", "own": "With lunch."} {
		var kept string
		if got := s.Post("/acme/"+path, publictest.Payer()); got.StatusCode != http.StatusSeeOther {
			t.Errorf("pay %s: %d", path, got.StatusCode)
		}
		if err := s.DB.Get(t.Context(), &kept, `SELECT a.description FROM attempts a JOIN links l ON l.id = a.link_id WHERE l.path = $1`, path); err != nil || kept != want {
			t.Errorf("the receipt of %s will say %q, %v", path, kept, err)
		}
	}
}

// All questions can be answered at length in any script, which browsers send as six bytes a
// letter. One that is too long comes back with what was typed; what no form can be is refused.
func TestALongFormIsReadAndAHugeOneRefused(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	var rules checkout.Rules
	form := publictest.Payer()
	for i := range 10 {
		key := fmt.Sprintf("story_%d", i)
		rules.Questions = append(rules.Questions, checkout.Question{Key: key, Label: "Story", Type: checkout.LongText})
		form.Set(key, strings.Repeat("م", 2000))
	}
	s.MustLink(link.Fields{Name: "Sale", Path: "sale", Checkout: rules})
	if got := s.Post("/acme/sale", form); got.StatusCode != http.StatusSeeOther {
		t.Errorf("as long as can be: %d", got.StatusCode)
	}
	form.Set("story_0", strings.Repeat("x", 100<<10))
	if got := s.Post("/acme/sale", form); got.StatusCode != http.StatusUnprocessableEntity || !got.Has(form.Get("email")) || !got.Has(form.Get("story_0")) {
		t.Errorf("too long: %d", got.StatusCode)
	}
	form.Set("story_0", strings.Repeat("x", 600<<10))
	if got := s.Post("/acme/sale", form); got.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("huge: %d", got.StatusCode)
	}
}

func TestQRCodesSaySizesThatTheyTake(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	for _, size := range []string{"63", "2001", "-1", "x", "1e3", "99999999999999999999"} {
		got := s.Get("/acme/sale/qr.png?size=" + size)
		if got.StatusCode != http.StatusUnprocessableEntity || !got.Has("between 64 and 2000") {
			t.Errorf("%s: %d %q", size, got.StatusCode, got.Body)
		}
	}
	for path, kind := range map[string]string{"qr.png?size=64": "image/png", "qr.png": "image/png", "qr.svg": "image/svg+xml", "qr.pdf": "application/pdf"} {
		got := s.Get("/acme/sale/" + path)
		if got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != kind {
			t.Errorf("%s: %d %s", path, got.StatusCode, got.Header.Get("Content-Type"))
		}
		if logo := s.Get("/acme/sale/" + path[:6] + "?logo=1"); logo.StatusCode != http.StatusOK || logo.Body == got.Body || logo.Header.Get("ETag") == got.Header.Get("ETag") {
			t.Errorf("%s with a logo: %d", path, logo.StatusCode)
		}
		name := fmt.Sprintf(`inline; filename="acme-sale.%s"`, path[3:6])
		if got.Header.Get("Content-Disposition") != name {
			t.Errorf("%s: %q", path, got.Header.Get("Content-Disposition"))
		}
		if again := s.Get("/acme/sale/"+path, "If-None-Match", got.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			t.Errorf("%s again: %d", path, again.StatusCode)
		}
	}
}

func TestPostersComeInThreeSizesAndSixLanguages(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Sale 🎉", Path: "sale", Description: "On Saturday"})
	german := "de"
	if _, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{Locale: &german}); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, size := range []string{"a4", "a5", "A6"} {
		for _, lang := range i18n.Codes() {
			got := s.Get("/acme/sale/qr.pdf?size=" + size + "&lang=" + lang)
			if got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(got.Body, "%PDF-") {
				t.Errorf("%s in %s: %d", size, lang, got.StatusCode)
			}
			name := `inline; filename="acme-sale-` + strings.ToLower(size) + `.pdf"`
			if got.Header.Get("Content-Disposition") != name || seen[got.Body] {
				t.Errorf("%s in %s: %s, seen %v", size, lang, got.Header.Get("Content-Disposition"), seen[got.Body])
			}
			seen[got.Body] = true
		}
	}
	// It is for the business's customers, whatever the merchant's browser speaks.
	if got := s.Get("/acme/sale/qr.pdf?size=a5", "Accept-Language", "fr"); got.Body != s.Get("/acme/sale/qr.pdf?size=a5&lang=de").Body {
		t.Error("the poster is not in the language of the business")
	}
	if got := s.Get("/acme/sale/qr.pdf?size=a3"); got.StatusCode != http.StatusUnprocessableEntity || !got.Has("a4, a5 or a6") {
		t.Errorf("%d %s", got.StatusCode, got.Body)
	}
}

// Whoever pays what a page prints, in the digits of their language, pays it; and
// whoever is refused reads why, in theirs.
func TestAmountsAreTakenAsPayersTypeThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		for language, typed := range map[string]string{
			"en": "€25.50", "nl": "€\u00a025,50", "de": "25,50\u00a0€", "fr": "25,50\u202f€", "es": "25,50 EUR", "ar": "\u200f٢٥٫٥٠\u00a0€",
		} {
			payer := url.Values{"name": {"Jo"}, "email": {language + "@example.com"}, "amount": {typed}}
			if got := s.Post("/acme?lang="+language, payer); got.StatusCode != http.StatusSeeOther {
				t.Errorf("%s: %q answers %d", language, typed, got.StatusCode)
			}
		}
		var n int
		if err := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM attempts WHERE amount_minor = 2550`); err != nil || n != 6 {
			t.Errorf("%d attempts over 25.50: %v", n, err)
		}
		for language, words := range map[string][2]string{
			"en": {"in two ways", "Write the amount in EUR"}, "nl": {"twee manieren", "Schrijf het bedrag in EUR"}, "de": {"zwei Arten", "den Betrag in EUR"},
			"fr": {"deux façons", "le montant en EUR"}, "es": {"dos maneras", "el importe en EUR"}, "ar": {"بطريقتين", "اكتب المبلغ بعملة"},
		} {
			for i, typed := range []string{"1.500", "$25"} {
				got := s.Post("/acme?lang="+language, url.Values{"name": {"Jo"}, "email": {"jo@example.com"}, "amount": {typed}})
				if got.StatusCode != http.StatusUnprocessableEntity || !got.Has(words[i]) {
					t.Errorf("%s: %q answers %d without %q", language, typed, got.StatusCode, words[i])
				}
			}
		}
	})
}
