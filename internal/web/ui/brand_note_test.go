package ui

import (
	"strings"
	"testing"

	"smartlinks/internal/i18n"
)

func TestBrandNoteTellsWhatIsShown(t *testing.T) {
	for hex, want := range map[string]string{
		"#0E5A5C": "Text on it is white, at a contrast of 8.0 to 1.",
		"#ffd500": "Text on it is dark",
		"#767676": "Text on it is white, at a contrast of 4.5 to 1.",
		"red":     "",
		"":        "",
	} {
		if got := BrandNote(i18n.TranslatorFor("en"), hex); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%q: %q, want %q", hex, got, want)
		}
	}
}
