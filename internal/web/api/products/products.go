package products

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
	"smartlinks/internal/web/api/asking"
	"smartlinks/internal/web/api/frame"
)

// products are the operations on products.
func (a handlers) products() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Products.Get(ctx, b.ID, product.ID(id))
		return err
	}
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: "/products", ID: "create-product", Summary: "Create a product", Group: frame.GroupProducts,
		Scope: account.ProductsWrite, Status: http.StatusCreated, Needs: []string{"name", "price"}}, a.createProduct)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/products", ID: "list-products", Summary: "List products", Group: frame.GroupProducts,
		Scope: account.ProductsRead}, a.listProducts)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/products/{id}", ID: "get-product", Summary: "Read a product", Group: frame.GroupProducts,
		Scope: account.ProductsRead, Object: there}, a.getProduct)
	frame.Register(a.API, frame.Operation{Method: http.MethodPatch, Path: "/products/{id}", ID: "change-product", Summary: "Change a product", Group: frame.GroupProducts,
		About: "Fields that are left out stay.", Scope: account.ProductsWrite, Object: there}, a.changeProduct)
	frame.Register(a.API, frame.Operation{Method: http.MethodDelete, Path: "/products/{id}", ID: "delete-product", Summary: "Delete a product", Group: frame.GroupProducts,
		About: "One that links sell is refused with 409.", Scope: account.ProductsWrite, Status: http.StatusNoContent, Object: there}, a.deleteProduct)
}

// productBody is a product as programs write it.
type productBody struct {
	Name        frame.Optional[string] `json:"name" required:"false" doc:"A new product needs one."`
	Description frame.Optional[string] `json:"description" required:"false"`
	Price       *frame.Amount          `json:"price,omitempty" doc:"A new product needs one."`
	Active      *bool                  `json:"active,omitempty" doc:"Shown in the shop and for sale."`
	asking.AskedBody
}

// productView is a product as programs read it.
type productView struct {
	ID          product.ID   `json:"id" example:"prd_…"`
	URL         string       `json:"url" doc:"Its page in the shop."`
	Slug        string       `json:"slug" doc:"The end of the URL, made from the name."`
	Name        string       `json:"name"`
	Description string       `json:"description"`
	Price       frame.Amount `json:"price"`
	ImageURL    *string      `json:"image_url"`
	Active      bool         `json:"active" doc:"Whether it can be bought."`
	asking.AskedView
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

func (a handlers) productView(b business.Business, p product.Product) productView {
	v := productView{
		ID: p.ID, URL: a.Addresses.Of(string(b.ID), address.Product(b.Handle, p.Slug)), Slug: p.Slug, Name: p.Name, Description: p.Description,
		Price: frame.AmountOf(p.Price), Active: p.Active, AskedView: asking.ViewOf(p.Checkout, p.Price.Currency), Version: p.Version, CreatedAt: p.CreatedAt.UTC(), UpdatedAt: p.UpdatedAt.UTC(),
	}
	if p.ImageID != "" {
		v.ImageURL = frame.Pointer(a.Addresses.Of(string(b.ID), address.Image(b.ID, p.ImageID)))
	}
	return v
}

func (a handlers) createProduct(ctx context.Context, b business.Business, in *struct{ Body productBody }) (*madeProduct, error) {
	var wrong fault.Fields
	if in.Body.Price == nil {
		wrong.Add("price.value", string(money.Missing), "Enter a price.")
	}
	price := in.Body.Price.Read("price", b.Currency, &wrong)
	asked := in.Body.AskedBody.Edit(priceCurrency(price, b.Currency), &wrong)
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	f := product.Fields{
		Name: frame.ValueOf(in.Body.Name.Value), Description: frame.ValueOf(in.Body.Description.Value), Price: *price,
		Active: in.Body.Active == nil || *in.Body.Active,
	}
	asked(&f.Checkout)
	p, err := a.Products.Create(ctx, b, f)
	if err != nil {
		return nil, err
	}
	return &madeProduct{Location: frame.Prefix + "/products/" + string(p.ID), ETag: frame.ETag(p.Version), Body: a.productView(b, p)}, nil
}

// priceCurrency is in what the fixed part of a fee is, where it does not say so itself.
func priceCurrency(price *money.Amount, usual money.Currency) money.Currency {
	if price == nil || price.Currency == "" {
		return usual
	}
	return price.Currency
}

type productQuery struct {
	frame.Paging
	Query string `query:"q" doc:"Part of the name."`
}

func (a handlers) listProducts(ctx context.Context, b business.Business, in *productQuery) (*frame.Listed[productView], error) {
	items, next, err := a.Products.List(ctx, b.ID, product.Filter{Query: in.Query, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return frame.PageOf(items, next, func(p product.Product) productView { return a.productView(b, p) }), nil
}

func (a handlers) getProduct(ctx context.Context, b business.Business, in *frame.ByID) (*oneProduct, error) {
	p, err := a.Products.Get(ctx, b.ID, product.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return &oneProduct{ETag: frame.ETag(p.Version), Body: a.productView(b, p)}, nil
}

type productChange struct {
	frame.ByID
	IfMatch string `header:"If-Match" doc:"The ETag that was read: a product that was changed since is refused with 412."`
	Body    productBody
}

func (a handlers) changeProduct(ctx context.Context, b business.Business, in *productChange) (*oneProduct, error) {
	version, err := frame.ReadIfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	before, err := a.Products.Get(ctx, b.ID, product.ID(in.ID))
	if err != nil {
		return nil, err
	}
	var wrong fault.Fields
	price := in.Body.Price.Read("price", before.Price.Currency, &wrong)
	asked := in.Body.AskedBody.Edit(priceCurrency(price, before.Price.Currency), &wrong)
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	p, err := a.Products.Edit(ctx, b.ID, product.ID(in.ID), version, func(f *product.Fields) {
		in.Body.Name.Set(&f.Name)
		in.Body.Description.Set(&f.Description)
		frame.Set(&f.Price, price)
		frame.Set(&f.Active, in.Body.Active)
		asked(&f.Checkout)
	})
	if err != nil {
		return nil, err
	}
	return &oneProduct{ETag: frame.ETag(p.Version), Body: a.productView(b, p)}, nil
}

func (a handlers) deleteProduct(ctx context.Context, b business.Business, in *frame.ByID) (*frame.Nothing, error) {
	return nil, a.Products.Delete(ctx, b.ID, product.ID(in.ID))
}
