package public

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/maypok86/otter/v2"

	"smartlinks/internal/business"
	"smartlinks/internal/money"
	"smartlinks/internal/web/ui/i18n"
)

// tongue chooses languages. Browsers send few different wishes, and reading one
// costs more than the rest of a cached page, so the choices are kept.
type tongue struct {
	catalogue *i18n.Catalogue
	texts     map[string]i18n.Texts
	chosen    *otter.Cache[wish, string]
}

// wish is what the choice depends on: ?lang=, Accept-Language, and the locale
// of the business.
type wish struct{ chosen, header, locale string }

// keptWishes and maxWish bound what strangers can make the server remember.
const (
	keptWishes = 2_000
	maxWish    = 200
)

func newTongue(c *i18n.Catalogue) *tongue {
	t := &tongue{catalogue: c, texts: map[string]i18n.Texts{}, chosen: otter.Must(&otter.Options[wish, string]{MaximumSize: keptWishes})}
	for _, l := range c.Languages() {
		t.texts[l.Code] = c.For(l.Code)
	}
	return t
}

// texts are the texts in the payer's language.
func (p *Public) texts(r *http.Request, b *business.Business) i18n.Texts {
	w := wish{header: r.Header.Get("Accept-Language")}
	if strings.Contains(r.URL.RawQuery, "lang=") {
		w.chosen = r.URL.Query().Get("lang")
	}
	if b != nil {
		w.locale = b.Locale
	}
	return p.tongue.choose(w)
}

func (t *tongue) choose(w wish) i18n.Texts {
	if len(w.chosen)+len(w.header) > maxWish {
		w.chosen, w.header = "", ""
	}
	code, known := t.chosen.GetIfPresent(w)
	if !known {
		code = t.catalogue.Match(w.chosen, w.header, w.locale)
		t.chosen.Set(w, code)
	}
	return t.texts[code]
}

// languageLink is an entry of the language switch.
type languageLink struct {
	i18n.Language
	Href    string
	Current bool
}

// languageLinks are empty while there is no choice. They hold nothing about the
// visitor, because the page is shared.
func (t *tongue) languageLinks(now i18n.Texts) []languageLink {
	all := t.catalogue.Languages()
	if len(all) < 2 {
		return nil
	}
	links := make([]languageLink, len(all))
	for i, l := range all {
		links[i] = languageLink{Language: l, Href: "?lang=" + url.QueryEscape(l.Code), Current: l.Code == now.Lang()}
	}
	return links
}

// Marks that keep an amount in one piece within a sentence that is written from
// right to left (Unicode's LRI and PDI).
const (
	isolate = "\u2066"
	release = "\u2069"
)

// sum writes an amount for a sentence.
func sum(t i18n.Texts, a money.Amount) string {
	if t.Dir() == "rtl" {
		return isolate + a.Format(t.Lang()) + release
	}
	return a.Format(t.Lang())
}
