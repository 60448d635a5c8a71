package public

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/visit/source"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// destination is where a link that takes no payments leads, for one visitor.
type destination struct {
	Href  string
	Label string
	to    *link.Link // nil for an address elsewhere
}

// destinationOf is where the link leads now; false when it leads nowhere. The page wins over
// a chain that can't be read.
func (p *Public) destinationOf(ctx context.Context, t i18n.Localizer, b business.Business, l link.Link, query url.Values) (destination, bool) {
	if l.WhenClosed.Next == "" && l.WhenClosed.URL == "" {
		return destination{}, false
	}
	lead, err := p.Links.LeadsTo(ctx, b, l, p.DB.Clock().Now())
	switch {
	case err != nil:
		p.Log.WarnContext(ctx, "where a closed link leads can't be read", "link", l.ID, "error", err)
		return destination{}, false
	case lead.Link != nil:
		kept := url.Values{}
		for name, values := range query {
			if name != frame.LinkParameter {
				kept[name] = values
			}
		}
		return destination{p.Href(b, address.Link(b.Handle, lead.Link.Path).WithQuery(kept.Encode())), lead.Link.Name, lead.Link}, true
	case lead.URL != "":
		u, err := url.Parse(lead.URL)
		if err != nil {
			return destination{}, false
		}
		return destination{lead.URL, t.T("closed_lead.elsewhere", "Host", u.Hostname()), nil}, true
	}
	return destination{}, false
}

// withWords adds the merchant's own words to a page of a link that is closed.
func withWords(s frame.State, t i18n.Localizer, l link.Link) frame.State {
	if l.WhenClosed.Message == "" {
		return s
	}
	s.Prose = s.Text
	if s.Status == http.StatusGone {
		s.Prose = t.T("closed_lead.uncharged")
	}
	s.Text, s.Given = l.WhenClosed.Message, true
	return s
}

// withDestination makes going on to another link, or elsewhere, the main thing to do.
func withDestination(s frame.State, to destination) frame.State {
	for i := range s.Actions {
		s.Actions[i].Class = frame.SecondaryClass
	}
	icon := "arrow-right"
	if to.to == nil {
		icon = "external-link"
	}
	s.Actions = append([]frame.Action{frame.Primary(icon, to.Label, to.Href)}, s.Actions...)
	return s
}

// toDestination leads a visitor on from a link that is closed: at once, where the merchant
// wants so and the last place is used, else by a button on the page. It reports whether
// it answered. How the visitor came is remembered for the link that they go to.
func (p *Public) toDestination(w http.ResponseWriter, r *http.Request, b business.Business, l link.Link, closed *frame.State) (bool, error) {
	state := l.State(p.DB.Clock().Now())
	if state == link.Inactive {
		return false, nil
	}
	t := p.Localizer(r, &b)
	*closed = withWords(*closed, t, l)
	to, any := p.destinationOf(r.Context(), t, b, l, r.URL.Query())
	if !any {
		return false, nil
	}
	if to.to != nil {
		if err := p.carryVisit(w, r, l, *to.to); err != nil {
			return false, err
		}
	}
	if l.WhenClosed.Redirect && state == link.LimitReached && r.Method != http.MethodPost && !p.isOurs(r, b, to) {
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, to.Href, http.StatusFound)
		return true, nil
	}
	*closed = withDestination(*closed, to)
	return false, nil
}

// isOurs reports whether an address elsewhere is one of ours: it may lead here again, by
// one of our own redirects, and a browser would go round for ever. Links lead to our own by
// their next link, whose cycles are refused; an address of ours is a button.
func (p *Public) isOurs(r *http.Request, b business.Business, to destination) bool {
	if to.to != nil {
		return false
	}
	u, err := url.Parse(to.Href)
	return err != nil || slices.Contains([]string{r.Host, p.Addresses.Host(), p.Addresses.HostOf(string(b.ID), "")}, u.Host)
}

// reachedNow is a link whose last place was used since it was read.
func reachedNow(l link.Link) link.Link {
	l.Slots.Used = max(l.Slots.Used, l.Limit.Max)
	return l
}

// carryVisit begins the visit of another link as the one of this link began, so that the
// first way here counts. Whose message it was stays with the link that was sent.
func (p *Public) carryVisit(w http.ResponseWriter, r *http.Request, from, to link.Link) error {
	came, _ := p.arrivals.Came(r, r.Referer(), offer.Offer{Link: &from})
	before, known := p.Session(r, string(from.ID))
	if came.Channel != source.Direct || !known {
		id := before.ID
		before = frame.CameBy(came, "")
		before.ID = id
	}
	if before.Channel == source.Direct {
		return nil
	}
	s, err := p.Continued(r, string(to.ID), source.Source{Channel: before.Channel}, "")
	if err != nil {
		return err
	}
	before.ID, before.Token = s.ID, ""
	p.Remember(w, string(to.ID), before)
	return nil
}
