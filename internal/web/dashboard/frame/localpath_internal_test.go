package frame

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// Whatever "next" says, signing in leads to a page of this site, also as
// browsers read it, which take a backslash for a slash and leave out tabs and
// line breaks (WHATWG URL Standard, 4.4).
func FuzzNextStaysHere(f *testing.F) {
	for _, seed := range []string{
		"/dashboard/acme?q=1", "", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "https://evil.example", "javascript:alert(1)", "/%5cevil.example", "/%2f/evil.example", "/..//evil.example",
		"/.//evil.example", "/a/..//evil.example", "///evil.example", " //evil.example", "/?//evil.example", "/@evil.example", "/\x00/evil.example", "/\u2028/evil.example", "/\uff0f/evil.example", "/%2fevil.example/ x", "/%2f ",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, next string) {
		to := LocalPath(next)
		if to == "" {
			return
		}
		w := httptest.NewRecorder()
		if err := Redirect(w, httptest.NewRequest("POST", "/sign-in", nil), to); err != nil {
			t.Fatal(err)
		}
		read := strings.NewReplacer(`\`, "/", "\t", "", "\n", "", "\r", "").Replace(strings.TrimLeft(w.Header().Get("Location"), "\x00 "))
		base, err := url.Parse("https://pay.example/sign-in")
		if err != nil {
			t.Fatal(err)
		}
		if u, err := base.Parse(read); err != nil || u.Scheme != "https" || u.Host != "pay.example" || strings.HasPrefix(u.EscapedPath(), "//") {
			t.Fatalf("%q leads to %q, %v", next, read, err)
		}
	})
}
