package linkform

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/product"
	"smartlinks/internal/publish"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/dashboard/frame"
)

// addTags shows the form of a link again with the typed tags made and ticked.
func (d pages) addTags(w http.ResponseWriter, r *http.Request, scope *frame.Scope, v formView) error {
	status := http.StatusOK
	made, wrong, err := d.MakeTags(r, scope, tag.OfLinks, v.Values.newTags())
	switch {
	case err != nil:
		return err
	case wrong.Errors != nil:
		v.Problems, status = wrong, http.StatusUnprocessableEntity
	default:
		v.Values.Tags, v.Values.NewTags = frame.Distinct(append(v.Values.Tags, made...)), ""
	}
	return d.showForm(w, r, scope, status, v)
}

// newProduct is what is typed of a product that is made with the link.
type newProduct struct{ Name, Price string }

func newProductFrom(form url.Values) newProduct {
	return newProduct{strings.TrimSpace(form.Get("new_product")), strings.TrimSpace(form.Get("new_product_price"))}
}

// makesProduct tells whether the link sells a product that is made with it.
func (v linkValues) makesProduct() bool {
	return v.Type == string(link.Product) && v.NewProduct != newProduct{}
}

// withProduct lets the link sell the product that is typed, if one is. What is wrong
// with it is told before anything is stored.
func (d pages) withProduct(ctx context.Context, scope *frame.Scope, v linkValues, with *publish.With) error {
	if !v.makesProduct() {
		return nil
	}
	var unread fault.Fields
	price := frame.AmountFrom(scope.Reader, v.NewProduct.Price, scope.Business.Currency, "price.value", &unread)
	draft, err := d.Products.Draft(ctx, scope.Business, product.Fields{Name: v.NewProduct.Name, Price: price, Active: true})
	if err := frame.Merged(unread, err); err != nil {
		return ofNewProduct(err)
	}
	with.Product = func(ctx context.Context, tx *db.Tx) (product.ID, error) {
		p, err := draft(ctx, tx)
		return p.ID, err
	}
	return nil
}

// ofNewProduct moves what is wrong with a product to the fields of a new one.
func ofNewProduct(err error) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	var wrong fault.Fields
	for _, field := range fault.Of(err).Fields {
		at := "new_product"
		if strings.HasPrefix(field.Name, "price") {
			at = "new_product_price"
		}
		wrong.Add(at, field.Code, field.Message)
	}
	return wrong.Err()
}
