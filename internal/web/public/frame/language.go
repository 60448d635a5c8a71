package frame

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

// localizers choose languages. Browsers send few different wishes, and reading one
// costs more than the rest of a cached page, so the choices are kept.
type localizers struct {
	catalogue *i18n.Catalogue
	byCode    map[string]i18n.Localizer
	matched   cache.Cache[preference, string]
}

// preference is what the choice depends on: ?lang=, Accept-Language, and the locale
// of the business.
type preference struct{ chosen, header, locale string }

// keptPreferences and maxPreference bound what strangers can make the server remember.
const (
	keptPreferences = 2_000
	maxPreference   = 200
)

func newLocalizers(c *i18n.Catalogue) *localizers {
	t := &localizers{catalogue: c, byCode: map[string]i18n.Localizer{}, matched: cache.New[preference, string](keptPreferences)}
	for _, l := range i18n.Languages() {
		t.byCode[l.Code] = c.For(l.Code)
	}
	return t
}

// The names by which a form says its language: of the button that switches it,
// and of the one that it was switched to before.
const (
	SwitchField   = "lang"
	LanguageField = "language"
)

// Localizer has the texts in the payer's language.
func (p *Base) Localizer(r *http.Request, b *business.Business) i18n.Localizer {
	return p.LocalizerIn(r, b, "")
}

// LocalizerIn is localizer for somebody whose language is known: it yields only to
// their choice.
func (p *Base) LocalizerIn(r *http.Request, b *business.Business, known string) i18n.Localizer {
	w := preference{chosen: chosenLanguage(r), header: r.Header.Get("Accept-Language")}
	if w.chosen == "" {
		w.chosen = known
	}
	if b != nil {
		w.locale = b.Locale
	}
	return p.localizers.choose(w)
}

// chosenLanguage is what the form or the URL asks for.
func chosenLanguage(r *http.Request) string {
	for _, name := range []string{SwitchField, LanguageField} {
		if code := r.PostForm.Get(name); code != "" {
			return code
		}
	}
	if strings.Contains(r.URL.RawQuery, "lang=") {
		return r.URL.Query().Get("lang")
	}
	return ""
}

func (t *localizers) choose(w preference) i18n.Localizer {
	if len(w.chosen)+len(w.header) > maxPreference {
		w.chosen, w.header = "", ""
	}
	code, known := t.matched.Get(w)
	if !known {
		code = t.catalogue.Match(w.chosen, w.header, w.locale)
		t.matched.Put(w, code)
	}
	return t.byCode[code]
}

// languageLink is an entry of the language switch.
type languageLink struct {
	i18n.Language
	Href    string
	Current bool
}

// languageLinks lead to the same page in the other languages, with the query
// that it was asked with; "" on a page that is shared.
func (t *localizers) languageLinks(now i18n.Localizer, query url.Values) []languageLink {
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

// Sum writes an amount for a sentence.
func Sum(t i18n.Localizer, a money.Amount) string { return a.Format(t.Lang()) }

// OwnLocalizer has the texts in the business's language: of what is made for others than
// who asks.
func (p *Base) OwnLocalizer(b business.Business) i18n.Localizer {
	return p.localizers.choose(preference{locale: b.Locale})
}
