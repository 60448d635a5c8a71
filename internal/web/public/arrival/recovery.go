package arrival

import (
	"net/http"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/visit/source"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// landing is where a token of /r/ leads.
type landing struct {
	BusinessID business.ID
	Handle     string
	Domain     string // that the link chose, "" for none
	Target     string // what a view of the page counts for
	Page       address.Path
	Channel    source.Channel
	Detail     string
	Answers    checkout.Answers // of the attempt that goes on there
}

// landingOf finds where a token leads: that of a message which carries a link, or that of the
// mail about a payment which was not finished.
func (p *Arrivals) landingOf(r *http.Request, token string) (landing, error) {
	found, err := p.byToken(r, token)
	if fault.Is(err, fault.NotFound) && frame.LikeToken(token) {
		return p.landingOfRecovery(r, token)
	}
	if err != nil {
		return landing{}, err
	}
	if found.Deleted {
		return landing{}, frame.ErrNoSuchLink
	}
	to := landing{BusinessID: found.BusinessID, Handle: found.Handle, Domain: found.Domain, Target: string(found.LinkID), Page: address.Link(found.Handle, found.Path)}
	to.Channel, to.Detail = channelOf(found)
	return to, nil
}

// landingOfRecovery is the page at which an attempt began: also once its token brings nothing back.
func (p *Arrivals) landingOfRecovery(r *http.Request, token string) (landing, error) {
	mail, err := p.Recoveries.ByToken(r.Context(), token)
	if err != nil {
		return landing{}, err
	}
	v, err := p.Payments.Get(r.Context(), mail.BusinessID, mail.AttemptID)
	if err != nil {
		return landing{}, err
	}
	b, err := p.Businesses.ByID(r.Context(), mail.BusinessID)
	if err != nil {
		return landing{}, err
	}
	to := landing{BusinessID: b.ID, Handle: b.Handle, Target: v.Target(), Page: address.PaymentPage(b.Handle), Channel: source.Recovery}
	switch {
	case v.LinkID != "":
		l, err := p.Links.Get(r.Context(), b, v.LinkID)
		if err != nil {
			return landing{}, err
		}
		to.Domain, to.Page = l.Domain, address.Link(b.Handle, l.Path)
	case v.ProductSlug != "":
		to.Page = address.Product(b.Handle, v.ProductSlug)
	}
	to.Answers = checkout.Answers{Reference: v.Answers.Reference} // not utm_…: this mail is how they came
	return to, nil
}

// Recovered is the attempt that the mail brings back which led here, nil without one. Of
// one that was paid meanwhile q learns whose payment to tell of, so that nobody pays twice
// who opens the mail in another browser.
func (p *Arrivals) Recovered(r *http.Request, o offer.Offer, q *history.PayerQuery) (*history.View, error) {
	s, known := p.Session(r, o.Target())
	if !known || s.Channel != source.Recovery || s.Token == "" {
		return nil, nil
	}
	v, may, err := p.Recoveries.Restore(r.Context(), o.Business.ID, s.Token)
	if err != nil || v.ID == "" || v.Target() != o.Target() || v.Mode != o.Business.Mode {
		return nil, err
	}
	if to, err := mailaddr.Parse(v.Payer.Email); err == nil && o.Link != nil && q.Request == nil {
		q.Request = &history.Request{Email: to.Folded, Since: v.CreatedAt, Once: o.Link.Limit.Kind == link.Once}
	}
	if !may {
		return nil, nil
	}
	return &v, nil
}
