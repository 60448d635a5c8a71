// Package optout has the pages on which the reader of a message opts out, or back in.
package optout

import (
	"net/http"

	"smartlinks/internal/address"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/message"
	"smartlinks/internal/payment"
	"smartlinks/internal/recovery"
	"smartlinks/internal/web/public/frame"
)

// Pages are the pages on which readers of messages opt out.
type Pages struct {
	*frame.Base
	deliveries *delivery.Deliveries
	recoveries *recovery.Recoveries
	payments   *payment.Payments
}

// New returns the pages.
func New(b *frame.Base, d *delivery.Deliveries, r *recovery.Recoveries, p *payment.Payments) *Pages {
	return &Pages{b, d, r, p}
}

// optOutView is the page on which the reader of a message opts out, or back in.
type optOutView struct {
	frame.Frame
	Title, Text, Button, Note string
	Done                      bool   // opted out
	Again                     string // where the button of a Done page takes it back; "" for none
}

// ShowOptOut asks whether the reader means it. Programs follow every link of a
// mail, so a GET changes nothing.
func (p *Pages) ShowOptOut(w http.ResponseWriter, r *http.Request) error {
	found, err := p.byOptOutToken(r)
	if err != nil {
		return err
	}
	out, err := p.deliveries.HasOptedOut(r.Context(), found.Found)
	if err != nil {
		return err
	}
	return p.showOptOutPage(w, r, found, out)
}

// OptOut opts out. It is what mail programs post for their own button (RFC 8058),
// so it needs neither cookie nor referrer, and it never redirects.
func (p *Pages) OptOut(w http.ResponseWriter, r *http.Request) error {
	found, err := p.byOptOutToken(r)
	if err != nil {
		return err
	}
	if found.recovery == "" {
		err = p.deliveries.OptOutByToken(r.Context(), r.PathValue("token"))
	} else {
		err = p.DB.InTx(r.Context(), func(tx *db.Tx) error {
			return p.deliveries.OptOut(r.Context(), tx, found.BusinessID, found.Channel, found.Address)
		})
	}
	if err != nil {
		return err
	}
	return p.showOptOutPage(w, r, found, true)
}

// OptIn takes an opting out back. That is a consent, so it takes the button of
// the page itself: a browser's word that the form came from there, not the mere absence
// of a word against it.
func (p *Pages) OptIn(w http.ResponseWriter, r *http.Request) error {
	found, err := p.byOptOutToken(r)
	if err != nil {
		return err
	}
	if !p.fromOurPage(r) {
		return fault.New(fault.Forbidden, "Open the page of your message and press the button there.")
	}
	if found.recovery == "" {
		err = p.deliveries.OptInByToken(r.Context(), r.PathValue("token"))
	} else {
		err = p.DB.InTx(r.Context(), func(tx *db.Tx) error {
			return p.deliveries.OptIn(r.Context(), tx, found.BusinessID, found.Channel, found.Address)
		})
	}
	if err != nil {
		return err
	}
	return p.showOptOutPage(w, r, found, false)
}

// fromOurPage reports whether a browser says that a request comes from a page of ours.
func (p *Pages) fromOurPage(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	return r.Header.Get("Origin") == p.OriginOf(r)
}

// optOutTarget is whose messages a token stops. recovery is set for mails about payments that were
// not finished, which no customer need stand behind.
type optOutTarget struct {
	delivery.Found
	recovery recovery.ID
}

// byOptOutToken finds whose token the path holds, without asking the database for what
// can be none.
func (p *Pages) byOptOutToken(r *http.Request) (found optOutTarget, err error) {
	token := r.PathValue("token")
	if !frame.LikeToken(token) {
		return found, frame.ErrNoSuchLink
	}
	if found.Found, err = p.deliveries.ByOptOutToken(r.Context(), token); fault.Is(err, fault.NotFound) {
		found, err = p.optOutOfRecovery(r, token)
	}
	if err == nil && frame.Foreign(r, found.BusinessID) {
		err = frame.ErrNoSuchLink
	}
	return found, err
}

// optOutOfRecovery finds whose mail it is. The address stands in the attempt alone; once that
// has forgotten it, there is nobody left who is written to.
func (p *Pages) optOutOfRecovery(r *http.Request, token string) (optOutTarget, error) {
	mail, err := p.recoveries.ByOptOutToken(r.Context(), token)
	if err != nil {
		return optOutTarget{}, err
	}
	v, err := p.payments.Get(r.Context(), mail.BusinessID, mail.AttemptID)
	if err == nil && v.Payer.Email == "" {
		err = frame.ErrNoSuchLink
	}
	return optOutTarget{delivery.Found{BusinessID: mail.BusinessID, Channel: message.ByEmail, Address: v.Payer.Email}, mail.ID}, err
}

func (p *Pages) showOptOutPage(w http.ResponseWriter, r *http.Request, found optOutTarget, out bool) error {
	b, err := p.Businesses.ByID(r.Context(), found.BusinessID)
	if err != nil {
		return err
	}
	token := r.PathValue("token")
	can := found.recovery != "" // its token is for nothing else
	if !can {
		if can, err = p.deliveries.CanOptIn(r.Context(), token); err != nil {
			return err
		}
	}
	t := p.Localizer(r, &b)
	v := optOutViewOf(t, found.Found, b.Name, out)
	v.Frame = p.Frame(t, &b, v.Title)
	if out && can {
		v.Again = address.OptIn(token).String()
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex")
	return frame.Render(w, r, http.StatusOK, optOutPage(v))
}

func optOutViewOf(t i18n.Localizer, found delivery.Found, name string, out bool) optOutView {
	address := frame.Masked(found.Channel, found.Address)
	sms := found.Channel == message.BySMS
	switch {
	case out && sms:
		return optOutView{Title: t.T("stop.done_sms", "Business", name), Text: t.T("stop.done_text", "Address", address), Button: t.T("stop.again"), Done: true}
	case out:
		return optOutView{Title: t.T("stop.done_email", "Business", name), Text: t.T("stop.done_text", "Address", address), Button: t.T("stop.again"), Done: true}
	case sms:
		return optOutView{Title: t.T("stop.title_sms", "Business", name), Text: t.T("stop.text", "Address", address), Button: t.T("stop.button"), Note: t.T("stop.note")}
	}
	return optOutView{Title: t.T("stop.title_email", "Business", name), Text: t.T("stop.text", "Address", address), Button: t.T("stop.button"), Note: t.T("stop.note")}
}
