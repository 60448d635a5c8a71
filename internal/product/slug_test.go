package product

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func first(name, language string) string {
	for s := range slugs(name, language, "prd_00000000000000000000000001") {
		return s
	}
	return ""
}

func TestSlugsOfAnyScript(t *testing.T) {
	for _, c := range [][3]string{
		{"Summer Sale Promotion", "en", "summer-sale-promotion"},
		{"Größe Äpfel", "de", "groesse-aepfel"},
		{"Crème brûlée & café", "fr", "creme-brulee-et-cafe"},
		{"Привет мир", "en", "privet-mir"},
		{"北京烤鸭", "en", "bei-jing-kao-ya"},
		{"2 for 1", "en", "product-2-for-1"},
		{"🎉", "en", "product"},
		{"snake_case", "en", "snake-case"},
		{"Cart", "en", "cart-2"},
		{"../../etc/passwd", "en", "etc-passwd"},
	} {
		if got := first(c[0], c[1]); got != c[2] {
			t.Errorf("%s: got %s, want %s", c[0], got, c[2])
		}
	}
}

func TestEverySlugFitsAURL(t *testing.T) {
	form := regexp.MustCompile(`^[a-z](-?[a-z0-9])*$`)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		language := rapid.SampledFrom([]string{"en", "nl", "de", "fr", "es", "ar"}).Draw(t, "language")
		seen, last := map[string]bool{}, ""
		for s := range slugs(name, language, "prd_0000000000000000000abcdefg") {
			if len(s) > maxSlug || !form.MatchString(s) {
				t.Fatalf("%q became %q", name, s)
			}
			if seen[s] {
				t.Fatalf("%q comes twice", s)
			}
			seen[s], last = true, s
		}
		if !strings.HasSuffix(last, "-0abcdefg"[1:]) {
			t.Fatalf("the last resort is %q", last)
		}
	})
}

func TestLongSlugsEndAtAWord(t *testing.T) {
	got := first(strings.Repeat("seventeen-letters ", 10), "en")
	if len(got) > maxSlug || !strings.HasSuffix(got, "letters") {
		t.Errorf("got %s", got)
	}
}
