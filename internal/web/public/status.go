package public

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
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/waitinglist"
	"smartlinks/internal/web/host"
)

// returnsWithin is how long after the payment any browser is led on to the merchant:
// banks' apps return payers in another one than they paid in. Later only the payer's is,
// because a payment's id stands in many places and the signed address opens something.
const returnsWithin = time.Hour

// showPayment is where the provider sends the payer back to: how the payment
// stands, whether money moved, and what to do. Whose it is, and the receipt, are for
// its payer alone.
func (p *Public) showPayment(w http.ResponseWriter, r *http.Request) error {
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
	if v.Status() == payment.StatusPaid && l != nil && l.After.RedirectURL != "" && (mine || p.DB.Clock().Now().Sub(v.PaidAt.UTC()) < returnsWithin) {
		to, err := p.signed(r.Context(), b, v, l.After.Destination())
		if err != nil {
			return err
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	if mine && v.Provider == banktransfer.Name && v.Status() == payment.StatusPending {
		return p.showTransfer(w, r, offer{Business: b, Link: l}, v)
	}
	if wait := p.refreshAfter(v); wait > 0 {
		// A header, not a meta element: assistive tools warn of the latter.
		w.Header().Set("Refresh", strconv.Itoa(int(wait/time.Second)))
	}
	t := p.localizerIn(r, &b, v.Payer.Language)
	s := paymentPageView{Business: b, View: v, Link: l, Back: p.back(r, b, v, l, t, mine), Key: r.URL.Query().Get(receiptKey), Mine: mine}
	if s.ReceiptTo, err = p.Messages.ReceiptTo(r.Context(), p.DB, b.ID, v.ID); err != nil {
		return err
	}
	return p.showStateIn(w, r, &b, t, paymentState(t, s))
}

// paymentStatus is the same for programs.
func (p *Public) paymentStatus(w http.ResponseWriter, r *http.Request) error {
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
func (p *Public) synced(r *http.Request) (payment.View, business.Business, error) {
	none := fault.New(fault.NotFound, "There is no such payment.")
	name := r.PathValue("attempt")
	if !id.Valid("pay", name) {
		return payment.View{}, business.Business{}, none
	}
	v, err := p.Payments.ByPublicID(r.Context(), payment.ID(name))
	if err == nil && foreign(r, v.BusinessID) {
		err = none
	}
	if err != nil {
		return payment.View{}, business.Business{}, err
	}
	if v.Unsettled() {
		if err := p.Payments.SyncThrottled(r.Context(), v.BusinessID, v.ID); err != nil {
			p.Log.WarnContext(r.Context(), "payment not checked on return", "payment", v.ID.Code(), "error", err)
		} else if v, err = p.Payments.ByPublicID(r.Context(), v.ID); err != nil {
			return payment.View{}, business.Business{}, err
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
func (p *Public) isPayers(r *http.Request, v payment.View) bool {
	same := func(a, b string) bool { return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
	return same(v.BrowserKey, payerKey(p.payerID(r), v.BusinessID)) || same(v.ReceiptToken, r.URL.Query().Get(receiptKey)) ||
		p.IsMember != nil && p.IsMember(r, v.BusinessID)
}

// linkOf is the link that was paid; nil when there was none, or it is gone.
func (p *Public) linkOf(r *http.Request, b business.Business, v payment.View) (*link.Link, error) {
	if v.LinkID == "" {
		return nil, nil
	}
	l, err := p.Links.Get(r.Context(), b, v.LinkID)
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

// refreshAfter is when the page asks anew; 0 when nothing more is awaited.
func (p *Public) refreshAfter(v payment.View) time.Duration {
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
func (p *Public) back(r *http.Request, b business.Business, v payment.View, l *link.Link, t i18n.Localizer, mine bool) string {
	to := address.PaymentPage(b.Handle)
	switch {
	case l != nil:
		to = address.Link(b.Handle, l.Path)
	case v.ProductSlug != "":
		to = address.Product(b.Handle, v.ProductSlug)
	}
	query := url.Values{switchField: {t.Lang()}}
	if !mine { // whose order it is, is not for everybody
		return p.href(b, to.WithQuery(query.Encode()))
	}
	if l != nil {
		token, err := p.Waiting.ReturnedBy(r.Context(), v.Attempt)
		if err != nil {
			p.Log.WarnContext(r.Context(), "the offer of a payment can't be read", "payment", v.ID.Code(), "error", err)
		}
		if token != "" {
			query.Set(waitinglist.OfferParameter, token)
		}
	}
	return p.href(b, goOn(to, v.Answers, query))
}
