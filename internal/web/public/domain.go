package public

import (
	"net/http"
	"strings"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/host"
	"smartlinks/internal/web/public/offer"
)

// businessAt is the business whose own domain was asked. What starts a payment reads the
// database, which knows of a removal that this process has not heard of yet.
func (p *Public) businessAt(r *http.Request, at host.At) (business.Business, error) {
	b, err := p.byID(r, at.Business)
	if err == nil && r.Method == http.MethodPost {
		err = p.Domains.Has(r.Context(), b.ID, at.Host)
	}
	b.Host = at.Host
	return b, err
}

// byID is the business of an id, from what is known where nothing is paid.
func (p *Public) byID(r *http.Request, id business.ID) (business.Business, error) {
	if r.Method == http.MethodPost {
		return p.Businesses.ByID(r.Context(), id)
	}
	return p.cached.BusinessByID(r.Context(), id)
}

// domainOf is the address at its own domain of a page that was asked for under the
// installation; "" where it is shown here. Pictures and files stay where they are: pages
// of ours, and of others, hold them.
func (p *Public) domainOf(r *http.Request, at target, page bool) string {
	if !page || at.Business.Host != "" || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return ""
	}
	chosen, rest := "", at.Rest
	switch {
	case len(rest) == 2 && rest[0] != "shop", len(rest) > 2, len(rest) == 1 && rest[0] == paymentsName, len(rest) == 1 && rest[0] == offer.PreviewImageName:
		return ""
	case len(rest) == 1 && startsWithLetter(rest[0]) && rest[0] != "shop":
		m, err := p.cached.Link(r.Context(), at.Business, rest[0])
		if err != nil || m.RedirectTo != "" {
			return "" // the page says what is wrong, or leads to the present path
		}
		chosen = m.Link.Domain
	}
	to := address.Under(at.Business.Handle, rest...).WithQuery(r.URL.RawQuery)
	_, can := to.OnDomain()
	name := p.Addresses.HostOf(string(at.Business.ID), chosen)
	if !can || name == "" {
		return ""
	}
	return p.Addresses.OnHost(name, to)
}

// atDomains are the fixed first segments that own domains have: what payers get by mail
// and from a checkout, and pictures. Nothing else of the program is there.
var atDomains = map[string]bool{"pay": true, "r": true, "s": true, "images": true, "waiting": true}

// absent reports whether a request asks an own domain for what only the installation has.
func absent(r *http.Request) bool {
	if _, is := host.Of(r); !is {
		return false
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	return address.Fixed(first) && !atDomains[first]
}

// missing answers for what an own domain does not have.
func (p *Public) missing(http.ResponseWriter, *http.Request) error {
	return fault.New(fault.NotFound, "There is no such page.")
}
