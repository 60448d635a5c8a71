package public

import (
	"net/http"

	"smartlinks/internal/business"
	"smartlinks/internal/visit"
	"smartlinks/internal/visit/source"
	"smartlinks/internal/web/guard"
)

// record stores that the page was opened and remembers the visit. It returns
// once the view is stored. HEAD is no view.
func (p *Public) record(w http.ResponseWriter, r *http.Request, o offer) error {
	if r.Method != http.MethodGet {
		return nil
	}
	came, token, err := p.came(r, r.Referer(), o)
	if err != nil {
		return err
	}
	s, err := p.continued(r, o.target(), came, token)
	if err != nil {
		return err
	}
	p.remember(w, o.target(), s)
	agent := p.agents.Parse(r.UserAgent())
	class, reason := source.Classify(r.Method, r.Header, agent)
	if o.Business.Mode == business.Test && source.Headless(reason) {
		// In test mode it is the merchant's own browser test. Its payments
		// count, so its views do.
		class, reason = source.Human, ""
	}
	err = p.Visits.Record(r.Context(), visit.View{
		BusinessID: string(o.Business.ID), TargetID: o.target(), Mode: string(o.Business.Mode), At: p.DB.Clock().Now(),
		Class: class, Reason: reason, IP: guard.MaskedIP(r), Browser: agent.Browser, OS: agent.OS,
		Language: source.FirstLanguage(r.Header.Get("Accept-Language")), Referrer: came.Referrer,
		Channel: string(came.Channel), ChannelDetail: came.Detail, Campaign: came.Campaign.String(), RecipientToken: token, VisitID: s.ID,
	})
	if err != nil {
		// The page wins: its view waits in the recorder, or is counted as lost.
		p.Log.WarnContext(r.Context(), "view not stored in time", "target", o.target(), "error", err)
	}
	return nil
}
