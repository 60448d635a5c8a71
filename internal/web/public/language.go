package public

import (
	"maps"
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/cache"
	"smartlinks/internal/i18n"
	"smartlinks/internal/money"
)

// tongue chooses languages. Browsers send few different wishes, and reading one
// costs more than the rest of a cached page, so the choices are kept.
type tongue struct {
	catalogue *i18n.Catalogue
	texts     map[string]i18n.Localizer
	chosen    *cache.Cache[wish, string]
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
	t := &tongue{catalogue: c, texts: map[string]i18n.Localizer{}, chosen: cache.New[wish, string](keptWishes)}
	for _, l := range i18n.Languages() {
		t.texts[l.Code] = c.For(l.Code)
	}
	return t
}

// The names by which a form says its language: of the button that switches it,
// and of the one that it was switched to before.
const (
	switchField   = "lang"
	languageField = "language"
)

// texts are the texts in the payer's language.
func (p *Public) texts(r *http.Request, b *business.Business) i18n.Localizer {
	return p.textsIn(r, b, "")
}

// textsIn is texts for somebody whose language is known: it yields only to
// their choice.
func (p *Public) textsIn(r *http.Request, b *business.Business, known string) i18n.Localizer {
	w := wish{chosen: chosenLanguage(r), header: r.Header.Get("Accept-Language")}
	if w.chosen == "" {
		w.chosen = known
	}
	if b != nil {
		w.locale = b.Locale
	}
	return p.tongue.choose(w)
}

// chosenLanguage is what the form or the URL asks for.
func chosenLanguage(r *http.Request) string {
	for _, name := range []string{switchField, languageField} {
		if code := r.PostForm.Get(name); code != "" {
			return code
		}
	}
	if strings.Contains(r.URL.RawQuery, "lang=") {
		return r.URL.Query().Get("lang")
	}
	return ""
}

func (t *tongue) choose(w wish) i18n.Localizer {
	if len(w.chosen)+len(w.header) > maxWish {
		w.chosen, w.header = "", ""
	}
	code, known := t.chosen.Get(w)
	if !known {
		code = t.catalogue.Match(w.chosen, w.header, w.locale)
		t.chosen.Put(w, code)
	}
	return t.texts[code]
}

// languageLink is an entry of the language switch.
type languageLink struct {
	i18n.Language
	Href    string
	Current bool
}

// languageLinks lead to the same page in the other languages, with the query
// that it was asked with; "" on a page that is shared.
func (t *tongue) languageLinks(now i18n.Localizer, query url.Values) []languageLink {
	all := i18n.Languages()
	links := make([]languageLink, len(all))
	for i, l := range all {
		links[i] = languageLink{Language: l, Href: "?" + withLanguage(query, l.Code), Current: l.Code == now.Lang()}
	}
	return links
}

func withLanguage(query url.Values, code string) string {
	changed := url.Values{}
	maps.Copy(changed, query)
	changed.Set("lang", code)
	return changed.Encode()
}

// sum writes an amount for a sentence.
func sum(t i18n.Localizer, a money.Amount) string { return a.Format(t.Lang()) }
