package overview

import (
	"context"
	"net/http"

	"smartlinks/internal/business"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// checklistView is how a new business comes to its first payment, and what going live
// needs. All of it is read from facts, so nobody ticks anything.
type checklistView struct {
	First     []setupStep // to the first payment
	Before    []setupStep // what going live needs, in the order that makes sense
	Done      int         // of Before
	Whole     bool        // nobody has paid yet: the list is the page
	Strip     bool        // only what is left of Before, in a line
	Next      setupStep   // the first of Before that is not done
	Base      string
	Lead      string
	NextLabel string // "1 step left: Payment provider"
	Link      firstLink
}

// setupStep is a line of the checklist.
type setupStep struct {
	Title, Text  string
	Icon         string
	Button, Href string
	Number       string // of a first step
	Done         bool
	Current      bool // the next first step
	Form         bool // it is the form of the first link
	Later        bool // it waits for those before it
}

// firstLink is the form that makes the first link of two fields.
type firstLink struct{ Action, Currency, Symbol, Products string }

// checklist reads how far the business is. Staff may set nothing up, so they
// see none; nor does whoever is done, or has put it away.
func (d pages) checklist(ctx context.Context, scope *frame.Scope) (checklistView, error) {
	v := checklistView{Base: scope.Base}
	if !scope.MayManage() || scope.Business.ChecklistHidden {
		return v, nil
	}
	facts, err := d.setupFacts(ctx, scope)
	if err != nil {
		return v, err
	}
	v.First, v.Before = d.firstSteps(scope, facts), d.liveSteps(scope, facts)
	for _, step := range v.Before {
		switch {
		case step.Done:
			v.Done++
		case v.Next.Title == "":
			v.Next = step
		}
	}
	left := len(v.Before) - v.Done
	v.Whole, v.Strip = left > 0 && !facts.everPaid, left > 0 && facts.everPaid
	v.NextLabel = scope.N(int64(left), "{{.Count}} step left", "{{.Count}} steps left") + ": " + scope.T(v.Next.Title)
	v.Lead = scope.T("Make a link, pay it yourself, see it counted.")
	if !d.plays(scope) {
		v.Lead = scope.T("Make a link, connect a provider, take your first payment.")
	}
	c := scope.Business.Currency
	v.Link = firstLink{Action: scope.Base + "/links", Currency: string(c), Symbol: frame.Symbol(c), Products: scope.Base + "/products/new"}
	return v, nil
}

// setupFacts are what the steps are read from.
type setupFacts struct {
	looks, legal, provider, mail bool        // provider: one that moves real money
	newest                       *link.Found // nil without a link
	everPaid                     bool        // with real money or play money
	paidLive                     bool
}

func (d pages) setupFacts(ctx context.Context, scope *frame.Scope) (f setupFacts, err error) {
	b := scope.Business
	f.looks = b.LogoID != "" || b.BrandColor != business.DefaultBrandColor
	f.legal = b.Legal.Address != ""
	f.provider = b.Mode == business.Live
	if f.newest, err = d.Links.Newest(ctx, b.ID); err != nil {
		return f, err
	}
	if f.mail, err = d.Messages.MailReady(ctx, d.DB, b.ID); err != nil {
		return f, err
	}
	live, test, err := visit.EverPaid(ctx, d.DB, string(b.ID))
	f.paidLive, f.everPaid = live, live || test
	return f, err
}

// plays reports whether payers of the business pay with play money: then its members can
// try everything out at once.
func (d pages) plays(scope *frame.Scope) bool { return scope.Business.Provider == business.Sandbox }

// firstSteps lead to the first payment. The first that is not done is open.
func (d pages) firstSteps(scope *frame.Scope, f setupFacts) []setupStep {
	steps := []setupStep{
		{Title: i18n.Mark("Create your first link"), Text: i18n.Mark("Two fields. You can delete it later."), Form: true, Done: f.newest != nil},
	}
	if d.plays(scope) {
		steps = append(steps,
			setupStep{Title: i18n.Mark("Pay it yourself"), Text: i18n.Mark("With a test card, as a payer would"), Button: i18n.Mark("Open the link"), Href: d.payersHref(scope, f), Done: f.everPaid},
			setupStep{Title: i18n.Mark("See it counted"), Text: i18n.Mark("On this page, in Transactions and in your inbox"), Done: f.everPaid})
	} else {
		steps = append(steps,
			setupStep{Title: i18n.Mark("Connect a payment provider"), Text: i18n.Mark("Money goes straight to your own account"), Button: i18n.Mark("Connect provider"), Href: scope.Base + "/settings/providers", Done: f.provider},
			setupStep{Title: i18n.Mark("Take your first payment"), Text: i18n.Mark("Share your link, or pay it yourself and refund it"), Button: i18n.Mark("Open the link"), Href: d.payersHref(scope, f), Done: f.everPaid})
	}
	open := false
	for i := range steps {
		steps[i].Number = scope.Number(int64(i + 1))
		if !steps[i].Done && !open {
			steps[i].Current, open = true, true
		}
	}
	return steps
}

// payersHref is the newest link as payers see it, "" without one.
func (d pages) payersHref(scope *frame.Scope, f setupFacts) string {
	if f.newest == nil {
		return ""
	}
	return scope.LinkURL(link.Link{Fields: link.Fields{Path: f.newest.Path, Domain: f.newest.Domain}})
}

// liveSteps are what payers of real money should find, and a real payment at the end.
func (d pages) liveSteps(scope *frame.Scope, f setupFacts) []setupStep {
	settings := scope.Base + "/settings"
	return []setupStep{
		{Title: i18n.Mark("Logo and colour"), Text: i18n.Mark("Payers see them on every page, email and receipt"), Icon: "palette", Button: i18n.Mark("Add logo"), Href: scope.Base + "/page", Done: f.looks},
		{Title: i18n.Mark("Payment provider"), Text: d.providerText(scope), Icon: "plug", Button: i18n.Mark("Connect provider"), Href: settings + "/providers", Done: f.provider},
		{Title: i18n.Mark("Business address"), Text: i18n.Mark("Receipts need it"), Icon: "building-2", Button: i18n.Mark("Add address"), Href: settings + "/business", Done: f.legal},
		{Title: i18n.Mark("Email"), Text: i18n.Mark("So that receipts go out and replies reach you"), Icon: "mail", Button: i18n.Mark("Set up email"), Href: settings + "/email", Done: f.mail},
		{Title: i18n.Mark("Go live"), Text: i18n.Mark("Ends with a small real payment that you refund with one click"), Icon: "rocket", Button: i18n.Mark("Go live"), Href: scope.Base + "/go-live", Done: f.paidLive,
			Later: !f.looks || !f.provider || !f.legal || !f.mail},
	}
}

// providerText says what is missing of a provider that moves real money.
func (d pages) providerText(scope *frame.Scope) string {
	if b := scope.Business; b.Mode == business.Test && b.Provider != "" && b.Provider != business.Sandbox {
		return i18n.Mark("Connected with a test key. Real payments need the live one")
	}
	return i18n.Mark("Money goes straight to your own account")
}

// hideChecklist puts the checklist away, or brings it back.
func (d pages) hideChecklist(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	hide := r.Form.Get("show") == ""
	if err := d.Businesses.HideChecklist(r.Context(), scope.Business.ID, hide); err != nil {
		return err
	}
	if hide {
		d.Toast(r, ui.ToastProps{Text: scope.T("The checklist is put away"), Calm: true, UndoLabel: scope.T("Undo"), UndoAction: scope.Base + "/checklist?show=on"})
	}
	return frame.Redirect(w, r, scope.Base)
}
