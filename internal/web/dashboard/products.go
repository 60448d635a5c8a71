package dashboard

import (
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/product"
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

func (d *Dashboard) listProducts(w http.ResponseWriter, r *http.Request, at *room) error {
	q := r.URL.Query()
	t := trailFrom(q)
	query := strings.TrimSpace(q.Get("q"))
	items, next, err := d.Products.List(r.Context(), at.Business.ID, product.Filter{Query: query, Cursor: t.cursor})
	if err != nil {
		return err
	}
	base := at.Base + "/products"
	v := productsView{
		Base: at.Base, ShopURL: at.url("shop"), Query: query,
		None:  len(items) == 0 && query == "" && t.cursor == "",
		Newer: t.newer(base, q), Older: t.older(base, q, next),
	}
	v.Export = base + ".csv"
	if v.Query != "" {
		v.Export += "?" + url.Values{"q": {v.Query}}.Encode()
	}
	for _, p := range items {
		row := productRowOf(at, p)
		row.Uncharged = d.Payments.Accepts(at.Business, p.Price)
		v.Rows = append(v.Rows, row)
	}
	return render(w, r, http.StatusOK, productsPage(d.frame(r, at, place{"Products", productsRoom}), v))
}

func productRowOf(at *room, p product.Product) productRowView {
	return productRowView{
		Name: p.Name, Description: p.Description, Price: asMoney(p.Price), Slug: p.Slug,
		URL: at.url("shop/" + p.Slug), Href: at.Base + "/products/" + string(p.ID),
		Image: imageHref(at, p.ImageID), Active: p.Active,
	}
}

func (d *Dashboard) switchProduct(w http.ResponseWriter, r *http.Request, at *room) error {
	if err := readForm(w, r, maxForm); err != nil {
		return err
	}
	on := ticked(r.PostForm, "active")
	p, err := d.Products.Update(r.Context(), at.Business.ID, product.ID(r.PathValue("id")), 0, product.Patch{Active: &on})
	if err != nil {
		return err
	}
	toast := ui.ToastProps{Text: p.Name + " is active"}
	if !on {
		toast = ui.ToastProps{Text: p.Name + " is not for sale", Calm: true}
	}
	d.say(r, toast)
	return redirect(w, r, at.Base+"/products")
}
