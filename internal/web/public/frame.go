package public

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/web/payform"
)

// frame is what is around every page. It holds nothing about the visitor.
type frame struct {
	Localizer i18n.Localizer
	Languages []languageLink
	Title     string
	Business  *business.Business // nil on pages of the platform
	Script    bool               // the page has one
	Switches  bool               // languages are switched by the form, which keeps what is typed
	Share     *share             // what messengers may show; nil on pages about one payer
	Index     bool               // search engines may show it
	Inert     bool               // a preview: nothing on it takes a click or the focus
}

func (p *Public) frame(t i18n.Localizer, b *business.Business, title string) frame {
	f := frame{Localizer: t, Languages: p.localizers.languageLinks(t, nil), Title: title, Business: b}
	if b != nil {
		f.Title = title + " · " + b.Name
	}
	return f
}

// asked lets the language switch keep what the page was asked with.
func (p *Public) asked(f frame, r *http.Request) frame {
	f.Languages = p.localizers.languageLinks(f.Localizer, r.URL.Query())
	return f
}

// language is the name of the language of the page.
func (f frame) language() string {
	for _, l := range f.Languages {
		if l.Current {
			return l.Name
		}
	}
	return ""
}

// test reports whether no real money moves.
func (f frame) test() bool { return f.Business != nil && f.Business.Mode == business.Test }

// home is the business's payment page, "" while it is off.
func (f frame) home() string {
	if f.Business == nil || !f.Business.Page.Enabled {
		return ""
	}
	return address.PaymentPage(f.Business.Segment()).String()
}

// letter stands for the logo of a business.
func letter(name string) string {
	for _, r := range name {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return strings.ToUpper(string(r))
		}
	}
	r, _ := utf8.DecodeRuneInString(name)
	return string(r)
}

// payView is a page with a form.
type payView struct {
	frame
	offer
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

func (p *Public) payView(ctx context.Context, t i18n.Localizer, o offer, f form) payView {
	v := payView{frame: p.frame(t, &o.Business, o.Title), offer: o, Form: f}
	if o.Title == o.Business.Name {
		v.frame.Title = o.Title
	}
	v.Switches, v.Mails = true, p.mails(ctx, o.Business)
	// A page makes three requests at most: with a picture the script stays away,
	// which nothing depends on.
	v.Script = v.picture() == ""
	v.Share, v.Index = p.share(t, o), o.forEverybody()
	if f.Amount == "" && !o.Fixed && o.Price != nil {
		v.Form.Amount = typedIn(t, *o.Price)
	}
	v.offer = o.chosenBy(t, v.Form)
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
	return v.Localizer.T("pay.email_hint_plain", "Business", v.offer.Business.Name)
}

func (v payView) version() string { return strconv.FormatInt(v.Version, 10) }

func (v payView) problem(name string) string { return v.Form.problem(v.Localizer, v.offer, name) }

// button is what the form's button says.
func (v payView) button() string {
	if v.free() {
		return v.Localizer.T("pay.confirm_free")
	}
	if v.Fixed {
		return v.Localizer.T("pay.button", "Amount", sum(v.Localizer, v.total()))
	}
	return v.Localizer.T("pay.continue")
}

// total is what a page of a fixed price asks.
func (v payView) total() money.Amount { return v.Form.asked.Total(v.offer.asked()) }

// free reports whether a code takes off everything.
func (v payView) free() bool { return v.Fixed && v.Form.asked.Free(v.offer.asked()) }

// extra is the part of the form that the link's rules ask for.
func (v payView) extra() payform.View {
	return payform.View{Form: v.Form.asked, Asked: v.offer.askedIn(v.Localizer), Localizer: v.Localizer, Country: v.offer.Business.Region(), Problem: v.problem, State: v.state}
}

func (v payView) picture() string {
	if v.Product == nil || v.Product.ImageID == "" {
		return ""
	}
	return address.Image(v.Product.BusinessID, v.Product.ImageID).String()
}

// showsLeft reports whether the page tells how many payments remain.
func (o offer) showsLeft() bool {
	return o.Link != nil && o.Link.Limit.Limited() && o.Link.ShowRemaining
}

// leftText and paidText say how many payments, or units, are left and taken.
func leftText(t i18n.Localizer, l link.Link) string {
	if l.Limit.ByUnits() {
		return t.N("pay.units_left", int(*l.Remaining()))
	}
	return t.N("pay.remaining", int(*l.Remaining()))
}

func paidText(t i18n.Localizer, l link.Link) string {
	if l.Limit.ByUnits() {
		return t.N("pay.units_taken", int(l.Units.Used))
	}
	return t.N("pay.paid_count", int(l.Slots.Used))
}

func (o offer) left() int { return int(*o.Link.Remaining()) }

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
	return address.Link(v.offer.Business.Segment(), v.Link.Path).Below(leftName).With("lang", v.Localizer.Lang()).String()
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
	if rangeText(v.Localizer, v.offer) == "" {
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
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": name + "-error", "autofocus": v.Form.first(v.offer, name)}
}
