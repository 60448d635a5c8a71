package public

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
)

// place is where under a handle a request goes: a business and the decoded
// segments behind it.
type place struct {
	Business business.Business
	Rest     []string
}

// dispatch serves /{handle}/…. ServeMux can't: it refuses /{handle}/shop beside
// /pay/{attempt}.
func (p *Public) dispatch(w http.ResponseWriter, r *http.Request) error {
	if p.Closed != nil && p.Closed() {
		return p.showState(w, r, nil, closedState(p.texts(r, nil)))
	}
	segments, err := split(r.URL)
	if err != nil {
		return err
	}
	b, movedTo, err := p.business(r, segments[0])
	if err != nil {
		return err
	}
	if movedTo != "" {
		return moved(w, r, append([]string{movedTo}, segments[1:]...))
	}
	if n := len(segments); n > 1 && segments[n-1] == "" {
		return moved(w, r, segments[:n-1])
	}
	allowFrames(w.Header(), b)
	at := place{Business: b, Rest: segments[1:]}
	handle, methods := p.route(at)
	switch {
	case handle == nil:
		return p.notFound(w, r, &b)
	case r.Method == http.MethodPost && methods == reading, r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost:
		return methodNotAllowed(w, methods)
	}
	return handle(w, r, at)
}

// What a page can be asked, as the header Allow has it.
const (
	reading = "GET, HEAD"
	paying  = "GET, HEAD, POST"
)

// route finds the page for what stands behind a handle, SPEC [L2]; nil without
// one.
func (p *Public) route(at place) (handle func(http.ResponseWriter, *http.Request, place) error, methods string) {
	rest := at.Rest
	switch {
	case len(rest) == 0:
		return p.paymentPage, paying
	case rest[0] == "shop" && len(rest) == 1:
		return p.shop, reading
	case rest[0] == paymentsName && len(rest) == 1:
		return p.paymentsFile, reading
	case rest[0] == cardName && len(rest) == 1:
		return p.pageCard, reading
	case rest[0] == "shop" && len(rest) == 3 && rest[2] == cardName:
		return p.productCard, reading
	case rest[0] == "shop" && len(rest) == 2:
		return p.productPage, paying
	case len(rest) == 1 && startsWithDigit(rest[0]):
		return p.amountPage, paying
	case len(rest) == 1 && startsWithLetter(rest[0]):
		return p.linkPage, paying
	case len(rest) == 2 && startsWithLetter(rest[0]) && rest[1] == cardName:
		return p.linkCard, reading
	case len(rest) == 2 && startsWithLetter(rest[0]) && rest[1] == leftName:
		return p.tellLeft, reading
	case len(rest) == 2 && startsWithLetter(rest[0]) && strings.HasPrefix(rest[1], "qr."):
		return p.qrCode, reading
	}
	return nil, ""
}

// startsWithDigit takes digits of every script, as amounts are typed in them.
func startsWithDigit(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return unicode.Is(unicode.Nd, first)
}

func startsWithLetter(s string) bool {
	return s != "" && (s[0] >= 'a' && s[0] <= 'z' || s[0] >= 'A' && s[0] <= 'Z')
}

// business finds the business of a handle. What starts a payment reads the
// database; pages are content with what is known.
func (p *Public) business(r *http.Request, handle string) (b business.Business, movedTo string, err error) {
	if r.Method == http.MethodPost {
		return p.Businesses.ByHandle(r.Context(), handle)
	}
	return p.known.business(r.Context(), handle)
}

// split decodes the path's segments, once, each by itself: an encoded slash
// stays within its segment and so matches nothing.
func split(u *url.URL) ([]string, error) {
	segments := strings.Split(strings.TrimPrefix(u.EscapedPath(), "/"), "/")
	for i, s := range segments {
		decoded, err := url.PathUnescape(s)
		if err != nil || !plain(decoded) {
			return nil, fault.New(fault.NotFound, "There is no such page.")
		}
		segments[i] = decoded
	}
	return segments, nil
}

// maxPlain bounds what is taken from a stranger to look something up, in
// characters.
const maxPlain = 320

// plain reports whether a text can be looked up and kept: PostgreSQL takes
// neither NUL nor invalid UTF-8, and nothing of ours has control characters.
func plain(s string) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxPlain && !strings.ContainsFunc(s, unicode.IsControl)
}

// moved leads to the same page under its present handle. The redirect isn't
// kept by browsers, because another business may take the old one.
func moved(w http.ResponseWriter, r *http.Request, segments []string) error {
	status := http.StatusMovedPermanently
	if r.Method == http.MethodPost {
		status = http.StatusPermanentRedirect
	}
	return redirect(w, r, segments, status)
}

// elsewhere leads to another path of the same business, until a link takes the
// one that was asked for.
func elsewhere(w http.ResponseWriter, r *http.Request, segments []string) error {
	status := http.StatusFound
	if r.Method == http.MethodPost {
		status = http.StatusTemporaryRedirect
	}
	return redirect(w, r, segments, status)
}

func redirect(w http.ResponseWriter, r *http.Request, segments []string, status int) error {
	to := path(segments...)
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	w.Header().Set("Cache-Control", "no-cache")
	http.Redirect(w, r, to, status)
	return nil
}

// path joins decoded segments. It always starts with one slash and a handle or
// a word of ours, so it never leads to another site.
func path(segments ...string) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(s))
	}
	return b.String()
}

func methodNotAllowed(w http.ResponseWriter, methods string) error {
	w.Header().Set("Allow", methods)
	http.Error(w, "This page does not take that kind of request.", http.StatusMethodNotAllowed)
	return nil
}
