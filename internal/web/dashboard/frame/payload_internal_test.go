package frame

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever a provider sends, the page gets valid text without a secret.
func FuzzNoSecretIsShown(f *testing.F) {
	f.Add("client_secret", "id")
	f.Add("\xff", "\"}")
	f.Fuzz(func(t *testing.T, name, value string) {
		const hidden = "sk_live_hidden"
		inner, err := json.Marshal(map[string]any{name: value, "API_Key": hidden, "list": []any{map[string]any{"my_token": []string{hidden}}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, body := range []string{string(inner), "[" + string(inner) + "]", url.Values{name: {value}, "secret": {hidden}}.Encode()} {
			if shown := PayloadText([]byte(body)); !utf8.ValidString(shown) || strings.Contains(shown, hidden) && !strings.Contains(name+value, hidden) {
				t.Fatalf("%s is shown as %s", body, shown)
			}
		}
	})
}

// What a server answers in words or as a page stands there as it came.
func TestAPageIsNoForm(t *testing.T) {
	for body, want := range map[string]string{
		`<p class="wrong">1 + 1 = 3 &amp; the database is away</p>`: `<p class="wrong">1 + 1 = 3 &amp; the database is away</p>`,
		"error=the key a+b is too short; try again":                 "error=the key a+b is too short; try again",
		"id=tr_1&note=a+b%21":                                       "id=tr_1\nnote=a b!",
		"cut off\x00\xff":                                           "cut off\uFFFD\uFFFD",
	} {
		if got := PayloadText([]byte(body)); got != want {
			t.Errorf("%q is shown as %q", body, got)
		}
	}
}
