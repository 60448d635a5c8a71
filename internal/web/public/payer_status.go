package public

import (
	"net/http"
	"strconv"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/delivery"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/web/payform"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
	"smartlinks/internal/web/public/paymentpage"
)

// asked is to whom the message went that led here.
type asked struct{ delivery.Addressee }

// isAddress reports whether an e-mail address is theirs.
func (a *asked) isAddress(typed string) bool {
	address, err := mailaddr.Parse(typed)
	return a != nil && err == nil && address.Folded == a.EmailFolded
}

// payerStatus is what this visitor has going at an offer.
type payerStatus struct {
	history.PayerStatuses
	Request *asked // whose message led here, nil without one
	// Recovered is what the mail brings back that led here, nil without one.
	Recovered *history.View
}

// onceMoreParameter asks for the form of a payer who has paid: it is the code of
// the payment that they were told of, in the address and in the form. So neither
// counts any more once that form was paid too.
const onceMoreParameter = "once_more"

// startAgainParameter asks for the form of a payer whose checkout is open.
const startAgainParameter = "start_again"

// requestFor is how long a recipient's own link fills in who they are.
const requestFor = 90 * 24 * time.Hour

// payerStatusOf tells what the visitor has going. Without a cookie it costs nothing. Of
// what may have been paid meanwhile the provider is asked first, so that nobody is
// shown a form for what they have paid.
func (p *Public) payerStatusOf(r *http.Request, o offer.Offer) (payerStatus, error) {
	q, request, err := p.payerQuery(r, o)
	if err != nil {
		return payerStatus{}, err
	}
	back, err := p.arrivals.Recovered(r, o, &q)
	if err != nil || q.BrowserKey == "" && q.Request == nil && back == nil {
		return payerStatus{}, err
	}
	is, err := p.Payments.PayerStatuses(r.Context(), q)
	if err != nil {
		return payerStatus{}, err
	}
	asked := false
	for _, live := range []*history.View{is.Mine.Live(), is.Theirs.Live()} {
		if live == nil {
			continue
		}
		if err := p.Payments.SyncThrottled(r.Context(), live.BusinessID, live.ID); err != nil {
			p.Log.WarnContext(r.Context(), "payment not checked for its payer", "payment", live.ID.Code(), "error", err)
			continue
		}
		asked = true
	}
	if asked {
		if is, err = p.Payments.PayerStatuses(r.Context(), q); err != nil {
			return payerStatus{}, err
		}
	}
	return payerStatus{PayerStatuses: is, Request: request, Recovered: back}, nil
}

// payerQuery says who asks: by the browser's cookie, and by the message that led
// here.
func (p *Public) payerQuery(r *http.Request, o offer.Offer) (history.PayerQuery, *asked, error) {
	q := history.PayerQuery{BusinessID: o.Business.ID, Mode: o.Business.Mode, BrowserKey: frame.PayerKey(p.PayerID(r), o.Business.ID)}
	if o.Product != nil {
		q.ProductID = o.Product.ID
	}
	if o.Link == nil {
		return q, nil, nil
	}
	q.LinkID = o.Link.ID
	s, known := p.Session(r, o.Target())
	if !known || s.Token == "" {
		return q, nil, nil
	}
	to, found, err := p.Deliveries.AddresseeOf(r.Context(), o.Business.ID, s.Token)
	if err != nil || !found || to.LinkID != o.Link.ID {
		return q, nil, err
	}
	q.Request = requestOf(to, *o.Link)
	return q, &asked{to}, nil
}

func requestOf(to delivery.Addressee, l link.Link) *history.Request {
	return &history.Request{
		Recipient: string(to.RecipientID), Customer: to.CustomerID, Email: to.EmailFolded, Since: to.Since, Once: l.Limit.Kind == link.Once,
	}
}

// ownPage is the page that stands in the place of the form; false when the form
// is shown, with what is said above it.
func (p *Public) ownPage(r *http.Request, o offer.Offer, is payerStatus) (frame.State, i18n.Localizer, bool, error) {
	t, mine := p.Localizer(r, &o.Business), is.Mine
	say := func(v history.View) paymentpage.PageView {
		return paymentpage.PageView{Business: o.Business, View: v, Link: o.Link, Back: r.URL.RequestURI(), Mine: true}
	}
	asks := r.URL.Query()
	_, kept := p.keptFor(r, o)
	switch {
	case mine.UnderWay != nil:
		return p.followed(t, say(*mine.UnderWay)), t, true, nil
	case mine.Open != nil && mine.Open.CheckoutURL == "", mine.Closing != nil && mine.Open == nil:
		v := mine.Open
		if v == nil {
			v = mine.Closing
		}
		return p.followed(t, say(*v)), t, true, nil
	case mine.Open != nil && !asks.Has(startAgainParameter):
		last, err := p.lastSlot(r, o)
		if err != nil || last {
			return paymentpage.HoldState(t, o, *mine.Open, true, stepAddress(r, t, startAgainParameter, "yes")), t, last, err
		}
	}
	switch {
	case mine.Paid != nil && o.SettledByOne() && !kept && asks.Get(onceMoreParameter) != mine.Paid.ID.Code() && mine.Open == nil:
		return paymentpage.OwnPaidState(t, o, *mine.Paid, onceMoreAddress(r, t, *mine.Paid, "")), t, true, nil
	case mine.Paid != nil || mine.Open != nil:
		return frame.State{}, t, false, nil
	case is.Theirs.UnderWay != nil:
		return paymentpage.RequestPendingState(t, o, *is.Theirs.UnderWay), t, true, nil
	case is.Theirs.Paid != nil:
		return paymentpage.RequestPaidState(t, o, *is.Theirs.Paid), t, true, nil
	case is.Theirs.Open != nil && !asks.Has(startAgainParameter):
		last, err := p.lastSlot(r, o)
		return paymentpage.HoldState(t, o, *is.Theirs.Open, is.Request.isAddress(is.Theirs.Open.Payer.Email), stepAddress(r, t, startAgainParameter, "yes")), t, last, err
	}
	return frame.State{}, t, false, nil
}

// followed is the page of a payment that is not settled. The page that follows by
// itself is the payment's own, as each opening of the link is a view.
func (p *Public) followed(t i18n.Localizer, s paymentpage.PageView) frame.State {
	told := paymentpage.State(t, s).Forgettable()
	if wait := p.payment.RefreshAfter(s.View); wait > 0 {
		told.Refresh = strconv.Itoa(int(wait/time.Second)) + "; url=" + s.Own()
	}
	return told
}

// lastSlot reports whether nobody else can pay now.
func (p *Public) lastSlot(r *http.Request, o offer.Offer) (bool, error) {
	if o.Link == nil || !o.Link.Limit.Limited() {
		return false, nil
	}
	l, err := p.Links.Get(r.Context(), o.Business, o.Link.ID)
	return l.Free() <= 0, err
}

// onceMoreAddress is the second step of who pays again; amount is what they typed,
// "" for nothing.
func onceMoreAddress(r *http.Request, t i18n.Localizer, told history.View, amount string) string {
	if amount != "" {
		return stepAddress(r, t, onceMoreParameter, told.ID.Code(), offer.AmountField, amount)
	}
	return stepAddress(r, t, onceMoreParameter, told.ID.Code())
}

// stepAddress is the page's own address with something more, for a second step on it.
func stepAddress(r *http.Request, t i18n.Localizer, parameters ...string) string {
	query := r.URL.Query()
	query.Del(frame.ViaParameter)
	query.Set(frame.SwitchField, t.Lang())
	for i := 0; i+1 < len(parameters); i += 2 {
		query.Set(parameters[i], parameters[i+1])
	}
	return r.URL.EscapedPath() + "?" + query.Encode()
}

// showOwnState shows the page that stands in the place of the form, with the status of
// the link; false when there is none.
func (p *Public) showOwnState(w http.ResponseWriter, r *http.Request, o offer.Offer, is payerStatus, status int) (bool, error) {
	if done, err := p.payment.ShowOwnTransfer(w, r, o, is.Mine.UnderWay, status); done || err != nil {
		return done, err
	}
	s, t, told, err := p.ownPage(r, o, is)
	if err != nil || !told {
		return false, err
	}
	if s.Status = status; s.Refresh != "" {
		w.Header().Set("Refresh", s.Refresh)
	}
	return true, p.ShowStateIn(w, r, &o.Business, t, s)
}

// showClosed is a link that takes no payments now, for who has paid it or is
// paying: they are told of that instead. All others see why it is closed.
func (p *Public) showClosed(w http.ResponseWriter, r *http.Request, b business.Business, l link.Link, closed frame.State) error {
	o := offer.Offer{Business: b, Link: &l, Title: l.Name, Closed: &closed}
	if r.Method == http.MethodPost {
		if err := r.ParseForm(); err == nil && r.PostForm.Has(frame.ForgetField) {
			return p.Forget(w, r, o.Target())
		}
	}
	is, err := p.payerStatusOf(r, o)
	if err != nil { // the page wins
		p.Log.WarnContext(r.Context(), "what the payer has going can't be read", "error", err)
	}
	if done, err := p.showOwnState(w, r, o, is, closed.Status); done || err != nil {
		return err
	}
	if v := is.Mine.Returned; v != nil {
		return p.ShowState(w, r, &b, paymentpage.State(p.Localizer(r, &b), paymentpage.PageView{Business: b, View: *v, Link: &l, Mine: true}).Forgettable())
	}
	if done, err := p.showUsedOffer(w, r, b, l); done || err != nil {
		return err
	}
	if done, err := p.toDestination(w, r, b, l, &closed); done || err != nil {
		return err
	}
	_, offered := p.offerOf(r, l)
	if !offered && (closed.Status == http.StatusGone || l.Status() == link.LimitReached) { // also before its start, while others wait
		closed.Join = p.joining(r.Context(), b, l, closed)
	}
	return p.ShowState(w, r, &b, closed)
}

// above is what is said above a form to a visitor who has something going.
type above struct {
	Text        string
	Label, Href string // where to go instead, "" for nowhere
	NotYou      bool
}

// fill puts into the form what this browser typed before, else who the request is
// for, and says why above it.
func (p *Public) fill(r *http.Request, o offer.Offer, is payerStatus, f form, filled bool) (form, *above) {
	t, mine := p.Localizer(r, &o.Business), is.Mine
	typed := func(v *history.View) {
		if filled {
			return
		}
		f.Name, f.Email, f.Notes, f.asked = v.Payer.Name, v.Payer.Email, v.Payer.Notes, payform.Again(o.AsksIn(t), v.Parts(), v.Answers)
		if mine.Paid == nil {
			f.asked.TypeCode(v.Code)
			p.readCode(r, o, &f)
		}
		if !o.Fixed {
			f.Amount = typedIn(t, v.Unit) // tip and costs come on top again
		}
	}
	if mine.Paid != nil {
		f.onceMore = mine.Paid.ID.Code()
	}
	e, kept := p.keptFor(r, o)
	switch {
	case mine.Open != nil:
		typed(mine.Open)
		return f, &above{t.T("own.open"), t.T("own.back"), mine.Open.CheckoutURL, true}
	case is.Recovered != nil && (mine.Ended == nil || mine.Ended.ID <= is.Recovered.ID):
		typed(is.Recovered)
		return f, &above{Text: t.T("own.recovered"), NotYou: true}
	case mine.Ended != nil:
		typed(mine.Ended)
		return f, &above{Text: endedText(t, o.Business, *mine.Ended), NotYou: true}
	case mine.Paid != nil && kept: // one more, perhaps for somebody else: who has paid types anew
		return f.offered(e), offeredNote(t, o, e)
	case mine.Paid != nil:
		typed(mine.Paid)
		return f, &above{t.T("own.second", "Amount", frame.Sum(t, mine.Paid.Amount), "Date", paymentpage.DayOf(t, o.Business, mine.Paid.PaidAt)), t.T("paid.download"), address.Receipt(mine.Paid.ID, "").String(), true}
	case is.Request != nil && !is.Request.OptedOut && p.DB.Clock().Now().Sub(is.Request.SentAt) < requestFor && !filled && is.Request.Email != "":
		f.Name, f.Email = is.Request.Name, is.Request.Email
		return f, &above{Text: t.T("own.prefilled", "Name", firstOf(is.Request.Name, is.Request.Email)), NotYou: true}
	}
	return f, nil
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// endedText says how the last try ended, and that no money moved. A transfer may be on its
// way all the same.
func endedText(t i18n.Localizer, b business.Business, v history.View) string {
	switch v.Status() {
	case history.StatusFailed:
		return t.T("own.failed")
	case history.StatusCanceled:
		return t.T("own.canceled")
	}
	if v.Provider == banktransfer.Name {
		return t.T("transfer.missing") + ". " + t.T("transfer.nothing_to_do", "Business", b.Name)
	}
	return t.T("own.expired")
}
