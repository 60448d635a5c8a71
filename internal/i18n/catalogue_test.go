package i18n

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

func MustLoad(tb testing.TB) *Catalogue {
	tb.Helper()
	catalogue, err := Load()
	if err != nil {
		tb.Fatal(err)
	}
	return catalogue
}

func TestTextsAreFilledIn(t *testing.T) {
	texts := MustLoad(t).For("en")
	if got, want := texts.T("pay.button", "Amount", "€89.00"), "Pay €89.00"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := texts.T("no.such.key"); got != "no.such.key" {
		t.Errorf("an unknown key gave %q", got)
	}
}

func TestPluralFollowsTheNumber(t *testing.T) {
	texts := MustLoad(t).For("en")
	for n, want := range map[int]string{1: "1 payment remaining", 15: "15 payments remaining"} {
		if got := texts.N("pay.remaining", n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

func TestUnknownLanguagesAreAnsweredInEnglish(t *testing.T) {
	catalogue := MustLoad(t)
	for _, wish := range []string{"", "tlh", "xx-!!", "zh-Hant;q=0.9"} {
		if got := catalogue.Match(wish); got != "en" {
			t.Errorf("Match(%q) = %q", wish, got)
		}
	}
	if got := catalogue.For("tlh").Lang(); got != "en" {
		t.Errorf("For(tlh) speaks %q", got)
	}
	if got := catalogue.Match("en-GB,en;q=0.8"); got != "en" {
		t.Errorf("British English matched %q", got)
	}
}

func TestEnglishNamesItself(t *testing.T) {
	first := Languages()[0]
	if first != (Language{Code: "en", Name: "English", Dir: "ltr"}) {
		t.Errorf("the first language is %+v", first)
	}
}

// Keys are written out in the templates and in Go files, never put together,
// so that this test can find them.
func TestEveryKeyInUseHasAText(t *testing.T) {
	known := keys(t, "en.toml")
	use := regexp.MustCompile(`\.(?:T|N)\(\s*"([a-z_]+\.[a-z_.]*[a-z_])"`)
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.Name() == "node_modules" {
			return filepath.SkipDir
		}
		if !isSource(path) {
			return nil
		}
		source, err := os.ReadFile(path)
		for _, found := range use.FindAllStringSubmatch(string(source), -1) {
			if !slices.Contains(known, found[1]) {
				t.Errorf("%s uses %q, which en.toml lacks", path, found[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func isSource(path string) bool {
	if strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") {
		return false
	}
	return strings.HasSuffix(path, ".templ") || strings.HasSuffix(path, ".go")
}

func keys(t *testing.T, file string) []string {
	t.Helper()
	var texts map[string]map[string]string
	if _, err := toml.DecodeFile(file, &texts); err != nil {
		t.Fatal(err)
	}
	list := make([]string, 0, len(texts))
	for key := range texts {
		list = append(list, key)
	}
	return list
}
