package i18n

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

// pluralForms are CLDR's cardinal forms that whole numbers below a million
// take. French and Spanish have another for whole millions, which no count of
// ours reaches.
var pluralForms = map[string][]string{
	"en": {"one", "other"}, "nl": {"one", "other"}, "de": {"one", "other"}, "fr": {"one", "other"}, "es": {"one", "other"},
	"ar": {"few", "many", "one", "other", "two", "zero"},
}

type message map[string]string

func messages(t *testing.T, code string) map[string]message {
	t.Helper()
	var all map[string]message
	if _, err := toml.DecodeFile(code+".toml", &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// forms are the plural forms of a text; only "other" when it has none.
func (m message) forms() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(m)), func(name string) bool { return strings.HasSuffix(name, "Delim") })
}

func TestEveryFileIsALanguage(t *testing.T) {
	found, err := filepath.Glob("*.toml")
	if err != nil {
		t.Fatal(err)
	}
	want := make([]string, 0, len(found))
	for _, code := range Codes() {
		want = append(want, code+".toml")
	}
	slices.Sort(want)
	if !slices.Equal(found, want) {
		t.Errorf("the files are %v, the languages %v", found, want)
	}
}

// Whoever adds a text adds it in every language.
func TestEveryTextIsThereInEveryLanguage(t *testing.T) {
	english := messages(t, "en")
	for _, code := range Codes()[1:] {
		others := messages(t, code)
		for _, key := range slices.Sorted(maps.Keys(english)) {
			if others[key]["other"] == "" {
				t.Errorf("%s.toml lacks %q: %q", code, key, english[key]["other"])
			}
		}
		for key := range others {
			if english[key] == nil {
				t.Errorf("%s.toml has %q, which en.toml lacks", code, key)
			}
		}
	}
}

func TestPluralsHaveEveryFormOfTheLanguage(t *testing.T) {
	english := messages(t, "en")
	for _, code := range Codes() {
		for key, m := range messages(t, code) {
			want := []string{"other"}
			if len(english[key].forms()) > 1 {
				want = pluralForms[code]
			}
			if got := m.forms(); !slices.Equal(got, want) {
				t.Errorf("%s.toml: %q has the forms %v, want %v", code, key, got, want)
			}
		}
	}
}

// placeholder is a value of ours, or a variable of a template that merchants
// may write anew.
var placeholder = regexp.MustCompile(`\{\{[^{}]*\}\}`)

// Words for one and two may leave the number out; nothing may be invented.
func TestTranslationsFillInTheSameValues(t *testing.T) {
	english := messages(t, "en")
	for _, code := range Codes()[1:] {
		for key, m := range messages(t, code) {
			want := values(english[key]["other"])
			for _, form := range m.forms() {
				got := values(m[form])
				optional := form != "other"
				for _, value := range slices.Sorted(maps.Keys(got)) {
					if !want[value] {
						t.Errorf("%s.toml: %q (%s) fills in %s, which English doesn't", code, key, form, value)
					}
				}
				for value := range want {
					if !got[value] && !optional {
						t.Errorf("%s.toml: %q leaves out %s", code, key, value)
					}
				}
			}
		}
	}
}

// values are the placeholders of a text. Where a template ends a condition is
// its own affair, as languages put things in different orders.
func values(text string) map[string]bool {
	found := map[string]bool{}
	for _, p := range placeholder.FindAllString(text, -1) {
		if p != "{{else}}" && p != "{{end}}" {
			found[p] = true
		}
	}
	return found
}

func TestNoTextIsLeftInEnglish(t *testing.T) {
	english := messages(t, "en")
	for _, code := range Codes()[1:] {
		for key, m := range messages(t, code) {
			text := english[key]["other"]
			if m["other"] == text && len(strings.Fields(placeholder.ReplaceAllString(text, ""))) > 2 {
				t.Errorf("%s.toml: %q says %q as English does", code, key, text)
			}
		}
	}
}

func TestArabicCountsInSixWays(t *testing.T) {
	texts := MustLoad(t).For("ar")
	for n, want := range map[int]string{
		0: "لم تبقَ أي دفعة", 1: "بقيت دفعة واحدة", 2: "بقيت دفعتان",
		3: "بقيت 3 دفعات", 11: "بقيت 11 دفعة", 100: "بقيت 100 دفعة",
	} {
		if got := texts.N("pay.remaining", n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestFrenchCountsNoneAsOne(t *testing.T) {
	texts := MustLoad(t).For("fr")
	for n, want := range map[int]string{0: "0 payé", 1: "1 payé", 2: "2 payés"} {
		if got := texts.N("pay.paid_count", n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestNamesStayInOnePieceWithinArabic(t *testing.T) {
	text := MustLoad(t).For("ar").T("limit.ask", "Business", "Noord & Co.")
	if !strings.Contains(text, "\u2068Noord & Co.\u2069") {
		t.Errorf("the name is not isolated: %q", text)
	}
}

func TestLanguagesNameThemselves(t *testing.T) {
	var names []string
	for _, l := range Languages() {
		names = append(names, fmt.Sprintf("%s %s %s", l.Code, l.Name, l.Dir))
	}
	want := []string{"en English ltr", "nl Nederlands ltr", "de Deutsch ltr", "fr Français ltr", "es Español ltr", "ar العربية rtl"}
	if !slices.Equal(names, want) {
		t.Errorf("got %v", names)
	}
}

func TestLanguageIsTheBestOfWhatIsWished(t *testing.T) {
	catalogue := MustLoad(t)
	for _, c := range []struct{ chosen, header, locale, want string }{
		{"", "nl-BE,nl;q=0.9,en;q=0.5", "en", "nl"},
		{"de", "nl", "en", "de"},
		{"", "pl", "nl", "nl"},
		{"", "", "ar", "ar"},
		{"", "pl,fr;q=0.4", "nl", "fr"},
		{"zh", "de-AT", "en", "de"},
		{"AR-eg", "", "en", "ar"},
	} {
		if got := catalogue.Match(c.chosen, c.header, c.locale); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
