package public

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/i18n"
	"smartlinks/internal/money"
	"smartlinks/internal/web/payform"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/offer"
)

// payView is a page with a form.
type payView struct {
	frame.Frame
	offer.Offer
	Form     form
	Anew     bool     // something else is asked, or costs, than on the page before
	Changes  []string // what that is, a sentence for each
	NewTotal bool     // the total is not the one that the page showed
	Honeypot bool     // a field that people do not see was filled in
	Personal bool     // for one visitor, who may have switched the language
	Embedded bool     // in a frame on the merchant's own site
	Above    *above   // what the visitor is told before the form; nil for nothing
	Mails    bool     // receipts are mailed: a server is set
}

// mails reports whether the business's receipts have a server to go to. In doubt
// nothing is promised.
func (p *Public) mails(ctx context.Context, b business.Business) bool {
	ready, err := p.Messages.MailReady(ctx, p.DB, b.ID)
	if err != nil {
		p.Log.WarnContext(ctx, "mail settings not read", "business", b.ID, "error", err)
	}
	return ready
}

func (p *Public) payView(ctx context.Context, t i18n.Localizer, o offer.Offer, f form) payView {
	v := payView{Frame: p.Frame(t, &o.Business, o.Title), Offer: o, Form: f}
	if o.Title == o.Business.Name {
		v.Frame.Title = o.Title
	}
	v.Switches, v.Mails = true, p.mails(ctx, o.Business)
	// A page makes three requests at most: with a picture the script stays away,
	// which nothing depends on.
	v.Script = v.picture() == ""
	v.Share, v.Index = o.ForSharing(t, p.Addresses), o.ForEverybody()
	if f.Amount == "" && !o.Fixed && o.Price != nil {
		v.Form.Amount = typedIn(t, *o.Price)
	}
	v.Offer = o.ChosenBy(t, v.Form.Amount)
	return v
}

// suggestField is the button of a suggested amount, and embedParameter tells
// that a page stands in a frame.
const (
	suggestField   = "suggest"
	embedParameter = "embed"
)

func (v payView) amount() string { return v.Price.Format(v.Localizer.Lang()) }

// emailHint promises a receipt only where one can be mailed.
func (v payView) emailHint() string {
	if v.Mails {
		return v.Localizer.T("pay.email_hint")
	}
	return v.Localizer.T("pay.email_hint_plain", "Business", v.Offer.Business.Name)
}

func (v payView) version() string { return strconv.FormatInt(v.Version, 10) }

func (v payView) problem(name string) string { return v.Form.problem(v.Localizer, v.Offer, name) }

// button is what the form's button says.
func (v payView) button() string {
	if v.free() {
		return v.Localizer.T("pay.confirm_free")
	}
	if v.Fixed {
		return v.Localizer.T("pay.button", "Amount", frame.Sum(v.Localizer, v.total()))
	}
	return v.Localizer.T("pay.continue")
}

// total is what a page of a fixed price asks.
func (v payView) total() money.Amount { return v.Form.asked.Total(v.Offer.Asks()) }

// free reports whether a code takes off everything.
func (v payView) free() bool { return v.Fixed && v.Form.asked.Free(v.Offer.Asks()) }

// extra is the part of the form that the link's rules ask for.
func (v payView) extra() payform.View {
	return payform.View{Form: v.Form.asked, Asked: v.Offer.AsksIn(v.Localizer), Localizer: v.Localizer, Country: v.Offer.Business.Region(), Problem: v.problem, State: v.state}
}

func (v payView) picture() string {
	if v.Product == nil || v.Product.ImageID == "" {
		return ""
	}
	return address.Image(v.Product.BusinessID, v.Product.ImageID).String()
}

// typedIn writes an amount as the payer would type it. Three decimals behind a
// comma would be taken for thousands.
func typedIn(t i18n.Localizer, a money.Amount) string {
	if a.Currency.Decimals() == 3 {
		return a.Decimal()
	}
	return money.WithPoint(a.Decimal(), t.Lang())
}

// thing and prop mark what is sold for search engines, where it is a product.
func (v payView) thing() templ.Attributes {
	if v.Product == nil {
		return nil
	}
	return templ.Attributes{"itemscope": true, "itemtype": "https://schema.org/Product"}
}

func (v payView) prop(name string) templ.Attributes {
	if v.Product == nil {
		return nil
	}
	return templ.Attributes{"itemprop": name}
}

// leftAddress is where the script of the page asks how many are left.
func (v payView) leftAddress() string {
	return address.Link(v.Offer.Business.Segment(), v.Link.Path).Below(leftName).With("lang", v.Localizer.Lang()).String()
}

// pressed tells of a suggested amount whether it is the one that is filled in.
func (v payView) pressed(a money.Amount) string {
	return strconv.FormatBool(v.Form.Amount == typedIn(v.Localizer, a))
}

// locks is the state of a control that the URL has filled in for good.
func (v payView) locks(name, hint string) templ.Attributes {
	if !v.Form.isLocked(name) {
		return v.state(name, hint)
	}
	return templ.Attributes{"readonly": true, "aria-describedby": name + "-hint"}
}

// hint is the text under a field.
func (v payView) hint(name, usual string) string {
	if v.Form.isFromURL(name) {
		return v.Localizer.T("pay.locked")
	}
	return usual
}

// symbol is the currency as the amount field shows it.
func symbol(c money.Currency) string { return c.Symbol() }

// amountHint is the id of the text under the amount field, if there is one.
func (v payView) amountHint() string {
	if rangeText(v.Localizer, v.Offer) == "" {
		return ""
	}
	return "amount-hint"
}

// state ties a control to what is said about it, and gives the first wrong one
// the focus.
func (v payView) state(name, hint string) templ.Attributes {
	if !v.Form.wrong.Has(name) {
		if hint == "" {
			return nil
		}
		return templ.Attributes{"aria-describedby": hint}
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": name + "-error", "autofocus": v.Form.first(v.Offer, name)}
}
