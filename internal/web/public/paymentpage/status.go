// Package paymentpage is the page of a payment: how it stands, its receipt, and where to send
// the money of a transfer.
package paymentpage

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/id"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/receipt"
	"smartlinks/internal/waitinglist"
	"smartlinks/internal/web/host"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// returnsWithin is how long after the payment any browser is led on to the merchant:
// banks' apps return payers in another one than they paid in. Later only the payer's is,
// because a payment's id stands in many places and the signed address opens something.
const returnsWithin = time.Hour

// Pages are the pages of a payment: how it stands, its receipt, and where to send
// the money of a transfer.
type Pages struct {
	*frame.Base
	payments  *payment.Payments
	links     *link.Links
	receipts  *receipt.Receipts
	transfers *banktransfer.Transfers
	messages  *message.Messages
	waiting   *waitinglist.List
}

// New returns the pages.
func New(b *frame.Base, payments *payment.Payments, links *link.Links, receipts *receipt.Receipts, transfers *banktransfer.Transfers, messages *message.Messages, waiting *waitinglist.List) *Pages {
	return &Pages{b, payments, links, receipts, transfers, messages, waiting}
}

// Show is where the provider sends the payer back to: how the payment
// stands, whether money moved, and what to do. Whose it is, and the receipt, are for
// its payer alone.
func (p *Pages) Show(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Cache-Control", "no-store")
	v, b, err := p.synced(r)
	if err != nil {
		return err
	}
	l, err := p.linkOf(r, b, v)
	if err != nil {
		return err
	}
	mine := p.isPayers(r, v)
	if v.Status() == history.StatusPaid && l != nil && l.After.RedirectURL != "" && (mine || p.DB.Clock().Now().Sub(v.PaidAt.UTC()) < returnsWithin) {
		to, err := p.signed(r.Context(), b, v, l.After.Destination())
		if err != nil {
			return err
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	if mine && v.Provider == banktransfer.Name && v.Status() == history.StatusPending {
		return p.showTransfer(w, r, offer.Offer{Business: b, Link: l}, v)
	}
	if wait := p.RefreshAfter(v); wait > 0 {
		// A header, not a meta element: assistive tools warn of the latter.
		w.Header().Set("Refresh", strconv.Itoa(int(wait/time.Second)))
	}
	t := p.LocalizerIn(r, &b, v.Payer.Language)
	s := PageView{Business: b, View: v, Link: l, Back: p.back(r, b, v, l, t, mine), Key: r.URL.Query().Get(receiptKey), Mine: mine}
	if s.ReceiptTo, err = p.messages.ReceiptTo(r.Context(), p.DB, b.ID, v.ID); err != nil {
		return err
	}
	return p.ShowStateIn(w, r, &b, t, State(t, s))
}

// Status is the same for programs.
func (p *Pages) Status(w http.ResponseWriter, r *http.Request) error {
	v, _, err := p.synced(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	return json.NewEncoder(w).Encode(map[string]string{"status": string(v.Status())})
}

// synced is the attempt of the URL, after the provider was asked when it isn't
// settled. A provider that doesn't answer is no reason to show nothing.
func (p *Pages) synced(r *http.Request) (history.View, business.Business, error) {
	none := fault.New(fault.NotFound, "There is no such payment.")
	name := r.PathValue("attempt")
	if !id.Valid("pay", name) {
		return history.View{}, business.Business{}, none
	}
	v, err := p.payments.ByPublicID(r.Context(), attempt.ID(name))
	if err == nil && frame.Foreign(r, v.BusinessID) {
		err = none
	}
	if err != nil {
		return history.View{}, business.Business{}, err
	}
	if v.Unsettled() {
		if err := p.payments.SyncThrottled(r.Context(), v.BusinessID, v.ID); err != nil {
			p.Log.WarnContext(r.Context(), "payment not checked on return", "payment", v.ID.Code(), "error", err)
		} else if v, err = p.payments.ByPublicID(r.Context(), v.ID); err != nil {
			return history.View{}, business.Business{}, err
		}
	}
	b, err := p.Businesses.ByID(r.Context(), v.BusinessID)
	if at, is := host.Of(r); is {
		b.Host = at.Host
	}
	return v, b, err
}

// receiptKey is the parameter with a receipt's own token, which only its mail and
// its payer's pages hold.
const receiptKey = address.KeyParameter

// isPayers reports whether its payer looks: the browser that paid, or whoever has
// the mail. The business's own people see it too.
func (p *Pages) isPayers(r *http.Request, v history.View) bool {
	same := func(a, b string) bool { return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
	return same(v.BrowserKey, frame.PayerKey(p.PayerID(r), v.BusinessID)) || same(v.ReceiptToken, r.URL.Query().Get(receiptKey)) ||
		p.IsMember != nil && p.IsMember(r, v.BusinessID)
}

// linkOf is the link that was paid; nil when there was none, or it is gone.
func (p *Pages) linkOf(r *http.Request, b business.Business, v history.View) (*link.Link, error) {
	if v.LinkID == "" {
		return nil, nil
	}
	l, err := p.links.Get(r.Context(), b, v.LinkID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &l, err
}

// How soon the page looks again: at once most banks answer, then they take days.
const (
	soon     = 3 * time.Second
	patient  = time.Minute
	soonLong = 10 * time.Minute
)

// RefreshAfter is when the page asks anew; 0 when nothing more is awaited.
func (p *Pages) RefreshAfter(v history.View) time.Duration {
	switch {
	case !v.Unsettled():
		return 0
	case p.DB.Clock().Now().Sub(v.CreatedAt) > soonLong:
		return patient
	}
	return soon
}

// back is the page to try again on, which knows its payer again and has what they
// typed, and the place that is kept for them.
func (p *Pages) back(r *http.Request, b business.Business, v history.View, l *link.Link, t i18n.Localizer, mine bool) string {
	to := address.PaymentPage(b.Handle)
	switch {
	case l != nil:
		to = address.Link(b.Handle, l.Path)
	case v.ProductSlug != "":
		to = address.Product(b.Handle, v.ProductSlug)
	}
	query := url.Values{frame.SwitchField: {t.Lang()}}
	if !mine { // whose order it is, is not for everybody
		return p.Href(b, to.WithQuery(query.Encode()))
	}
	if l != nil {
		token, err := p.waiting.ReturnedBy(r.Context(), v.Attempt)
		if err != nil {
			p.Log.WarnContext(r.Context(), "the offer of a payment can't be read", "payment", v.ID.Code(), "error", err)
		}
		if token != "" {
			query.Set(waitinglist.OfferParameter, token)
		}
	}
	return p.Href(b, frame.GoOn(to, v.Answers, query))
}
