package api

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/product"
)

// products are the operations on products.
func (a *handlers) products() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Products.Get(ctx, b.ID, product.ID(id))
		return err
	}
	register(a, operation{method: http.MethodPost, path: "/products", id: "create-product", summary: "Create a product", group: groupProducts,
		scope: account.ProductsWrite, status: http.StatusCreated, needs: []string{"name", "price"}}, a.createProduct)
	register(a, operation{method: http.MethodGet, path: "/products", id: "list-products", summary: "List products", group: groupProducts,
		scope: account.ProductsRead}, a.listProducts)
	register(a, operation{method: http.MethodGet, path: "/products/{id}", id: "get-product", summary: "Read a product", group: groupProducts,
		scope: account.ProductsRead, object: there}, a.getProduct)
	register(a, operation{method: http.MethodPatch, path: "/products/{id}", id: "change-product", summary: "Change a product", group: groupProducts,
		about: "Fields that are left out stay.", scope: account.ProductsWrite, object: there}, a.changeProduct)
	register(a, operation{method: http.MethodDelete, path: "/products/{id}", id: "delete-product", summary: "Delete a product", group: groupProducts,
		about: "One that links sell is refused with 409.", scope: account.ProductsWrite, status: http.StatusNoContent, object: there}, a.deleteProduct)
}

// productBody is a product as programs write it.
type productBody struct {
	Name        optional[string] `json:"name" required:"false" doc:"A new product needs one."`
	Description optional[string] `json:"description" required:"false"`
	Price       *amount          `json:"price,omitempty" doc:"A new product needs one."`
	Active      *bool            `json:"active,omitempty" doc:"Shown in the shop and for sale."`
	AskedBody
}

// productView is a product as programs read it.
type productView struct {
	ID          product.ID `json:"id" example:"prd_…"`
	URL         string     `json:"url" doc:"Its page in the shop."`
	Slug        string     `json:"slug" doc:"The end of the URL, made from the name."`
	Name        string     `json:"name"`
	Description string     `json:"description"`
	Price       amount     `json:"price"`
	ImageURL    *string    `json:"image_url"`
	Active      bool       `json:"active" doc:"Whether it can be bought."`
	AskedView
	Version   int64     `json:"version"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

type oneProduct struct {
	ETag string `header:"ETag"`
	Body productView
}

type madeProduct struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     productView
}

func (a *handlers) productView(b business.Business, p product.Product) productView {
	v := productView{
		ID: p.ID, URL: a.Addresses.Of(string(b.ID), address.Product(b.Handle, p.Slug)), Slug: p.Slug, Name: p.Name, Description: p.Description,
		Price: amountOf(p.Price), Active: p.Active, AskedView: askedView(p.Checkout, p.Price.Currency), Version: p.Version, CreatedAt: p.CreatedAt.UTC(), UpdatedAt: p.UpdatedAt.UTC(),
	}
	if p.ImageID != "" {
		v.ImageURL = pointer(a.Addresses.Of(string(b.ID), address.Image(b.ID, p.ImageID)))
	}
	return v
}

func (a *handlers) createProduct(ctx context.Context, b business.Business, in *struct{ Body productBody }) (*madeProduct, error) {
	var wrong fault.Fields
	if in.Body.Price == nil {
		wrong.Add("price.value", string(money.Missing), "Enter a price.")
	}
	price := in.Body.Price.read("price", b.Currency, &wrong)
	asked := in.Body.AskedBody.edit(priceCurrency(price, b.Currency), &wrong)
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	f := product.Fields{
		Name: value(in.Body.Name.Value), Description: value(in.Body.Description.Value), Price: *price,
		Active: in.Body.Active == nil || *in.Body.Active,
	}
	asked(&f.Checkout)
	p, err := a.Products.Create(ctx, b, f)
	if err != nil {
		return nil, err
	}
	return &madeProduct{Location: prefix + "/products/" + string(p.ID), ETag: etag(p.Version), Body: a.productView(b, p)}, nil
}

// priceCurrency is in what the fixed part of a fee is, where it does not say so itself.
func priceCurrency(price *money.Amount, usual money.Currency) money.Currency {
	if price == nil || price.Currency == "" {
		return usual
	}
	return price.Currency
}

type productQuery struct {
	Paging
	Query string `query:"q" doc:"Part of the name."`
}

func (a *handlers) listProducts(ctx context.Context, b business.Business, in *productQuery) (*listed[productView], error) {
	items, next, err := a.Products.List(ctx, b.ID, product.Filter{Query: in.Query, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return pageOf(items, next, func(p product.Product) productView { return a.productView(b, p) }), nil
}

func (a *handlers) getProduct(ctx context.Context, b business.Business, in *ByID) (*oneProduct, error) {
	p, err := a.Products.Get(ctx, b.ID, product.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return &oneProduct{ETag: etag(p.Version), Body: a.productView(b, p)}, nil
}

type productChange struct {
	ByID
	IfMatch string `header:"If-Match" doc:"The ETag that was read: a product that was changed since is refused with 412."`
	Body    productBody
}

func (a *handlers) changeProduct(ctx context.Context, b business.Business, in *productChange) (*oneProduct, error) {
	version, err := readIfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	before, err := a.Products.Get(ctx, b.ID, product.ID(in.ID))
	if err != nil {
		return nil, err
	}
	var wrong fault.Fields
	price := in.Body.Price.read("price", before.Price.Currency, &wrong)
	asked := in.Body.AskedBody.edit(priceCurrency(price, before.Price.Currency), &wrong)
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	p, err := a.Products.Edit(ctx, b.ID, product.ID(in.ID), version, func(f *product.Fields) {
		in.Body.Name.set(&f.Name)
		in.Body.Description.set(&f.Description)
		set(&f.Price, price)
		set(&f.Active, in.Body.Active)
		asked(&f.Checkout)
	})
	if err != nil {
		return nil, err
	}
	return &oneProduct{ETag: etag(p.Version), Body: a.productView(b, p)}, nil
}

func (a *handlers) deleteProduct(ctx context.Context, b business.Business, in *ByID) (*nothing, error) {
	return nil, a.Products.Delete(ctx, b.ID, product.ID(in.ID))
}
