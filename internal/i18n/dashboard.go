package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// The dashboard's texts stand in English where they are used; that text is the key
// of its translations. dashboard/<area>.<language>.toml has those of one area, one
// text a line, so that areas don't meet in a file.
//
//go:embed dashboard/*.toml
var dashboardFiles embed.FS

// translation is a text in one language: the whole of it under "other", or one form for each
// of CLDR's plural categories that the language has.
type translation map[string]string

// dashboard is what Translators share: the texts of all languages.
type dashboard struct {
	bundle      *goi18n.Bundle
	translators map[string]Translator
}

// translators reads the embedded files once. They are part of the program, and a test reads
// them before anyone else does; a file that could not be read leaves its texts in English.
var translators = sync.OnceValue(func() dashboard {
	d := dashboard{bundle: goi18n.NewBundle(language.English), translators: map[string]Translator{}}
	for _, l := range Languages() {
		t := Translator{language: l, plain: map[string]string{}}
		texts, _ := DashboardTexts(l.Code)
		for _, english := range slices.Sorted(maps.Keys(texts)) {
			t.add(d.bundle, english, texts[english])
		}
		slices.SortStableFunc(t.patterns, func(a, b pattern) int { return b.fixed - a.fixed })
		t.localizer = goi18n.NewLocalizer(d.bundle, l.Code)
		d.translators[l.Code] = t
	}
	return d
})

func (t *Translator) add(bundle *goi18n.Bundle, english string, forms translation) {
	if len(forms) == 1 && !strings.Contains(forms["other"], "{{") {
		t.plain[english] = forms["other"]
		return
	}
	message := &goi18n.Message{
		ID: english, Zero: forms["zero"], One: forms["one"], Two: forms["two"],
		Few: forms["few"], Many: forms["many"], Other: forms["other"],
	}
	// It fails for languages without rules of plural, and CLDR has those of all of ours.
	_ = bundle.AddMessages(language.Make(t.language.Code), message)
	if len(forms) == 1 && saysMuch(english) {
		t.patterns = append(t.patterns, pattern{english, matching(english), len(placeholders.ReplaceAllString(english, ""))})
	}
}

// fixedWord is a word of a text beside what is put in.
var fixedWord = regexp.MustCompile(`\pL{2,}`)

// saysMuch reports whether a text with values is known by its words: "{{.A}} of {{.B}}" would
// be found in any sentence.
func saysMuch(english string) bool {
	return len(fixedWord.FindAllString(placeholders.ReplaceAllString(english, ""), 2)) == 2 || strings.HasSuffix(english, ".")
}

// DashboardTexts are all translations of a language by the English text. It fails when a file
// can't be read, or when two files translate one text differently.
func DashboardTexts(code string) (map[string]translation, error) {
	all := map[string]translation{}
	names, err := fs.Glob(dashboardFiles, "dashboard/*."+code+".toml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		var raw map[string]any
		if _, err := toml.DecodeFS(dashboardFiles, name, &raw); err != nil {
			return all, fmt.Errorf("read texts in %s: %w", path.Base(name), err)
		}
		for english, value := range raw {
			forms, err := formsOf(value)
			if err != nil {
				return all, fmt.Errorf("read %q in %s: %w", english, path.Base(name), err)
			}
			if other, twice := all[english]; twice && !maps.Equal(other, forms) {
				return all, fmt.Errorf("%s translates %q, which another file translates differently", path.Base(name), english)
			}
			all[english] = forms
		}
	}
	return all, nil
}

func formsOf(value any) (translation, error) {
	switch v := value.(type) {
	case string:
		return translation{"other": v}, nil
	case map[string]any:
		forms := translation{}
		for name, form := range v {
			text, ok := form.(string)
			if !ok {
				return nil, fmt.Errorf("the form %q is no text", name)
			}
			forms[name] = text
		}
		return forms, nil
	}
	return nil, fmt.Errorf("it is neither a text nor a table of plural forms")
}

// pattern finds the values in an English sentence that was put together elsewhere.
type pattern struct {
	english  string
	sentence *regexp.Regexp
	// fixed is how much of it is not put in. Of two that a sentence may be, it is the one that
	// says more: nearly all sentences are "{{.Typed}} is {{.Day}}.".
	fixed int
}

var placeholders = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

// matching turns "At most {{.Max}} links." into the sentences it stands for.
func matching(english string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`^(?s:`)
	end := 0
	for _, at := range placeholders.FindAllStringSubmatchIndex(english, -1) {
		b.WriteString(regexp.QuoteMeta(english[end:at[0]]))
		b.WriteString(`(.+?)`)
		end = at[1]
	}
	b.WriteString(regexp.QuoteMeta(english[end:]) + `)$`)
	return regexp.MustCompile(b.String())
}
