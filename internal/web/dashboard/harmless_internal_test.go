package dashboard

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever a payer types, no cell begins with what a spreadsheet runs, and
// nothing of it is lost.
func FuzzNoCellIsAFormula(f *testing.F) {
	for _, seed := range []string{"", "Ann", "=1+1", "+31 6", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "＝1", "\"=1", "'=1", "a,b\n=c", "日本"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		safe := harmless(cell)
		if safe != cell && safe != "'"+cell {
			t.Fatalf("%q became %q", cell, safe)
		}
		if first := strings.TrimLeft(safe, " \u00a0\u3000"); first != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(first)[0]) {
			t.Fatalf("%q stays a formula: %q", cell, safe)
		}
		var line bytes.Buffer
		out := csv.NewWriter(&line)
		if err := out.Write([]string{"id", safe}); err != nil {
			t.Fatal(err)
		}
		out.Flush()
		back, err := csv.NewReader(&line).Read()
		// RFC 4180 readers may turn a line break within a cell into their own.
		if plain := strings.NewReplacer("\r\n", "\n"); err != nil || len(back) != 2 || plain.Replace(back[1]) != plain.Replace(safe) {
			t.Fatalf("%q is read as %q: %v", safe, back, err)
		}
	})
}

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
			if shown := payloadText([]byte(body)); !utf8.ValidString(shown) || strings.Contains(shown, hidden) && !strings.Contains(name+value, hidden) {
				t.Fatalf("%s is shown as %s", body, shown)
			}
		}
	})
}
