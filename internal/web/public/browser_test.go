package public_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// browser keeps cookies as browsers do.
type browser struct {
	s       *site
	cookies map[string]string
}

func (s *site) browser() *browser { return &browser{s, map[string]string{}} }

func (b *browser) ask(method, path string, form url.Values) page {
	b.s.t.Helper()
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(b.cookies)) {
		pairs = append(pairs, name+"="+b.cookies[name])
	}
	got := b.s.ask(method, path, form, "Cookie", strings.Join(pairs, "; "))
	for _, c := range got.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return got
}

func (b *browser) get(path string) page { b.s.t.Helper(); return b.ask(http.MethodGet, path, nil) }

func (b *browser) post(path string, form url.Values) page {
	b.s.t.Helper()
	return b.ask(http.MethodPost, path, form)
}

// start presses Pay and returns the path of the sandbox's checkout.
func (b *browser) start(path string, form url.Values) (checkout string) {
	b.s.t.Helper()
	got := b.post(path, form)
	to, err := url.Parse(got.Header.Get("Location"))
	if got.StatusCode != http.StatusSeeOther || err != nil || !strings.HasPrefix(to.Path, "/sandbox/") {
		b.s.t.Fatalf("POST %s: %d to %q\n%s", path, got.StatusCode, got.Header.Get("Location"), shown(got))
	}
	return to.Path
}

// end opens a link, pays it so far, and returns the payment's page.
func (b *browser) end(path, outcome string) (payment string) {
	b.s.t.Helper()
	return b.s.decide(b.start(path, payer()), outcome)
}

// attempts counts what was started.
func (s *site) attempts() (n int) {
	s.t.Helper()
	if err := s.d.Get(s.t.Context(), &n, `SELECT COUNT(*) FROM attempts`); err != nil {
		s.t.Fatal(err)
	}
	return n
}
