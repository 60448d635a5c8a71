package products

import (
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/product"
	"smartlinks/internal/web/dashboard/frame"
	"smartlinks/internal/web/ui"
)

// productsView is the list of products.
type productsView struct {
	Base, ShopURL string
	None          bool // the catalogue is empty
	Query         string
	Rows          []productRowView
	Newer, Older  string
	Export        string
}

type productRowView struct {
	Name, Description string
	Price, Slug, URL  string
	Href, Image       string
	Active            bool
	Uncharged         string // why nobody can pay it
}

func (d pages) listProducts(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	q := r.URL.Query()
	t := frame.TrailFrom(q)
	query := strings.TrimSpace(q.Get("q"))
	items, next, err := d.Products.List(r.Context(), scope.Business.ID, product.Filter{Query: query, Cursor: t.Cursor})
	if err != nil {
		return err
	}
	base := scope.Base + "/products"
	v := productsView{
		Base: scope.Base, ShopURL: scope.ShopURL(), Query: query,
		None:  len(items) == 0 && query == "" && t.Cursor == "",
		Newer: t.Newer(base, q), Older: t.Older(base, q, next),
	}
	v.Export = base + ".csv"
	if v.Query != "" {
		v.Export += "?" + url.Values{"q": {v.Query}}.Encode()
	}
	for _, p := range items {
		row := productRowOf(scope, p)
		row.Uncharged = scope.Sentence(d.Payments.UnchargedUnits(scope.Business, p.Price, p.Checkout))
		v.Rows = append(v.Rows, row)
	}
	return frame.Render(w, r, http.StatusOK, productsPage(d.Frame(r, scope, frame.Heading{Title: scope.T("Products"), Section: frame.ProductsSection}), v))
}

func productRowOf(scope *frame.Scope, p product.Product) productRowView {
	return productRowView{
		Name: p.Name, Description: p.Description, Price: scope.Money(p.Price), Slug: p.Slug,
		URL: scope.ProductURL(p.Slug), Href: scope.Base + "/products/" + string(p.ID),
		Image: frame.ImageHref(scope, p.ImageID), Active: p.Active,
	}
}

func (d pages) switchProduct(w http.ResponseWriter, r *http.Request, scope *frame.Scope) error {
	if err := frame.ReadForm(w, r, frame.MaxForm); err != nil {
		return err
	}
	on := frame.Ticked(r.PostForm, "active")
	p, err := d.Products.Edit(r.Context(), scope.Business.ID, product.ID(r.PathValue("id")), 0, func(f *product.Fields) { f.Active = on })
	if err != nil {
		return err
	}
	toast := ui.ToastProps{Text: scope.T("{{.Name}} is active", "Name", p.Name)}
	if !on {
		toast = ui.ToastProps{Text: scope.T("{{.Name}} is not for sale", "Name", p.Name), Calm: true}
	}
	d.Toast(r, toast)
	return frame.Redirect(w, r, scope.Base+"/products")
}
