package ui

import (
	"strings"
	"testing"
)

func TestBrandNoteTellsWhatIsShown(t *testing.T) {
	for hex, want := range map[string]string{
		"#0E5A5C": "White text stands on it, at a contrast of 8.0 to 1.",
		"#ffd500": "Dark text stands on it",
		"#767676": "White text stands on it, at a contrast of 4.5 to 1.",
		"red":     "",
		"":        "",
	} {
		if got := BrandNote(hex); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%q: %q, want %q", hex, got, want)
		}
	}
}
