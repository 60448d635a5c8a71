// Package i18n holds the texts that people read and finds them by language.
//
// What payers and recipients read is listed under keys, in one file per language (en.toml, …).
// What members read in the dashboard stands in English where it is used, and is translated by
// the files of the folder dashboard. Tests make sure that every language has every text.
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

// Codes are the languages of pages and messages, in the order in which people see them.
// Whatever else depends on the language takes them from here.
func Codes() []string { return []string{"en", "nl", "de", "fr", "es", "ar"} }

// Supported reports whether the code is one of those.
func Supported(code string) bool { return slices.Contains(Codes(), code) }

// Language is one that people can choose.
type Language struct {
	Code string // BCP 47: "en", "ar"
	Name string // in the language itself: "English", "العربية"
	Dir  string // "ltr" or "rtl"
}

// Catalogue is the payers' texts of all languages. It is read-only after Load and may
// be used by many requests at once.
type Catalogue struct{ bundle *goi18n.Bundle }

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
	return &Catalogue{bundle: bundle}, nil
}

// Languages describes the languages of Codes, in their order.
func Languages() []Language { return slices.Clone(languages()) }

var languages = sync.OnceValue(func() []Language {
	described := make([]Language, len(Codes()))
	for i, code := range Codes() {
		tag := language.Make(code)
		described[i] = Language{Code: code, Name: upperFirst(display.Self.Name(tag)), Dir: direction(tag)}
	}
	return described
})

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

// Match returns the code of the language that fits best. Preferences come in
// order of weight: a choice ("nl"), then a header Accept-Language, then the
// locale of the business. What cannot be read, or is only a distant relative
// of a language that there is, is passed over.
func (c *Catalogue) Match(preferences ...string) string { return Match(preferences...) }

// matcher knows the languages of Codes, in their order.
var matcher = sync.OnceValue(func() language.Matcher {
	tags := make([]language.Tag, len(Codes()))
	for i, code := range Codes() {
		tags[i] = language.Make(code)
	}
	return language.NewMatcher(tags)
})

// Match is Catalogue.Match for whoever needs no text of payers.
func Match(preferences ...string) string {
	for _, preference := range preferences {
		wanted, _, err := language.ParseAcceptLanguage(preference)
		if err != nil || len(wanted) == 0 {
			continue
		}
		if _, index, confidence := matcher().Match(wanted...); confidence >= language.High {
			return languages()[index].Code
		}
	}
	return Fallback
}

// For returns the localizer of lang, or in English when lang is not known.
func (c *Catalogue) For(lang string) Localizer {
	spoken := languages()[0]
	for _, l := range languages() {
		if l.Code == lang {
			spoken = l
		}
	}
	return Localizer{language: spoken, localizer: goi18n.NewLocalizer(c.bundle, spoken.Code, Fallback)}
}
