package public

import (
	"net/http"
	"strconv"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/calendar"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/waitinglist"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// offerOf is the offer by whose token somebody opens the link's page; false when there is
// none that can be taken now.
func (p *Public) offerOf(r *http.Request, l link.Link) (waitinglist.Entry, bool) {
	token := r.URL.Query().Get(waitinglist.OfferParameter)
	if len(token) != waitingTokenLength || !frame.Plain(token) {
		return waitinglist.Entry{}, false
	}
	e, err := p.Waiting.ByToken(r.Context(), token)
	if err != nil { // a stranger's guess, or the database is away: the page is as for everybody
		return waitinglist.Entry{}, false
	}
	return e, e.LinkID == l.ID && e.Valid(p.DB.Clock().Now())
}

// keptFor is the offer of a place by whose token somebody opens a page, false without one.
func (p *Public) keptFor(r *http.Request, o offer.Offer) (waitinglist.Entry, bool) {
	if o.Link == nil {
		return waitinglist.Entry{}, false
	}
	return p.offerOf(r, *o.Link)
}

// waitedFor is how many units the form of an offer begins with: as many as are kept, so far as
// one payment still buys them.
func waitedFor(o offer.Offer, e waitinglist.Entry) string {
	return strconv.FormatInt(min(max(e.Quantity, o.Rules.Least()), o.Rules.Most()), 10)
}

// endedOffer leads whose offer has ended to the page that says so. Who sends the form only then
// can pay as everybody, where there is room.
func (p *Public) endedOffer(w http.ResponseWriter, r *http.Request, l link.Link) bool {
	e, valid := p.offerOf(r, l)
	open := l.State(p.DB.Clock().Now()) != link.LimitReached
	if l.HasEnded(p.DB.Clock().Now()) { // its own page says so
		return false
	}
	if valid || e.LinkID != l.ID || e.State == waitinglist.Taken || r.Method == http.MethodPost && open {
		return false
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, address.Waiting(e.Token).String(), http.StatusSeeOther)
	return true
}

// showOffer is the form of a link for whom a place is kept, with the end of it on top.
func (p *Public) showOffer(w http.ResponseWriter, r *http.Request, o offer.Offer, filled form, e waitinglist.Entry) error {
	return p.showFormTelling(w, r, http.StatusOK, o, filled.offered(e), offeredNote(p.Localizer(r, &o.Business), o, e))
}

// offered is the form for whom a place is kept.
func (f form) offered(e waitinglist.Entry) form {
	if f.Email == "" {
		f.Email = e.Email
	}
	return f
}

// offeredNote says until when the place is kept, and leads who doesn't want it out.
func offeredNote(t i18n.Localizer, o offer.Offer, e waitinglist.Entry) *above {
	return &above{
		Text:  t.T("waiting.note", "Until", calendar.DateTime(*e.OfferedUntil, o.Business.Location(), t.Lang())),
		Label: t.T("waiting.leave"), Href: address.Waiting(e.Token).Below("leave").String(),
	}
}

// askLeave asks who has an offer whether they mean it: a GET changes nothing.
func (p *Public) askLeave(w http.ResponseWriter, r *http.Request) error {
	e, b, err := p.waitingOf(r)
	if err != nil {
		return err
	}
	l, err := p.Links.Get(r.Context(), b, e.LinkID)
	if err != nil {
		return err
	}
	if !e.Valid(p.DB.Clock().Now()) {
		return p.showEntry(w, r, b, e)
	}
	t := p.Localizer(r, &b)
	return p.ShowState(w, r, &b, frame.State{
		Status: http.StatusOK, Tone: frame.ToneWait, Icon: "hourglass", Title: l.Name, Text: t.T("waiting.note", "Until", calendar.DateTime(*e.OfferedUntil, b.Location(), t.Lang())),
		Actions: []frame.Action{frame.Primary("arrow-right", t.T("waiting.open"), address.Link(b.Handle, l.Path).With(waitinglist.OfferParameter, e.Token).String())},
		Leave:   t.T("waiting.leave"),
	})
}

// withKept is the offer for who opens it with places that are kept for them.
func (p *Public) withKept(r *http.Request, o offer.Offer) offer.Offer {
	if e, kept := p.keptFor(r, o); kept {
		o.Kept = e.Quantity
	}
	return o
}

// tooFew reports whether a payment buys more by now than is kept for somebody, and no more can
// be had.
func tooFew(l link.Link, e waitinglist.Entry) bool {
	return l.Limit.ByUnits() && offer.Reach(l, e.Quantity) < l.Least()
}

// tooFewState tells them so: no number that they could type would be taken.
func tooFewState(t i18n.Localizer, r *http.Request, b business.Business, l link.Link, e waitinglist.Entry) frame.State {
	s := frame.State{
		Status: http.StatusOK, Tone: frame.ToneFull, Icon: "ticket-x", Title: t.T("waiting.few_title"),
		Text: t.T("waiting.few_text", "Link", l.Name, "Least", strconv.FormatInt(l.Least(), 10), "Kept", strconv.FormatInt(e.Quantity, 10),
			"Until", calendar.DateTime(*e.OfferedUntil, b.Location(), t.Lang())),
		Well: &frame.Well{Title: l.Name},
	}
	if r.Method == http.MethodPost {
		s.Status = http.StatusConflict
	}
	s = s.WithContact(t, b)
	s.Actions = append(s.Actions, frame.Secondary("", t.T("waiting.leave"), address.Waiting(e.Token).Below("leave").String()))
	return s
}

// showUsedOffer tells whose place was used, as in another browser, that it was; false for
// everybody else. It went to nobody else, so nothing is full for them.
func (p *Public) showUsedOffer(w http.ResponseWriter, r *http.Request, b business.Business, l link.Link) (bool, error) {
	e, valid := p.offerOf(r, l)
	if valid || e.LinkID != l.ID || e.State != waitinglist.Taken {
		return false, nil
	}
	return true, p.showEntry(w, r, b, e)
}
