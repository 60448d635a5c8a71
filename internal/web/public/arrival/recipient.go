package arrival

import (
	"net/http"
	"net/url"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/delivery"
	"smartlinks/internal/message"
	"smartlinks/internal/secret"
	"smartlinks/internal/visit/source"
	"smartlinks/internal/web/host"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// ShortLink is /r/{token}: the way to the link that a message carries. Nothing is
// stored or counted here; the page that it leads to does that. The token stays in
// the cookie of the visit, so that it stands in no address which people copy; that
// of the payer is set beside it. Without cookies the address still says the
// channel.
func (p *Arrivals) ShortLink(w http.ResponseWriter, r *http.Request) error {
	found, err := p.landingOf(r, r.PathValue("token"))
	if err == nil && frame.Foreign(r, found.BusinessID) {
		err = frame.ErrNoSuchLink
	}
	if err != nil {
		return err
	}
	if to := p.recipientAt(r, found); to != "" {
		return frame.AtDomain(w, r, to) // where the page is, its cookies are
	}
	s, _ := p.Session(r, found.Target)
	if s.ID == "" {
		if s.ID, err = secret.Token(p.DB.Random()); err != nil {
			return err
		}
	}
	p.Remember(w, found.Target, frame.Session{ID: s.ID, Channel: found.Channel, Detail: found.Detail, Token: r.PathValue("token")})
	if _, err := p.KeepPayer(w, r); err != nil {
		return err
	}
	query := url.Values{frame.ViaParameter: {string(found.Channel)}}
	came := found.Answers
	if len(frame.CameWith(came)) == 0 { // a payment that goes on keeps its own
		came = frame.SaidBy(r)
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex")
	b := business.Business{Handle: found.Handle}
	if at, is := host.Of(r); is {
		b.Host = at.Host
	}
	http.Redirect(w, r, p.Href(b, frame.GoOn(found.Page, came, query)), http.StatusFound)
	return nil
}

// recipientAt is the same short link at the host where the link's page is, "" when that
// was asked.
func (p *Arrivals) recipientAt(r *http.Request, found landing) string {
	name := p.Addresses.HostOf(string(found.BusinessID), found.Domain)
	at, _ := host.Of(r)
	if _, can := found.Page.OnDomain(); !can {
		name = ""
	} else if name == "" {
		return "" // the page is wherever it is asked for
	}
	if at.Host == name {
		return ""
	}
	return p.Addresses.OnHost(name, frame.GoOn(address.Recipient(r.PathValue("token")), frame.SaidBy(r), url.Values{}))
}

// byToken finds whose token it is, without asking the database for what can be
// none.
func (p *Arrivals) byToken(r *http.Request, token string) (delivery.Found, error) {
	if !frame.LikeToken(token) {
		return delivery.Found{}, frame.ErrNoSuchLink
	}
	return p.Deliveries.ByToken(r.Context(), token)
}

// Came is how the visitor came to the offer, and by whose message: the address
// says the channel, the cookie that /r/ has set says which message it was.
func (p *Arrivals) Came(r *http.Request, referrer string, o offer.Offer) (source.Source, string) {
	came := source.ChannelOf(r.URL.Query(), referrer, p.Here(r))
	if !r.URL.Query().Has(frame.ViaParameter) {
		return came, ""
	}
	s, known := p.Session(r, o.Target())
	if !known || s.Token == "" || s.Channel != came.Channel {
		return came, ""
	}
	came.Detail = s.Detail
	return came, s.Token
}

// channelOf is a reminder's own channel, which says in its detail by which way
// it went.
func channelOf(f delivery.Found) (source.Channel, string) {
	switch {
	case f.Kind == delivery.KindReminder:
		return source.Reminder, string(f.Channel)
	case f.Channel == message.BySMS:
		return source.SMS, ""
	}
	return source.Email, ""
}
