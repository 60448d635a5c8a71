package frame

import (
	"net/http"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/web/host"
)

// Href leads from a page of the business to another one of it: at the same host, where
// that has it.
func (p *Base) Href(b business.Business, to address.Path) string {
	if b.Host == "" {
		return to.String()
	}
	if short, can := to.OnDomain(); can {
		return short.String()
	}
	return p.Addresses.Own(to)
}

// Foreign reports whether a request came to the own domain of another business: what that
// one has does not exist there.
func Foreign(r *http.Request, id business.ID) bool {
	at, is := host.Of(r)
	return is && at.Business != id
}

// Here is the host by which a request came, as far as it is one of ours.
func (p *Base) Here(r *http.Request) string {
	if at, is := host.Of(r); is {
		return at.Host
	}
	return p.Addresses.Host()
}

// OriginOf is the origin of our pages at the host by which a request came.
func (p *Base) OriginOf(r *http.Request) string {
	at, _ := host.Of(r)
	return p.Addresses.OriginOf(at.Host)
}

// Elsewhere leads to another path of the same business, until a link takes the
// one that was asked for.
func Elsewhere(w http.ResponseWriter, r *http.Request, segments []string) error {
	status := http.StatusFound
	if r.Method == http.MethodPost {
		status = http.StatusTemporaryRedirect
	}
	to := address.Under(segments[0], segments[1:]...).WithQuery(r.URL.RawQuery)
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to.String(), status)
	return nil
}

// AtDomain leads to an own domain. No browser keeps the redirect: domains are given up.
func AtDomain(w http.ResponseWriter, r *http.Request, to string) error {
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusFound)
	return nil
}
