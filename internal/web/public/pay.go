package public

import (
	"errors"
	"math"
	"net/http"
	"strconv"

	"smartlinks/internal/address"
	"smartlinks/internal/checkout"
	"smartlinks/internal/customer"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/payform"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
	"smartlinks/internal/web/public/paymentpage"
)

// pay starts a payment of the offer and leads to the provider's checkout, or
// shows the form again with what is wrong.
func (p *Public) pay(w http.ResponseWriter, r *http.Request, o offer.Offer) error {
	if err := parseForm(r); err != nil {
		return err
	}
	query := r.URL.Query()
	o = p.withKept(r, p.withCodes(r, p.withWay(p.bounded(o).Locked(query), query)))
	f := readForm(r, o)
	if r.PostForm.Has(frame.ForgetField) {
		return p.Forget(w, r, o.Target())
	}
	if o.Unpayable() {
		return p.showUnpayable(w, r, o)
	}
	f.lock(query)
	p.readCode(r, o, &f)
	if !r.PostForm.Has(offer.AmountField) {
		f.Amount = o.Asked
	}
	if suggested := r.PostForm.Get(suggestField); suggested != "" && !o.Fixed {
		f.Amount = suggested
	}
	changes := p.changed(r, o, &f)
	o = o.ChosenBy(p.Localizer(r, &o.Business), f.Amount)
	// Buttons that only change the page, which keeps what is typed.
	if r.PostForm.Has(frame.SwitchField) || r.PostForm.Has(suggestField) || payform.Changes(r.PostForm) {
		f.asked.Recount(o.AsksIn(p.Localizer(r, &o.Business)), &f.wrong)
		if len(changes) > 0 {
			return p.showChanged(w, r, o, f, changes)
		}
		return p.showForm(w, r, http.StatusOK, o, f)
	}
	amount := f.check(p.Localizer(r, &o.Business), o, p.reading(o))
	switch {
	case len(changes) > 0:
		return p.showChanged(w, r, o, f, changes)
	case r.PostForm.Get(honeypotField) != "":
		return p.showHoneypot(w, r, o, f)
	case len(f.wrong) > 0:
		return p.showForm(w, r, http.StatusUnprocessableEntity, o, f)
	case f.asked.Unseen(o.Asks()):
		return p.showTotal(w, r, o, f)
	}
	if err := p.checkPace(w, r); err != nil {
		return err
	}
	// What the provider knows by now counts: the same form may come again behind a
	// payment.
	is, err := p.payerStatusOf(r, o)
	if err != nil {
		return err
	}
	request, err := p.startRequest(w, r, o, f, amount)
	if err != nil {
		return err
	}
	if e, kept := p.keptFor(r, o); kept {
		request.Offer = e.Token
	}
	if is.Request != nil {
		request.Request = requestOf(is.Request.Addressee, *o.Link)
	}
	attempt, err := p.Payments.Start(r.Context(), request)
	if err != nil {
		return p.notStarted(w, r, o, f, err)
	}
	to := attempt.CheckoutURL
	if to == "" { // the provider's answer is awaited
		to = address.Payment(attempt.ID).String()
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// How many payments one visitor's network may start: each is a row here and a
// request to the provider. An office or a hall full of people behind one address
// has room.
const (
	startsAtOnce    = 60
	startsPerSecond = 0.5
)

// checkPace refuses whoever starts payments faster than people do.
func (p *Public) checkPace(w http.ResponseWriter, r *http.Request) error {
	if !p.Limits {
		return nil
	}
	if _, wait, _ := p.starts.Spend(guard.Network(guard.ClientIP(r)), p.DB.Clock().Wall()); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		return fault.New(fault.TooMany, "Too many payments were started from your network. Try again in a moment.")
	}
	return nil
}

func (p *Public) startRequest(w http.ResponseWriter, r *http.Request, o offer.Offer, f form, amount money.Amount) (payment.StartRequest, error) {
	attribution := p.arrivals.Attribution(r, o) // before a cookie is set
	payer, err := p.KeepPayer(w, r)
	if err != nil {
		return payment.StartRequest{}, err
	}
	provider, method := p.chosenWay(r, o, amount.Currency)
	var seen *money.Amount
	if o.Fixed || o.Chosen != nil {
		total := f.asked.Total(o.Asks())
		seen = &total
	}
	return payment.StartRequest{
		Business: o.Business, Source: o.Source, Link: o.Link, Product: o.Product, Version: o.Version, Amount: amount, Seen: seen, Quantity: f.asked.Units(), Extras: f.asked.Extras(), Code: codeOf(o, f), Answers: answersOf(r, o, f),
		Title: o.Title, Description: o.Sold(),
		Provider: provider, Method: method, BrowserKey: frame.PayerKey(payer, o.Business.ID), OnceMore: f.onceMore,
		Payer:       attempt.Payer{Name: f.Name, Email: f.Email, Notes: withExtras(f.Notes, r.URL.Query(), o.Rules), Language: p.Localizer(r, &o.Business).Lang()},
		Attribution: attribution,
	}, nil
}

// answersOf are what the payer answered, and what the page's URL and the link say for the
// merchant's own programs.
func answersOf(r *http.Request, o offer.Offer, f form) checkout.Answers {
	answers := f.asked.Answers()
	answers.Reference, answers.Campaign = payform.Attribution(r.URL.Query())
	answers.Metadata = o.Rules.Metadata
	return answers
}

// notStarted says why no payment started. Nothing was charged in any case.
func (p *Public) notStarted(w http.ResponseWriter, r *http.Request, o offer.Offer, f form, err error) error {
	var refused *fault.Error
	if !errors.As(err, &refused) {
		return err
	}
	if errors.Is(err, payment.ErrPaidBefore) {
		return p.showPaidBefore(w, r, o, f)
	}
	if few := (*link.TooFew)(nil); errors.As(err, &few) {
		f.asked.Fewer(few, &f.wrong)
		return p.showForm(w, r, http.StatusUnprocessableEntity, o, f)
	}
	b, t := o.Business, p.Localizer(r, &o.Business)
	switch {
	case errors.Is(err, payment.ErrLastPlaceWaits):
		return p.ShowState(w, r, &b, unawaitedState(t, o, http.StatusConflict, "unawaited.last", r.URL.RequestURI()))
	case errors.Is(err, payment.ErrTransferAwaited):
		return p.ShowState(w, r, &b, unawaitedState(t, o, http.StatusTooManyRequests, "unawaited.another", r.URL.RequestURI()))
	}
	switch refused.Code {
	case fault.Invalid:
		wrong := fault.Fields(refused.Fields)
		if o.Fixed && wrong.Has(offer.AmountField) { // nothing that the payer could change
			return p.showUnpayable(w, r, o)
		}
		if wrong.Has(payform.CodeField) && !servedAnew(r) { // it counted a moment ago
			return p.serveAnew(w, r, o, f)
		}
		f.adopt(refused.Fields)
		return p.showForm(w, r, http.StatusUnprocessableEntity, o, f)
	case fault.PriceChanged:
		return p.serveAnew(w, r, o, f)
	case fault.SlotTaken:
		return p.showAllHeld(w, r, o)
	case fault.LimitReached:
		full := limitState(t, b, o.Title)
		if _, err := p.toDestination(w, r, b, reachedNow(*o.Link), &full); err != nil {
			return err
		}
		if done, err := p.showUsedOffer(w, r, b, *o.Link); done || err != nil {
			return err
		}
		full.Join = p.joining(r.Context(), o.Business, *o.Link, full)
		return p.ShowState(w, r, &b, full)
	case fault.NotFound:
		return p.ShowState(w, r, &b, pausedState(t, b))
	}
	p.Trouble(w, r, &b, err)
	return nil
}

// showUnpayable tells that nobody charges what the page asks.
func (p *Public) showUnpayable(w http.ResponseWriter, r *http.Request, o offer.Offer) error {
	return p.ShowState(w, r, &o.Business, unpayableState(p.Localizer(r, &o.Business), o))
}

// showPaidBefore tells who pays the same again of their payment; to pay once more
// is a step of its own.
func (p *Public) showPaidBefore(w http.ResponseWriter, r *http.Request, o offer.Offer, f form) error {
	is, err := p.payerStatusOf(r, o)
	if err != nil {
		return err
	}
	if done, err := p.showOwnState(w, r, o, is, http.StatusConflict); done || err != nil {
		return err
	}
	if is.Mine.Paid == nil { // given back meanwhile: the form is right again
		return p.showForm(w, r, http.StatusConflict, o, f)
	}
	t, amount := p.Localizer(r, &o.Business), ""
	if !o.Fixed {
		amount = f.Amount
	}
	s := paymentpage.OwnPaidState(t, o, *is.Mine.Paid, onceMoreAddress(r, t, *is.Mine.Paid, amount))
	s.Status = http.StatusConflict
	return p.ShowStateIn(w, r, &o.Business, t, s)
}

// showTotal shows a total that the payer has not seen, before anything is charged.
func (p *Public) showTotal(w http.ResponseWriter, r *http.Request, o offer.Offer, f form) error {
	w.Header().Set("Cache-Control", "no-store")
	v := p.payView(r.Context(), p.Localizer(r, &o.Business), o, f)
	v.NewTotal, v.Personal, v.Embedded = true, true, r.URL.Query().Has(embedParameter)
	return frame.Render(w, r, http.StatusUnprocessableEntity, payPage(v))
}

// showHoneypot shows the form to whoever filled in a field that people do not see, and
// starts nothing. A person's browser may have done it, so nothing that was typed is lost.
func (p *Public) showHoneypot(w http.ResponseWriter, r *http.Request, o offer.Offer, f form) error {
	w.Header().Set("Cache-Control", "no-store")
	v := p.payView(r.Context(), p.Localizer(r, &o.Business), o, f)
	v.Honeypot, v.Personal, v.Embedded = true, true, r.URL.Query().Has(embedParameter)
	return frame.Render(w, r, http.StatusUnprocessableEntity, payPage(v))
}

// showForm shows the page with what was typed, for nobody else to see.
func (p *Public) showForm(w http.ResponseWriter, r *http.Request, status int, o offer.Offer, f form) error {
	return p.showFormTelling(w, r, status, o, f, nil)
}

// showFormTelling is showForm with something said above the form.
func (p *Public) showFormTelling(w http.ResponseWriter, r *http.Request, status int, o offer.Offer, f form, what *above) error {
	w.Header().Set("Cache-Control", "no-store")
	v := p.payView(r.Context(), p.Localizer(r, &o.Business), o, f)
	v.Personal, v.Embedded, v.Above = true, r.URL.Query().Has(embedParameter), what
	return frame.Render(w, r, status, payPage(v))
}

// bounded is the offer with what the business's provider charges.
func (p *Public) bounded(o offer.Offer) offer.Offer {
	return o.Bounded(p.Payments.Bounds(o.Business, o.Currency))
}

// reading is what answers to the offer are read with.
func (p *Public) reading(o offer.Offer) checkout.Reading {
	by := checkout.Reading{Now: p.DB.Clock().Now().UTC(), Phone: func(typed string) (string, bool) {
		number, refusal := customer.ParsePhone(typed, o.Business)
		return number, refusal == nil
	}}
	switch {
	case o.Link != nil && (o.Product == nil || o.Link.Checkout.Consent != nil):
		by.Version = o.Link.Version
	case o.Product != nil:
		by.Version = o.Product.Version
	}
	return by
}
