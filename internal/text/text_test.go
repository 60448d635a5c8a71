package text_test

import (
	"strings"
	"testing"

	"smartlinks/internal/text"
)

func clean(r text.Rule, s string) (got, code string) {
	got = r.Clean("field", s, func(_, c, _ string) { code = c })
	return got, code
}

func TestCleanRefusesWhatCanNotBeShown(t *testing.T) {
	line := text.Rule{Most: 10, Required: true}
	lines := text.Rule{Most: 10, Lines: true}
	for _, c := range []struct {
		rule       text.Rule
		in, want   string
		code, name string
	}{
		{line, " Summer ", "Summer", "", "space around is dropped"},
		{line, "Cafe\u0301", "Caf\u00e9", "", "accents are composed"},
		{line, "👩‍👩‍👧", "👩‍👩‍👧", "", "joined emoji stay whole"},
		{line, "مرحبا", "مرحبا", "", "any script"},
		{line, strings.Repeat("é", 10), strings.Repeat("é", 10), "", "characters are counted, not bytes"},
		{line, strings.Repeat("é", 11), strings.Repeat("é", 11), text.Long, "too long"},
		{line, "  \n ", "  \n ", text.Missing, "nothing but space"},
		{line, "a\nb", "a\nb", text.Control, "a line break in a line"},
		{line, "a\x00b", "a\x00b", text.Control, "a null byte"},
		{line, "a\x1b[1mb", "a\x1b[1mb", text.Control, "an escape"},
		{line, "a\u0085b", "a\u0085b", text.Control, "a C1 control"},
		{line, "a\u2028b", "a\u2028b", text.Control, "a line separator"},
		{line, "a\xffb", "a\xffb", text.Encoding, "not UTF-8"},
		{lines, "a\r\nb\tc", "a\nb\tc", "", "line breaks of a browser"},
		{lines, "a\rb", "a\rb", text.Control, "a bare carriage return"},
		{lines, "", "", "", "empty where nothing is asked"},
	} {
		if got, code := clean(c.rule, c.in); got != c.want || code != c.code {
			t.Errorf("%s: got %q, %q", c.name, got, code)
		}
	}
}

func TestFoldIgnoresCaseAndComposition(t *testing.T) {
	for _, pair := range [][2]string{{"VIP", "vip"}, {"Straße", "STRASSE"}, {"CAFE\u0301", "caf\u00e9"}, {"Σίσυφος", "ΣΊΣΥΦΟΣ"}} {
		if a, b := text.Fold(pair[0]), text.Fold(pair[1]); a != b {
			t.Errorf("%q and %q fold to %q and %q", pair[0], pair[1], a, b)
		}
	}
	if text.Fold("Ü") == text.Fold("U") {
		t.Error("accents must count")
	}
}

func TestPatternTakesWildcardsLiterally(t *testing.T) {
	if got := text.Pattern(`50%_\ OFF`); got != `%50\%\_\\ off%` {
		t.Errorf("got %s", got)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("Summer\r\n", true)
	f.Add("a\u0301\x00\u2028", false)
	f.Fuzz(func(t *testing.T, s string, lines bool) {
		rule := text.Rule{Most: 20, Lines: lines}
		once, code := clean(rule, s)
		if code != "" {
			if once != s {
				t.Errorf("refused text %q came back as %q", s, once)
			}
			return
		}
		if twice, code := clean(rule, once); code != "" || twice != once {
			t.Errorf("cleaned %q again to %q, %q", once, twice, code)
		}
		if text.Fold(once) != text.Fold(text.Fold(once)) {
			t.Errorf("folding %q is not stable", once)
		}
	})
}

func TestCapital(t *testing.T) {
	for word, want := range map[string]string{"": "", "somebody": "Somebody", "éric": "Éric", "شخص": "شخص"} {
		if got := text.Capital(word); got != want {
			t.Errorf("%q begins a sentence as %q", word, got)
		}
	}
}
