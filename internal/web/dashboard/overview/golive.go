package overview

import (
	"net/http"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/publish"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// goLiveView leads through what is missing before strangers pay, and ends with a real
// payment that the merchant makes and takes back.
type goLiveView struct {
	Base    string
	Missing []setupStep
	Amount  string // of the real payment
	Trial   *trialView
}

// trialView is the real payment, once it was made.
type trialView struct {
	Amount, Receipt string
	Refund          string // what is refunded, as it is typed; "" when nothing is left to refund
	Href            string // the payment's page
}

// trialPath is the path of the link for the real payment.
const trialPath = "trial-payment"

func (d pages) showGoLive(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	facts, err := d.setupFacts(r.Context(), scope)
	if err != nil {
		return err
	}
	v := goLiveView{Base: scope.Base, Amount: scope.Money(d.trialAmount(scope.Business))}
	for _, step := range d.liveSteps(scope, facts) {
		if !step.Done && step.Href != scope.Base+"/go-live" {
			v.Missing = append(v.Missing, step)
		}
	}
	if id := r.URL.Query().Get("payment"); id != "" {
		if v.Trial, err = d.trialOf(r, scope, attempt.ID(id)); err != nil {
			return err
		}
	}
	return frame.Render(w, r, http.StatusOK, goLivePage(d.Frame(r, scope, frame.Heading{Title: scope.T("Go live"), Section: frame.OverviewSection}), v))
}

// trialOf is the payment to which the payer's page led back; nil for any other.
func (d pages) trialOf(r *http.Request, scope *frame.Scope, id attempt.ID) (*trialView, error) {
	p, err := d.Payments.Get(r.Context(), scope.Business.ID, id)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil || p.Receipt == "" || p.Mode != business.Live {
		return nil, err
	}
	t := &trialView{Amount: scope.Money(p.Amount), Receipt: p.Receipt, Href: scope.Base + "/transactions/" + string(p.ID)}
	if left := p.Refundable(); left.Minor > 0 {
		t.Refund = left.Decimal()
	}
	return t, nil
}

// tryRealMoney makes the link for the real payment, or finds it, and leads the merchant to
// it as a payer. Payers come back to the page that shows the refund.
func (d pages) tryRealMoney(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	b := scope.Business
	if b.Mode != business.Live {
		d.Toast(r, ui.ToastProps{Text: scope.T("Connect a provider with its live key first"), Bad: true})
		return frame.Redirect(w, r, scope.Base+"/go-live")
	}
	found, err := d.Links.ByPath(r.Context(), b, trialPath)
	if fault.Is(err, fault.NotFound) {
		amount, fields := d.trialAmount(b), link.Defaults()
		fields.Name, fields.Path, fields.Type, fields.Amount = scope.T("Trial payment"), trialPath, link.Amount, &amount
		fields.After.RedirectURL = scope.Addresses.Own(address.Dashboard(b.Handle, "go-live"))
		var made publish.Published
		made, err = d.Publish.Create(r.Context(), b, fields, publish.With{})
		found.Link = made.Link
	}
	if err != nil {
		return err
	}
	return frame.Redirect(w, r, scope.LinkURL(found.Link))
}

// trialAmount is half a unit of the business's currency, or what its provider charges at
// least.
func (d pages) trialAmount(b business.Business) money.Amount {
	a := money.Amount{Minor: 50, Currency: b.Currency}
	for range b.Currency.Decimals() - 2 {
		a.Minor *= 10
	}
	bounds := d.Payments.Bounds(b, b.Currency)
	a.Minor = max(a.Minor, bounds.Min)
	if bounds.Step > 1 && a.Minor%bounds.Step != 0 {
		a.Minor += bounds.Step - a.Minor%bounds.Step
	}
	return a
}
