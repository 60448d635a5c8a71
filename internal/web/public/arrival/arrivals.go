// Package arrival tells how a visitor came to a page, keeps it for their payment, and records
// that the page was opened.
package arrival

import (
	"net/http"
	"net/netip"

	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/recovery"
	"smartlinks/internal/visit"
	"smartlinks/internal/visit/source"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// Config is what arrivals need.
type Config struct {
	Visits *visit.Recorder
	// Deliveries know whose the short links are.
	Deliveries *delivery.Deliveries
	// Recoveries bring back what was typed in payments that were not finished.
	Recoveries *recovery.Recoveries
	Payments   *payment.Payments
	Links      *link.Links
	// Country is where an address is in use, as two letters, "" where that is not known; nil:
	// nobody knows.
	Country func(netip.Addr) string
}

// Arrivals tell how visitors came, and record it.
type Arrivals struct {
	*frame.Base
	Config
	agents  *source.Agents
	zones   zones
	viewers *guard.Meter[netip.Prefix] // by network
}

// New returns them.
func New(b *frame.Base, c Config) *Arrivals {
	return &Arrivals{Base: b, Config: c, agents: source.NewAgents(keptAgents), viewers: guard.NewMeter[netip.Prefix](viewsAtOnce, viewsPerSecond)}
}

// keptAgents is how many browsers' names are kept read, of 1 KB each at most.
const keptAgents = 2_000

// How many views of one visitor's network are stored: each is a row for as long as the
// link lives. A hall full of people who open a link at once has room; a machine that
// opens pages all day long does not fill the disk.
const (
	viewsAtOnce    = 1500
	viewsPerSecond = 5
)

// Attribution is how the payer of an offer came, which is copied into their payment.
func (p *Arrivals) Attribution(r *http.Request, o offer.Offer) attempt.Attribution {
	s, known := p.Session(r, o.Target())
	if !known { // no cookies: the form's URL still tells where the visitor came from
		came, token := p.Came(r, "", o)
		s = frame.CameBy(came, token)
		if before := p.PayerID(r); before != "" { // the visit ended: its attempt is still found
			s.ID = frame.PayerKey(before, o.Business.ID)[:frame.TokenLength]
		}
	}
	agent := p.agents.Parse(r.UserAgent())
	return attempt.Attribution{
		Channel: string(s.Channel), Detail: s.Detail, Campaign: s.Campaign, RecipientToken: s.Token, VisitID: s.ID, MaskedIP: guard.MaskedIP(r), Address: guard.ClientIP(r),
		Referrer: s.Referrer, Browser: agent.Browser, OS: agent.OS, Country: p.country(r), Device: agent.Device, Language: source.BaseLanguage(source.FirstLanguage(r.Header.Get("Accept-Language"))),
	}
}
