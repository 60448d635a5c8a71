package arrival

import (
	"net/http"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/visit"
	"smartlinks/internal/visit/source"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/public/offer"
)

// Record stores that the page was opened and remembers the visit. It returns
// once the view is stored. HEAD is no view.
func (p *Arrivals) Record(w http.ResponseWriter, r *http.Request, o offer.Offer) error {
	if r.Method != http.MethodGet || !p.countsViews(r) {
		return nil
	}
	came, token := p.Came(r, r.Referer(), o)
	s, err := p.Continued(r, o.Target(), came, token)
	if err != nil {
		return err
	}
	p.Remember(w, o.Target(), s)
	agent := p.agents.Parse(r.UserAgent())
	class, reason := p.classify(r, o.Business, agent)
	now := p.DB.Clock().Now().In(p.zones.of(o.Business))
	err = p.Visits.Record(r.Context(), visit.View{
		BusinessID: string(o.Business.ID), TargetID: o.Target(), Mode: string(o.Business.Mode), At: now, Day: visit.DayOf(now),
		Class: class, Reason: reason, Visitor: p.visitor(r, o, now, class), IP: guard.MaskedIP(r), Browser: agent.Browser, OS: agent.OS, Device: agent.Device, Country: p.country(r),
		Language: source.FirstLanguage(r.Header.Get("Accept-Language")), Referrer: came.Referrer,
		Channel: string(came.Channel), ChannelDetail: came.Detail, Campaign: came.Campaign.String(), RecipientToken: token, VisitID: s.ID,
	})
	if err != nil {
		// The page wins: its view waits in the recorder, or is counted as lost.
		p.Log.WarnContext(r.Context(), "view not stored in time", "target", o.Target(), "error", err)
	}
	return nil
}

// countsViews reports whether a view is stored. Where one network opens more pages than
// a crowd does, they are shown all the same.
func (p *Arrivals) countsViews(r *http.Request) bool {
	if !p.Limits {
		return true
	}
	_, wait, _ := p.viewers.Spend(guard.Network(guard.ClientIP(r)), p.DB.Clock().Wall())
	return wait <= 0
}

// classify says who opened the page. In test mode merchants try their pages,
// with their own browsers and with tests: their payments count, so their views
// do.
func (p *Arrivals) classify(r *http.Request, b business.Business, agent source.Agent) (source.Class, string) {
	class, reason := source.Classify(r.Method, r.Header, agent)
	switch {
	case b.Mode == business.Test && source.Headless(reason):
		return source.Human, ""
	case b.Mode == business.Live && class == source.Human && p.IsMember != nil && p.IsMember(r, b.ID):
		return source.Own, "signed in to this business"
	}
	return class, reason
}

// visitor tells the people of a day apart.
func (p *Arrivals) visitor(r *http.Request, o offer.Offer, now time.Time, class source.Class) int64 {
	if class != source.Human {
		return 0
	}
	return p.Visits.Visitor(r.Context(), now, o.Target(), guard.ClientIP(r), r.UserAgent())
}

// country is where the visitor's network is in use. The address itself is kept masked.
func (p *Arrivals) country(r *http.Request) string {
	if p.Country == nil {
		return ""
	}
	return p.Country(guard.ClientIP(r))
}
