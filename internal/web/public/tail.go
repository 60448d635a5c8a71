package public

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"smartlinks/internal/web/public/frame"
)

// Addresses stand in sentences, in brackets and quotes, and mail and chat programs take
// what follows for a part of them: “Pay at pay.example.com/acme/sale.” None of our
// addresses ends so, so the tail is left out.

// inTail reports whether a character can follow an address without being of it: a blank,
// a mark that shows nothing, or punctuation but for slashes, and for the hyphen and the
// underscore, which amounts (25,-) and tokens may end with.
func inTail(c rune) bool {
	return !strings.ContainsRune(`-_/\`, c) && unicode.IsPunct(c) || strings.ContainsRune("<>`|\u2800", c) || unicode.IsSpace(c) || unicode.Is(unicode.Cf, c)
}

// cutTail returns the path that is read without what follows the address, and whether
// anything does.
func cutTail(r *http.Request) (to string, found bool) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return "", false
	}
	whole := r.URL.EscapedPath()
	parent, last := whole[:strings.LastIndexByte(whole, '/')+1], whole[strings.LastIndexByte(whole, '/')+1:]
	decoded, err := url.PathUnescape(last)
	if err != nil {
		return "", false
	}
	kept := strings.TrimRightFunc(decoded, inTail)
	if kept == decoded || strings.HasPrefix(parent, "//") || !frame.Plain(kept) {
		return "", false
	}
	if kept == "" { // behind a slash, which ends no address of ours either
		to = strings.TrimRight(parent, "/")
		return to, to != ""
	}
	return parent + url.PathEscape(kept), true
}

// withoutTail leads to the address that was meant. Browsers don't keep the redirect.
func (p *Public) withoutTail(w http.ResponseWriter, r *http.Request) error {
	to, _ := cutTail(r)
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	w.Header().Set("Cache-Control", "no-cache")
	http.Redirect(w, r, to, http.StatusFound)
	return nil
}
