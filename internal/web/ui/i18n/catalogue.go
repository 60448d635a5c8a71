// Package i18n holds the texts that payers read and finds them by language.
//
// One file per language (en.toml, …) lists every text under a key. A test
// makes sure that every language has every text.
package i18n

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

//go:embed *.toml
var files embed.FS

// Fallback is the language of every text that another language lacks.
const Fallback = "en"

// Codes are the languages that there are, in the order in which payers see
// them.
func Codes() []string { return []string{"en", "nl", "de", "fr", "es", "ar"} }

// Language is one a payer can choose.
type Language struct {
	Code string // BCP 47: "en", "ar"
	Name string // in the language itself: "English", "العربية"
	Dir  string // "ltr" or "rtl"
}

// Catalogue is the texts of all languages. It is read-only after Load and may
// be used by many requests at once.
type Catalogue struct {
	bundle    *goi18n.Bundle
	matcher   language.Matcher
	languages []Language
}

// Load reads the embedded files. It fails when a file cannot be parsed, which
// a test finds before anyone else does.
func Load() (*Catalogue, error) { return load() }

// load reads the files once: they are part of the program.
var load = sync.OnceValues(read)

func read() (*Catalogue, error) {
	bundle := goi18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	for _, code := range Codes() {
		if _, err := bundle.LoadMessageFileFS(files, code+".toml"); err != nil {
			return nil, fmt.Errorf("read texts in %s: %w", code, err)
		}
	}
	tags := bundle.LanguageTags()
	return &Catalogue{bundle: bundle, matcher: language.NewMatcher(tags), languages: describe(tags)}, nil
}

func describe(tags []language.Tag) []Language {
	languages := make([]Language, len(tags))
	for i, tag := range tags {
		languages[i] = Language{Code: tag.String(), Name: upperFirst(display.Self.Name(tag)), Dir: direction(tag)}
	}
	return languages
}

// upperFirst capitalises names that their language writes small, as a list
// shows them: "français" becomes "Français".
func upperFirst(name string) string {
	for i := range name {
		if i > 0 {
			return strings.ToUpper(name[:i]) + name[i:]
		}
	}
	return name
}

func direction(tag language.Tag) string {
	script, _ := tag.Script()
	if slices.Contains([]string{"Arab", "Hebr", "Thaa", "Syrc", "Nkoo"}, script.String()) {
		return "rtl"
	}
	return "ltr"
}

// Languages returns what payers can choose, English first.
func (c *Catalogue) Languages() []Language {
	return slices.Clone(c.languages)
}

// Match returns the code of the language that fits best. Preferences come in
// order of weight: a choice ("nl"), then a header Accept-Language, then the
// locale of the business. What cannot be read, or is only a distant relative
// of a language that there is, is passed over.
func (c *Catalogue) Match(preferences ...string) string {
	for _, preference := range preferences {
		wanted, _, err := language.ParseAcceptLanguage(preference)
		if err != nil || len(wanted) == 0 {
			continue
		}
		if _, index, confidence := c.matcher.Match(wanted...); confidence >= language.High {
			return c.languages[index].Code
		}
	}
	return Fallback
}

// For returns the texts in lang, or in English when lang is not known.
func (c *Catalogue) For(lang string) Texts {
	spoken := c.languages[0]
	for _, l := range c.languages {
		if l.Code == lang {
			spoken = l
		}
	}
	return Texts{language: spoken, localizer: goi18n.NewLocalizer(c.bundle, spoken.Code, Fallback)}
}
