package text_test

import (
	"testing"

	"smartlinks/internal/text"
)

func TestDigitsOfEveryScriptAreRead(t *testing.T) {
	for typed, want := range map[string]string{
		"": "", "07-A": "07-A", "٠١٢٣٤٥٦٧٨٩": "0123456789", "۰۱۲۳۴۵۶۷۸۹": "0123456789", "０１２３４５６７８９": "0123456789", "०९": "09", "𝟎𝟗": "09",
		"½ ² Ⅳ": "½ ² Ⅳ", "\xff١": "\uFFFD1",
	} {
		if got := text.Digits(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
	for typed, want := range map[string]int64{" ۱۲ ": 12, "٣": 3, "-4": -4, "７": 7} {
		if n, err := text.Whole(typed); err != nil || n != want {
			t.Errorf("%q is %d, %v", typed, n, err)
		}
	}
	for _, typed := range []string{"", "1.5", "x", "٣ ٤"} {
		if n, err := text.Whole(typed); err == nil {
			t.Errorf("%q is %d", typed, n)
		}
	}
}
