// Package picker chooses one product or one link of any number: a combobox that the server
// searches, the newest first, and a plain select of the newest where no script runs.
package picker

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// atOnce is how many things a search offers.
const atOnce = 20

// pages have the services that the handlers need.
type pages struct{ *frame.Dashboard }

// Routes are what the fields ask while somebody types.
func Routes(dashboard *frame.Dashboard) []frame.Route {
	d := pages{dashboard}
	return []frame.Route{
		frame.Get("/products/find", frame.Members, d.findProducts),
		frame.Get("/links/find", frame.Members, d.findLinks),
	}
}

// Props describe a field that chooses one thing.
type Props struct {
	ui.FieldProps
	Name    string
	Value   string      // the id of the chosen one, "" for none
	Options []ui.Option // the newest and the chosen one; the first is none of them
	Find    string      // where the server searches
	Attrs   templ.Attributes
}

// Products are where products on sale are searched.
func Products(base string) string { return base + "/products/find" }

// Links are where links are searched, all but the one that asks.
func Links(base, except string) string {
	if except == "" {
		return base + "/links/find"
	}
	return base + "/links/find?" + url.Values{"except": {except}}.Encode()
}

// OfProduct is how a product stands in a select.
func OfProduct(reader frame.Reader, p product.Product) ui.Option {
	return ui.Option{Value: string(p.ID), Label: p.Name + " – " + reader.Money(p.Price)}
}

// OfLink is how a link stands in a select: with its path, because names may be the same.
func OfLink(id link.ID, name, path string) ui.Option {
	return ui.Option{Value: string(id), Label: name + " – " + path}
}

// chosen is the text of what is chosen.
func (p Props) chosen() string {
	for _, o := range p.Options {
		if o.Value == p.Value && p.Value != "" {
			return o.Label
		}
	}
	return ""
}

// none is what the field says while nothing is chosen.
func (p Props) none() string {
	if len(p.Options) == 0 {
		return ""
	}
	return p.Options[0].Label
}

// item is one thing that was found.
type item struct{ ID, Label, Name, Note string }

// listView is the answer while somebody types.
type listView struct {
	Kind, Icon string
	Items      []item
	More       bool   // others match too
	Typed      string // what can be added
	AddText    string
	AddHref    string // a form of its own that adds it; "" for fields beside this one
}

// Said tells the count to who does not see the list.
func (v listView) Said(reader frame.Reader) string {
	if len(v.Items) == 0 {
		return reader.T("Nothing found")
	}
	return reader.N(int64(len(v.Items)), "{{.Count}} result", "{{.Count}} results")
}

func (v *listView) cut() {
	if v.More = len(v.Items) > atOnce; v.More {
		v.Items = v.Items[:atOnce]
	}
}

func (d pages) findProducts(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	v := listView{Kind: scope.T("Products"), Icon: "package", Typed: frame.TypedQuery(r.URL.Query().Get("q")), AddText: scope.T("Add {} as a product")}
	add := func(p product.Product) {
		price := scope.Money(p.Price)
		v.Items = append(v.Items, item{string(p.ID), OfProduct(scope.Reader, p).Label, p.Name, price})
	}
	if id := r.URL.Query().Get("id"); id != "" {
		p, err := d.Products.Get(r.Context(), scope.Business.ID, product.ID(id))
		if err != nil {
			return err
		}
		add(p)
		return frame.Render(w, r, http.StatusOK, list(v))
	}
	found, _, err := d.Products.List(r.Context(), scope.Business.ID, product.Filter{Query: v.Typed, ActiveOnly: true, Limit: atOnce + 1})
	if err != nil {
		return err
	}
	for _, p := range found {
		add(p)
	}
	v.cut()
	return frame.Render(w, r, http.StatusOK, list(v))
}

func (d pages) findLinks(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	q := r.URL.Query()
	v := listView{Kind: scope.T("Smart Links"), Icon: "link-2", Typed: frame.TypedQuery(q.Get("q")), AddText: scope.T("Create the link {} in a new tab")}
	v.AddHref = scope.Base + "/links/new?" + url.Values{"name": {v.Typed}}.Encode()
	found, err := d.linksOf(r, scope, v.Typed)
	if err != nil {
		return err
	}
	for _, l := range found {
		if string(l.ID) != q.Get("except") {
			v.Items = append(v.Items, item{string(l.ID), OfLink(l.ID, l.Name, l.Path).Label, l.Name, "/" + l.Path})
		}
	}
	v.cut()
	return frame.Render(w, r, http.StatusOK, list(v))
}

// linksOf are the links that hold what was typed, the newest without anything, or the one
// that the address names. One more is asked for, since one may not be chosen.
func (d pages) linksOf(r *http.Request, scope *frame.Scope, typed string) ([]link.Found, error) {
	ctx, id := r.Context(), link.ID(r.URL.Query().Get("id"))
	switch {
	case id != "":
		l, err := d.Links.Get(ctx, scope.Business, id)
		return []link.Found{{ID: l.ID, Name: l.Name, Path: l.Path}}, err
	case typed == "":
		return d.Links.Latest(ctx, scope.Business.ID, atOnce+2)
	}
	return d.Links.Find(ctx, scope.Business.ID, typed, atOnce+2)
}

// Words are what the script says by itself, in the language of the page.
func Words(ctx context.Context) templ.Attributes {
	return templ.Attributes{"data-pick-failed": i18n.T(ctx, "The search failed. Check your connection."), "data-pick-retry": i18n.T(ctx, "Try again")}
}
