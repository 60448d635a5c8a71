package publictest

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Browser keeps cookies as browsers do.
type Browser struct {
	s       *Site
	Cookies map[string]string
}

func (b *Browser) ask(method, path string, form url.Values) Page {
	b.s.T.Helper()
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(b.Cookies)) {
		pairs = append(pairs, name+"="+b.Cookies[name])
	}
	got := b.s.Ask(method, path, form, "Cookie", strings.Join(pairs, "; "))
	for _, c := range got.Cookies() {
		if c.MaxAge < 0 {
			delete(b.Cookies, c.Name)
		} else {
			b.Cookies[c.Name] = c.Value
		}
	}
	return got
}

// Get opens a page.
func (b *Browser) Get(path string) Page { b.s.T.Helper(); return b.ask(http.MethodGet, path, nil) }

// Post sends a form.
func (b *Browser) Post(path string, form url.Values) Page {
	b.s.T.Helper()
	return b.ask(http.MethodPost, path, form)
}

// Start presses Pay and returns the path of the sandbox's checkout.
func (b *Browser) Start(path string, form url.Values) (checkout string) {
	b.s.T.Helper()
	got := b.Post(path, form)
	to, err := url.Parse(got.Header.Get("Location"))
	if got.StatusCode != http.StatusSeeOther || err != nil || !strings.HasPrefix(to.Path, "/sandbox/") {
		b.s.T.Fatalf("POST %s: %d to %q\n%s", path, got.StatusCode, got.Header.Get("Location"), Shown(got))
	}
	return to.Path
}

// End opens a link, pays it so far, and returns the payment's page.
func (b *Browser) End(path, outcome string) (payment string) {
	b.s.T.Helper()
	return b.s.Decide(b.Start(path, Payer()), outcome)
}
