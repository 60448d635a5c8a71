package text_test

import (
	"testing"

	"smartlinks/internal/text"
)

// Names that show nothing are none, and no name turns the text beside it around.
func TestInvisibleCharactersAreNoText(t *testing.T) {
	for in, want := range map[string]string{
		"\u200b":                         "",
		"\u200e\u200f\u061c":             "",
		"\u202e \u202c":                  "",
		"\u2800\u3164\u115f\uffa0":       "",
		"\u00ad\u034f\ufe0f":             "",
		"\u200d":                         "",
		"\U000e0061\U000e007f":           "",
		"Amara\u202e rafakO":             "Amara rafakO",
		"\u2066Amara\u2069":              "Amara",
		"\u202aAmara\u202c":              "Amara",
		"\u200eAmara\u200e ":             "Amara",
		"Am\u200bara\ufeff":              "Amara",
		"\ufeff Amara":                   "Amara",
		"علی\u200cرضا":                   "علی\u200cرضا", // Persian is spelt with it
		"مقهى \u200f(Noord)\u200f باريس": "مقهى \u200f(Noord)\u200f باريس",
		"👩\u200d👩\u200d👧":                "👩\u200d👩\u200d👧",
		"❤\ufe0f":                        "❤\ufe0f",
		"🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
		"क\u094dष": "क\u094dष",
		"\u0604":   "\u0604", // a sign of Arabic that is seen
	} {
		if got := (text.Rule{Most: 20}).Clean("name", in, func(_, code, _ string) { t.Errorf("%q: %s", in, code) }); got != want {
			t.Errorf("%q is %q", in, got)
		}
	}
	told := ""
	text.Rule{Most: 20, Required: true}.Clean("name", "\u200b\u2066 \u2069", func(_, code, _ string) { told = code })
	if told != text.Missing {
		t.Errorf("a name that shows nothing is told as %q", told)
	}
}

func TestPlainHasNoControlOfDirection(t *testing.T) {
	for in, want := range map[string]string{"a\u202eb\u200ec\u200f\u061c\u2066d\u2069": "abcd", "علی\u200cرضا": "علی\u200cرضا", "": ""} {
		if got := text.Plain(in); got != want {
			t.Errorf("%q is %q", in, got)
		}
	}
}
