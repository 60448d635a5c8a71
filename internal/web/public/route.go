package public

import (
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/web/host"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// target is where under a handle a request goes: a business and the decoded
// segments behind it.
type target struct {
	Business business.Business
	Rest     []string
	// ahead is the link that Rest names, where it was read together with the business.
	ahead *link.Reading
}

// dispatch serves /{handle}/…. ServeMux can't: it refuses /{handle}/shop beside
// /pay/{attempt}.
func (p *Public) dispatch(w http.ResponseWriter, r *http.Request) error {
	if p.Closed != nil && p.Closed() {
		return p.ShowState(w, r, nil, closedState(p.Localizer(r, nil)))
	}
	segments, err := split(r.URL)
	if err != nil {
		return err
	}
	at, movedTo, err := p.targetOf(r, segments)
	if err != nil {
		return err
	}
	b := at.Business
	if movedTo != "" {
		return moved(w, r, append([]string{movedTo}, at.Rest...))
	}
	if n := len(at.Rest); n > 0 && at.Rest[n-1] == "" {
		return moved(w, r, append([]string{b.Segment()}, at.Rest[:n-1]...))
	}
	frame.AllowFrames(w.Header(), b)
	handle, methods := p.route(at)
	if to := p.domainOf(r, at, handle != nil); to != "" {
		return frame.AtDomain(w, r, to)
	}
	switch {
	case handle == nil:
		return p.NotFound(w, r, &b)
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

// route finds the page for what stands behind a handle; nil without
// one.
func (p *Public) route(at target) (handle func(http.ResponseWriter, *http.Request, target) error, methods string) {
	rest := at.Rest
	switch {
	case len(rest) == 0:
		return p.paymentPage, paying
	case rest[0] == "shop" && len(rest) == 1:
		return p.shop, reading
	case rest[0] == paymentsName && len(rest) == 1:
		return p.paymentsFile, reading
	case rest[0] == offer.PreviewImageName && len(rest) == 1:
		return func(w http.ResponseWriter, r *http.Request, at target) error {
			return p.drawings.PagePreviewImage(w, r, at.Business)
		}, reading
	case rest[0] == "shop" && len(rest) == 3 && rest[2] == offer.PreviewImageName:
		return func(w http.ResponseWriter, r *http.Request, at target) error {
			return p.drawings.ProductPreviewImage(w, r, at.Business, at.Rest[1])
		}, reading
	case rest[0] == "shop" && len(rest) == 2:
		return p.productPage, paying
	case len(rest) == 1 && startsWithDigit(rest[0]):
		return p.amountPage, paying
	case len(rest) == 1 && startsWithLetter(rest[0]):
		return p.linkPage, paying
	case len(rest) == 2 && startsWithLetter(rest[0]) && rest[1] == offer.PreviewImageName:
		return func(w http.ResponseWriter, r *http.Request, at target) error {
			return p.drawings.LinkPreviewImage(w, r, at.Business, at.Rest[0])
		}, reading
	case len(rest) == 2 && startsWithLetter(rest[0]) && rest[1] == leftName:
		return p.leftFile, reading
	case len(rest) == 2 && startsWithLetter(rest[0]) && strings.HasPrefix(rest[1], "qr."):
		return func(w http.ResponseWriter, r *http.Request, at target) error {
			return p.drawings.QRCode(w, r, at.Business, at.Rest[0], at.Rest[1])
		}, reading
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

// targetOf is the business that a request asks for, by its own domain or by the handle that
// the path begins with.
func (p *Public) targetOf(r *http.Request, segments []string) (at target, movedTo string, err error) {
	if here, is := host.Of(r); is {
		at.Business, err = p.businessAt(r, here)
		if at.Rest = segments; len(segments) == 1 && segments[0] == "" {
			at.Rest = nil
		}
		return at, "", err
	}
	if r.Method == http.MethodPost && len(segments) == 2 && startsWithLetter(segments[1]) {
		if at, found := p.targetOfLink(r, segments); found {
			return at, "", nil
		}
	}
	at.Rest = segments[1:]
	at.Business, movedTo, err = p.business(r, segments[0])
	return at, movedTo, err
}

// targetOfLink reads a business and its link together, for what starts a payment: who the
// business was when a page was shown says which link it is. False: look at them one by one.
func (p *Public) targetOfLink(r *http.Request, segments []string) (at target, found bool) {
	handle, path := segments[0], segments[1]
	known, movedTo, err := p.cached.Business(r.Context(), handle)
	if err != nil || movedTo != "" {
		return at, false
	}
	b, l := p.Businesses.ReadingByHandle(handle), p.Links.Reading(known, path)
	if err := p.DB.Batch(r.Context(), b.Statement, l.Statement); err != nil {
		return at, false
	}
	now, err := b.Business()
	if err != nil || now.ID != known.ID || now.Mode != known.Mode {
		return at, false
	}
	return target{Business: now, Rest: segments[1:], ahead: l}, true
}

// business finds the business of a handle. What starts a payment reads the
// database; pages are content with what is known.
func (p *Public) business(r *http.Request, handle string) (b business.Business, movedTo string, err error) {
	if r.Method == http.MethodPost {
		return p.Businesses.ByHandle(r.Context(), handle)
	}
	return p.cached.Business(r.Context(), handle)
}

// split decodes the path's segments, once, each by itself: an encoded slash
// stays within its segment and so matches nothing.
func split(u *url.URL) ([]string, error) {
	segments := strings.Split(strings.TrimPrefix(u.EscapedPath(), "/"), "/")
	for i, s := range segments {
		decoded, err := url.PathUnescape(s)
		if err != nil || !frame.Plain(decoded) {
			return nil, fault.New(fault.NotFound, "There is no such page.")
		}
		segments[i] = decoded
	}
	return segments, nil
}

// moved leads to the same page at its present address. No browser keeps the redirect,
// because the business may let a handle go, and another link may take a path.
func moved(w http.ResponseWriter, r *http.Request, segments []string) error {
	return frame.Elsewhere(w, r, segments)
}

func methodNotAllowed(w http.ResponseWriter, methods string) error {
	w.Header().Set("Allow", methods)
	http.Error(w, "This page does not take that kind of request.", http.StatusMethodNotAllowed)
	return nil
}
