package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/ui"
)

// linkFormView is the form that makes or changes a link.
type linkFormView struct {
	problems
	baseline
	Conflict                    *conflict // somebody else saved it meanwhile
	Base, Action, Title, Cancel string
	ID                          string // "" for a new link
	Locked                      bool   // paid once: the currency stays
	Values                      linkValues
	Products                    []product.Product
	Tags                        []tick
	Remind                      reminderForm
	Send                        sendView
	CustomerTags                []string // all of the business
	TagsOfCustomer              []string // of the chosen customer
	Prefix                      string   // "pay.example/studio-noord/"
	Symbol, TimeZone            string
	PathWarning                 string
}

// pathView is the field of the link's address.
type pathView struct {
	Value, Prefix        string
	Hint, Error, Warning string
	Free                 bool
}

// Path is the field as the form shows it at first.
func (v linkFormView) Path() pathView {
	hint := pathHint
	if v.ID != "" {
		hint = "The old address keeps leading here."
	}
	return pathView{Value: v.Values.Path, Prefix: v.Prefix, Hint: hint, Error: v.Errors["path"], Warning: v.PathWarning}
}

// Crumbs says where the form stands.
func (v linkFormView) Crumbs() []ui.Crumb {
	return []ui.Crumb{{Label: "Smart Links", Href: v.Base + "/links"}, {Label: v.Title}}
}

// Verb is what the form's button says.
func (v linkFormView) Verb() string {
	switch {
	case v.ID == "":
		return "Create link"
	case v.Conflict != nil:
		return "Save mine on top"
	}
	return "Save"
}

// SendVerb is what it says once a way to send is chosen.
func (v linkFormView) SendVerb() string {
	if v.ID == "" {
		return "Create and send"
	}
	return "Save and send"
}

// Busy is what it says while it works.
func (v linkFormView) Busy() string {
	if v.ID == "" {
		return "Creating"
	}
	return "Saving"
}

// DescriptionCount is "103 of 500".
func (v linkFormView) DescriptionCount() string {
	return strconv.Itoa(utf8.RuneCountInString(v.Values.Description)) + " of 500"
}

// ProductOptions are the products to choose from, with their prices.
func (v linkFormView) ProductOptions() []ui.Option {
	options := []ui.Option{{Value: "", Label: "Choose a product"}}
	for _, p := range v.Products {
		options = append(options, ui.Option{Value: string(p.ID), Label: p.Name + " – " + asMoney(p.Price)})
	}
	return options
}

// AdvancedOpen tells whether the advanced settings hold something.
func (v linkFormView) AdvancedOpen() bool {
	values := v.Values
	for _, name := range []string{"currency", "payer_min", "payer_max", "suggested", "starts_at", "ends_at", "reference"} {
		if v.Errors[name] != "" {
			return true
		}
	}
	return values.PayerAmount || values.StartsAt+values.EndsAt+values.Reference != ""
}

// PagePreviewOf is where the page of the form as it stands is drawn.
func (v linkFormView) PagePreviewOf() string {
	if v.ID == "" {
		return v.Base + "/links/preview/page"
	}
	return v.Base + "/links/preview/page?id=" + url.QueryEscape(v.ID)
}

// PagePreview is the page of what is stored, or filled in by the address.
func (v linkFormView) PagePreview() string {
	if v.ID != "" {
		return v.PagePreviewOf()
	}
	q := url.Values{"type": {v.Values.Type}, "name": {v.Values.Name}, "amount": {v.Values.Amount}, "product": {v.Values.Product}}
	return v.PagePreviewOf() + "?" + q.Encode()
}

// fillsIn lets a chosen product give the link its name.
func (v linkFormView) fillsIn() templ.Attributes {
	return templ.Attributes{"data-fills": "name"}
}

// emptyForm is the form of a new link with what the address fills in.
func emptyForm(at *room) linkFormView {
	b := at.Business
	return linkFormView{
		Base: at.Base, Action: at.Base + "/links", Title: "New smart link", Cancel: at.Base + "/links",
		Values: newLinkValues(b.Currency), Prefix: shown(at.url("")) + "/",
		Send:   sendView{Values: sendValues{To: toOne}, PartHref: at.Base + "/links/send-ways", Preview: at.Base + "/links/preview"},
		Remind: reminderForm{Values: usualReminders()},
		Symbol: symbol(b.Currency), TimeZone: b.TimeZone,
	}
}

// formOf is the form of an existing link.
func formOf(at *room, l link.Link) linkFormView {
	v := emptyForm(at)
	v.ID, v.Title = string(l.ID), "Edit "+l.Name
	v.Action, v.Cancel = linkHref(at, l.ID)+"/edit", linkHref(at, l.ID)
	v.Values = valuesOf(l, at.Business.Location())
	return v
}

// edit is what the form stores.
func (v linkFormView) edit() linkEdit { return linkEdit{v.Values, v.Remind.Values} }

// showLinkForm fills in what the form offers, and shows it.
func (d *Dashboard) showLinkForm(w http.ResponseWriter, r *http.Request, at *room, status int, v linkFormView) error {
	var err error
	if v.Products, err = d.productChoices(r.Context(), at, v.Values.Product); err != nil {
		return err
	}
	if v.Tags, err = d.tagTicks(r.Context(), at, v.Values.Tags); err != nil {
		return err
	}
	if err := d.fillCustomer(r.Context(), at, &v); err != nil {
		return err
	}
	v.Remind.Errors, v.Remind.DatesHref, v.Remind.Dates = v.Errors, at.Base+"/links/reminder-dates", datesOf(at, v.Remind.Values, at.Now)
	v.Send.Errors, v.Send.Values.Customer = v.Errors, v.Values.Customer
	if err := d.fillSend(r.Context(), at, &v.Send); err != nil {
		return err
	}
	if c, err := money.ParseCurrency(v.Values.Currency); err == nil {
		v.Symbol = symbol(c)
	}
	if v.Values.Path != "" && link.GuessablePath(v.Values.Path) {
		v.PathWarning = guessable
	}
	w.Header().Set("Content-Security-Policy", guard.FramingPolicy)
	return render(w, r, status, linkFormPage(d.frame(r, at, place{v.Title, paymentPageRoom}), v))
}

// productChoices are the products on sale, and the chosen one whatever it is.
func (d *Dashboard) productChoices(ctx context.Context, at *room, chosen string) ([]product.Product, error) {
	items, _, err := d.Products.List(ctx, at.Business.ID, product.Filter{ActiveOnly: true, Limit: 100})
	if err != nil || chosen == "" {
		return items, err
	}
	for _, p := range items {
		if string(p.ID) == chosen {
			return items, nil
		}
	}
	if p, err := d.Products.Get(ctx, at.Business.ID, product.ID(chosen)); err == nil {
		items = append(items, p)
	}
	return items, nil
}

const pathHint = "Left empty, it is made from the name."

const guessable = "This address is easily guessed. Whoever tries it can see the page; a longer name keeps it to those you send it to."

// suggestPath answers, while somebody types, whether a path is free, or makes
// one from the name.
func (d *Dashboard) suggestPath(w http.ResponseWriter, r *http.Request, at *room) error {
	q := r.URL.Query()
	p := pathView{Value: strings.TrimSpace(q.Get("path")), Prefix: shown(at.url("")) + "/"}
	name := strings.TrimSpace(q.Get("name"))
	if p.Value == "" && name != "" {
		free, err := d.Links.FreePath(r.Context(), at.Business.ID, name)
		if err != nil {
			return err
		}
		p.Value = free
	}
	if p.Value == "" {
		p.Hint = pathHint
		return render(w, r, http.StatusOK, pathField(p))
	}
	err := d.Links.CheckPath(r.Context(), at.Business.ID, p.Value, link.ID(q.Get("except")))
	switch {
	case fault.Is(err, fault.Invalid):
		p.Error = sentences(fault.Of(err))
	case err != nil:
		return err
	default:
		p.Hint, p.Free = "This address is free.", true
	}
	if link.GuessablePath(p.Value) {
		p.Warning = guessable
	}
	return render(w, r, http.StatusOK, pathField(p))
}
