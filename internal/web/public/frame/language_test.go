package frame_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public/publictest"
)

func TestThePageSpeaksTheLanguageOfThePayer(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Sale", Path: "sale", Amount: publictest.EUR(123450)})
	dutch := "nl"
	if _, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{Locale: &dutch}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, accepts, html, button string }{
		{"/acme/sale", "", `<html lang="nl" dir="ltr">`, "€\u00a01.234,50 betalen"},
		{"/acme/sale", "de-AT,en;q=0.7", `<html lang="de" dir="ltr">`, "1.234,50\u00a0€ bezahlen"},
		{"/acme/sale", "pl", `<html lang="nl" dir="ltr">`, "€\u00a01.234,50 betalen"},
		{"/acme/sale?lang=fr", "de", `<html lang="fr" dir="ltr">`, "Payer 1\u202f234,50\u00a0€"},
		{"/acme/sale?lang=es&via=qr", "de", `<html lang="es" dir="ltr">`, "Pagar 1234,50\u00a0€"},
		{"/acme/sale?lang=ar", "de", `<html lang="ar" dir="rtl">`, "ادفع \u2068\u200f1,234.50\u00a0€\u2069"},
		{"/acme/sale?lang=xx", "en", `<html lang="en" dir="ltr">`, "Pay €1,234.50"},
		{"/acme/nothing", "fr", `<html lang="fr" dir="ltr">`, "Page introuvable"},
		{"/acme/shop?lang=ar", "", `<html lang="ar" dir="rtl">`, "متجر"},
	} {
		got := s.Get(c.path, "Accept-Language", c.accepts)
		if !got.Has(c.html) || !got.Has(c.button) {
			t.Errorf("%s in %q lacks %s or %q:\n%.3000s", c.path, c.accepts, c.html, c.button, got.Body)
		}
	}
}

// A sentence of ours is read as its page is, also where a name in another script begins it;
// what the merchant wrote is read by its own letters.
func TestANameDoesNotTurnASentenceRound(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	name, ended := "مقهى", s.DB.Clock().Now().Add(time.Hour)
	b, err := s.Businesses.Update(t.Context(), s.Business.ID, 0, business.Patch{Name: &name})
	if err != nil {
		t.Fatal(err)
	}
	paused := s.MustLink(link.Fields{Name: "ورشة", Path: "paused", Amount: publictest.EUR(123450)})
	s.MustLink(link.Fields{Name: "ورشة", Path: "ended", Amount: publictest.EUR(123450), EndsAt: &ended, WhenClosed: link.WhenClosed{Message: "نعود قريبًا"}})
	if _, err := s.Links.SetActive(t.Context(), b, paused.ID, false); err != nil {
		t.Fatal(err)
	}
	s.DB.Clock().SetOffset(2 * time.Hour)
	for path, words := range map[string]string{
		"/acme/paused?lang=en": `<p class="state-text">مقهى isn’t taking payments`,
		"/acme/ended?lang=en":  `<p class="state-text" dir="auto">نعود قريبًا</p><p class="prose">`,
	} {
		if got := s.Get(path); !got.Has(words) {
			t.Errorf("%q is missing in\n%s", words, got.Body)
		}
	}
}

// Whoever switches the language has filled in half of the form by then.
func TestSwitchingTheLanguageKeepsWhatIsTyped(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		typed := url.Values{"name": {"Jonas"}, "email": {"jonas@"}, "amount": {"12,5"}, "notes": {"For May"}, "lang": {"nl"}}
		got := s.Post("/acme?via=qr", typed)
		if got.StatusCode != http.StatusOK || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d, %s", got.StatusCode, got.Header.Get("Cache-Control"))
		}
		for _, words := range []string{
			`lang="nl"`, "Verder naar betalen", `value="Jonas"`, `value="jonas@"`, `value="12,5"`, "For May</textarea>",
			`name="language" value="nl"`,
		} {
			if !got.Has(words) {
				t.Errorf("%q is missing in\n%s", words, got.Body)
			}
		}
		if got.Has(`aria-invalid`) {
			t.Error("a form that isn't sent yet is called wrong")
		}
		typed.Del("lang")
		typed.Set("language", "nl")
		if got := s.Post("/acme?via=qr", typed); got.StatusCode != http.StatusUnprocessableEntity || !got.Has("Dit adres lijkt niet compleet") {
			t.Errorf("the form forgets its language: %d", got.StatusCode)
		}
	})
}

// A page without a form leads to itself in other languages, with its query.
func TestSwitchingTheLanguageKeepsTheQuery(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	got := s.Get("/acme/shop?after=&utm_source=news&lang=de")
	if !got.Has(`href="?after=&amp;lang=nl&amp;utm_source=news"`) {
		t.Errorf("%.3000s", got.Body)
	}
}

func TestAPaymentStaysInTheLanguageItWasMadeIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := publictest.MustSite(t, d, "http")
		s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
		form := publictest.Payer()
		form.Set("language", "fr")
		b := s.Browser()
		checkout := b.Post("/acme/sale", form).Header.Get("Location")
		u, err := url.Parse(checkout)
		if err != nil {
			t.Fatal(err)
		}
		back := s.Post(u.Path, url.Values{"outcome": {"paid"}}).Header.Get("Location")
		if u, err = url.Parse(back); err != nil {
			t.Fatal(err)
		}
		for path, words := range map[string]string{u.Path: "Merci, Jonas", u.Path + "/receipt": "Reçu TEST-", u.Path + "?lang=de": "Vielen Dank, Jonas"} {
			if got := b.Get(path); !got.Has(words) {
				t.Errorf("%s lacks %q:\n%.3000s", path, words, got.Body)
			}
		}
	})
}

// No page may be drawn with a text that a language lacks.
func TestEveryStateIsDrawnInEveryLanguage(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	s.MustLink(link.Fields{Name: "Off", Path: "off"}, publictest.Off)
	for _, code := range i18n.Codes() {
		for _, path := range []string{"/acme", "/acme/shop", "/acme/off", "/acme/nothing", "/nobody"} {
			got := s.Get(path, "Accept-Language", code)
			if !got.Has(`<html lang="`+code+`"`) || strings.Contains(got.Body, "{{") || strings.Contains(got.Body, "&lt;no value") {
				t.Errorf("%s in %s:\n%.2000s", path, code, got.Body)
			}
		}
	}
}
