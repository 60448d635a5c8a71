package linkform

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"smartlinks/internal/address"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/product"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/asking"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/dashboard/picker"
	"smartlinks/internal/web/dashboard/sending"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/ui"
)

// formView is the form that makes or changes a link.
type formView struct {
	frame.Problems
	frame.Baseline
	Conflict                    *frame.Conflict // somebody else saved it meanwhile
	Base, Action, Title, Cancel string
	ID                          string // "" for a new link
	Locked                      bool   // paid once: the currency stays
	Values                      linkValues
	Products                    []product.Product
	Tags                        []frame.Choice
	Remind                      sending.ReminderForm
	Send                        sending.SendView
	Suggests                    bool     // how to send to the customer it was opened for
	CustomerTags                []string // all of the business
	TagsOfCustomer              []string // of the chosen customer
	Prefix                      string   // "pay.example/studio-noord/"
	Symbol, TimeZone            string
	HomeCurrency                string      // of the business, and so of a new product
	Domains                     []ui.Option // that it may choose; none without any that is proven
	NextLinks                   []ui.Option // that it may lead on to
	NextName                    string      // of the chosen one
	PathWarning                 string
	Ways                        []string     // to pay, that the business has
	TransfersOnly               bool         // the business takes nothing but bank transfers
	Acted                       asking.Acted // what a button for a question did
}

// Crumbs says where the form stands.
func (v formView) Crumbs(reader frame.Reader) []ui.Crumb {
	return []ui.Crumb{{Label: reader.T("Smart Links"), Href: v.Base + "/links"}, {Label: v.Title}}
}

// Verb is what the form's button says.
func (v formView) Verb(reader frame.Reader) string {
	switch {
	case v.ID == "":
		return reader.T("Create link")
	case v.Conflict != nil:
		return reader.T("Save my version")
	}
	return reader.T("Save")
}

// SendVerb is what it says once a way to send is chosen.
func (v formView) SendVerb(reader frame.Reader) string {
	if v.ID == "" {
		return reader.T("Create and send")
	}
	return reader.T("Save and send")
}

// Busy is what it says while it works.
func (v formView) Busy(reader frame.Reader) string {
	if v.ID == "" {
		return reader.T("Creating")
	}
	return reader.T("Saving")
}

// DescriptionCount is "103 of 500".
func (v formView) DescriptionCount(reader frame.Reader) string {
	return reader.T("{{.RuneCountInString}} of {{.MaxDescription}}", "RuneCountInString", strconv.Itoa(utf8.RuneCountInString(v.Values.Description)), "MaxDescription", strconv.Itoa(link.MaxDescription))
}

// ProductOptions are the products to choose from, with their prices.
func (v formView) ProductOptions(reader frame.Reader) []ui.Option {
	options := []ui.Option{{Value: "", Label: reader.T("Choose a product")}}
	for _, p := range v.Products {
		options = append(options, picker.OfProduct(reader, p))
	}
	return options
}

// PagePreviewOf is where the page of the form as it stands is drawn.
func (v formView) PagePreviewOf() string {
	if v.ID == "" {
		return v.Base + "/links/preview/page"
	}
	return v.Base + "/links/preview/page?id=" + url.QueryEscape(v.ID)
}

// PagePreview is the page of what is stored, or filled in by the address.
func (v formView) PagePreview() string {
	if v.ID != "" {
		return v.PagePreviewOf()
	}
	q := url.Values{"type": {v.Values.Type}, "name": {v.Values.Name}, "amount": {v.Values.Amount}, "product": {v.Values.Product}}
	return v.PagePreviewOf() + "?" + q.Encode()
}

// CheckHref tells what is wrong with the form as it stands, and what it says.
func (v formView) CheckHref() string { return v.Base + "/links/check?id=" + url.QueryEscape(v.ID) }

// EnterHint is what the Enter key does.
func (v formView) EnterHint(reader frame.Reader) string {
	if v.ID == "" {
		return reader.T("creates the link. You can change everything later.")
	}
	return reader.T("saves the link.")
}

// Starts puts the cursor into the name of a new link.
func (v formView) Starts() templ.Attributes {
	if v.ID != "" || v.Values.Name != "" || len(v.Errors) > 0 {
		return nil
	}
	return templ.Attributes{"autofocus": true}
}

// Reads is what payers see of the amount that was typed; "" while it can't be read.
func (v formView) Reads(reader frame.Reader) string {
	var unread fault.Fields
	asked := frame.AmountFrom(reader, v.Values.Amount, money.Currency(v.Values.Currency), "amount", &unread)
	if len(unread) > 0 || asked.Minor <= 0 {
		return ""
	}
	if v.Values.PayerAmount {
		return reader.T("Payers are offered {{.Asked}}.", "Asked", reader.Money(asked))
	}
	return reader.T("Payers see {{.Asked}}.", "Asked", reader.Money(asked))
}

// newProductOpen tells whether the fields of a new product hold something.
func (v formView) newProductOpen() bool {
	return v.Values.NewProduct != newProduct{} || v.Errors["new_product"]+v.Errors["new_product_price"] != ""
}

// fillsIn lets a chosen product give the link its name.
func (v formView) fillsIn() templ.Attributes {
	return templ.Attributes{"data-fills": "name"}
}

// emptyForm is the form of a new link with what the address fills in.
func emptyForm(scope *frame.Scope) formView {
	b := scope.Business
	return formView{
		Base: scope.Base, Action: scope.Base + "/links", Title: scope.T("New smart link"), Cancel: scope.Base + "/links",
		Values: newLinkValues(b.Currency, b.Locale), Prefix: prefixOf(scope, ""),
		Send:   sending.SendView{Values: sending.SendValues{To: sending.ToOne}, PartHref: scope.Base + "/links/send-ways", Preview: scope.Base + "/links/preview"},
		Remind: sending.ReminderForm{Values: sending.UsualReminders()},
		Symbol: frame.Symbol(b.Currency), TimeZone: b.TimeZone, HomeCurrency: string(b.Currency),
	}
}

// formOf is the form of an existing link; paid once, it is locked.
func formOf(scope *frame.Scope, l link.Link, locked bool) formView {
	v := emptyForm(scope)
	v.ID, v.Locked, v.Title = string(l.ID), locked, scope.T("Edit {{.Name}}", "Name", l.Name)
	v.Action, v.Cancel = frame.LinkHref(scope, l.ID)+"/edit", frame.LinkHref(scope, l.ID)
	v.Values, v.Prefix = valuesOf(scope.Reader, l, scope.Business, !locked), prefixOf(scope, l.Domain)
	return v
}

// prefixOf is what stands before a link's path, where it is shown.
func prefixOf(scope *frame.Scope, domain string) string {
	page := scope.Addresses.OfLink(string(scope.Business.ID), domain, address.PaymentPage(scope.Business.Handle))
	return strings.TrimSuffix(address.Shown(page), "/") + "/"
}

// domainChoices are the proven domains, behind the one that a link has without a choice.
func (d pages) domainChoices(ctx context.Context, scope *frame.Scope) ([]ui.Option, error) {
	all, err := d.Domains.List(ctx, scope.Business.ID)
	if err != nil {
		return nil, err
	}
	options := []ui.Option{{Label: scope.T("The one for new links ({{.Host}})", "Host", strings.TrimSuffix(prefixOf(scope, ""), "/"))}}
	for _, one := range all {
		if !one.ProvenAt.IsZero() {
			options = append(options, ui.Option{Value: one.Host, Label: one.Host})
		}
	}
	if len(options) == 1 {
		return nil, nil
	}
	return options, nil
}

// edit is what the form stores.
func (v formView) edit() linkEdit { return linkEdit{v.Values, v.Remind.Values} }

// showForm fills in what the form offers, and shows it.
func (d pages) showForm(w http.ResponseWriter, r *http.Request, scope *frame.Scope, status int, v formView) error {
	var err error
	if v.Products, err = d.productChoices(r.Context(), scope, v.Values.Product); err != nil {
		return err
	}
	if v.Tags, err = d.TagChoices(r.Context(), scope, tag.OfLinks, v.Values.Tags); err != nil {
		return err
	}
	if v.Domains, err = d.domainChoices(r.Context(), scope); err != nil {
		return err
	}
	if err := d.fillCustomer(r.Context(), scope, &v); err != nil {
		return err
	}
	if err := d.fillNextLinks(r.Context(), scope, &v); err != nil {
		return err
	}
	v.Ways, v.TransfersOnly = d.waysOffered(scope), scope.Business.Provider == banktransfer.Name
	v.Remind.Errors, v.Remind.DatesHref, v.Remind.Dates = v.Errors, scope.Base+"/links/reminder-dates", sending.DatesOf(scope, v.Remind.Values, scope.Now)
	v.Send.Errors, v.Send.Values.Customer = v.Errors, v.Values.Customer
	if err := d.FillSend(r.Context(), scope, &v.Send); err != nil {
		return err
	}
	if v.Suggests {
		v.Send.SuggestWay()
	}
	if c, err := money.ParseCurrency(v.Values.Currency); err == nil {
		v.Symbol = frame.Symbol(c)
	}
	if v.Values.Path != "" && link.GuessablePath(v.Values.Path) {
		v.PathWarning = guessable(scope.Reader)
	}
	w.Header().Set("Content-Security-Policy", guard.FramingPolicy)
	return frame.Render(w, r, status, formPage(d.Frame(r, scope, frame.Heading{Title: v.Title, Section: frame.PaymentPageSection}), v))
}

// productChoices are the products on sale, and the chosen one whatever it is.
func (d pages) productChoices(ctx context.Context, scope *frame.Scope, chosen string) ([]product.Product, error) {
	items, _, err := d.Products.List(ctx, scope.Business.ID, product.Filter{ActiveOnly: true, Limit: 100})
	if err != nil || chosen == "" {
		return items, err
	}
	for _, p := range items {
		if string(p.ID) == chosen {
			return items, nil
		}
	}
	if p, err := d.Products.Get(ctx, scope.Business.ID, product.ID(chosen)); err == nil {
		items = append(items, p)
	}
	return items, nil
}
