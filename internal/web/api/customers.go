package api

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/tag"
)

// customers are the operations on customers.
func (a *handlers) customers() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Customers.Get(ctx, b.ID, customer.ID(id))
		return err
	}
	register(a, operation{method: http.MethodPost, path: "/customers", id: "create-customer", summary: "Create a customer", group: groupCustomers,
		scope: account.CustomersWrite, status: http.StatusCreated}, a.createCustomer)
	register(a, operation{method: http.MethodGet, path: "/customers", id: "list-customers", summary: "List customers", group: groupCustomers,
		scope: account.CustomersRead}, a.listCustomers)
	register(a, operation{method: http.MethodGet, path: "/customers/{id}", id: "get-customer", summary: "Read a customer", group: groupCustomers,
		scope: account.CustomersRead, object: there}, a.getCustomer)
	register(a, operation{method: http.MethodPatch, path: "/customers/{id}", id: "change-customer", summary: "Change a customer", group: groupCustomers,
		about: "Fields that are left out stay; null clears.", scope: account.CustomersWrite, object: there}, a.changeCustomer)
	register(a, operation{method: http.MethodDelete, path: "/customers/{id}", id: "delete-customer", summary: "Delete a customer", group: groupCustomers,
		about: "Their payments stay.", scope: account.CustomersWrite, status: http.StatusNoContent, object: there}, a.deleteCustomer)
}

// customerBody is a customer as programs write it.
type customerBody struct {
	Name     optional[string]   `json:"name" required:"false" doc:"Up to 120 characters. A name or an e-mail address is needed."`
	Email    optional[string]   `json:"email" required:"false" doc:"No two customers share one."`
	Phone    optional[string]   `json:"phone" required:"false" example:"+31 6 12345678" doc:"Any usual form with the country code; kept as E.164."`
	Language optional[string]   `json:"language" required:"false" example:"nl" doc:"en, nl, de, fr, es or ar."`
	Notes    optional[string]   `json:"notes" required:"false" doc:"Private."`
	Tags     optional[[]string] `json:"tags" required:"false" doc:"Names; those that don't exist are made."`
}

// CustomerView is a customer as programs read it.
type CustomerView struct {
	ID        customer.ID `json:"id" example:"cus_…"`
	Name      string      `json:"name"`
	Email     *string     `json:"email"`
	Phone     *string     `json:"phone" example:"+31612345678" doc:"E.164."`
	Language  *string     `json:"language"`
	Notes     string      `json:"notes"`
	Tags      []string    `json:"tags" nullable:"false"`
	Version   int64       `json:"version"`
	CreatedAt time.Time   `json:"created_at"`
	UpdatedAt time.Time   `json:"updated_at"`
}

type oneCustomer struct {
	ETag string `header:"ETag"`
	Body CustomerView
}

// edit changes what the body says something of.
func (in customerBody) edit(f *customer.Fields) {
	in.Name.set(&f.Name)
	in.Email.set(&f.Email)
	in.Phone.set(&f.Phone)
	in.Language.set(&f.Language)
	in.Notes.set(&f.Notes)
	if in.Tags.Sent {
		f.Tags = tag.Named(value(in.Tags.Value)...)
	}
}

type madeCustomer struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     CustomerView
}

func customerOf(c customer.Customer) CustomerView {
	v := CustomerView{
		ID: c.ID, Name: c.Name, Email: pointer(c.Email), Phone: pointer(c.Phone), Language: pointer(c.Language), Notes: c.Notes,
		Tags: tag.Names(c.Tags), Version: c.Version, CreatedAt: c.CreatedAt.UTC(), UpdatedAt: c.UpdatedAt.UTC(),
	}
	return v
}

func (a *handlers) createCustomer(ctx context.Context, b business.Business, in *struct{ Body customerBody }) (*madeCustomer, error) {
	var f customer.Fields
	in.Body.edit(&f)
	c, err := a.Customers.Create(ctx, b, f)
	if err != nil {
		return nil, err
	}
	return &madeCustomer{Location: prefix + "/customers/" + string(c.ID), ETag: etag(c.Version), Body: customerOf(c)}, nil
}

type customerQuery struct {
	Paging
	Query string   `query:"q" doc:"Part of the name, the e-mail address or the phone number."`
	Tag   []string `query:"tag" doc:"With any of these tags, separated by commas."`
}

func (a *handlers) listCustomers(ctx context.Context, b business.Business, in *customerQuery) (*listed[CustomerView], error) {
	p, err := a.Customers.List(ctx, b.ID, customer.Filter{Query: in.Query, Tags: in.Tag, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return pageOf(p.Customers, p.Next, customerOf), nil
}

func (a *handlers) getCustomer(ctx context.Context, b business.Business, in *ByID) (*oneCustomer, error) {
	c, err := a.Customers.Get(ctx, b.ID, customer.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return &oneCustomer{ETag: etag(c.Version), Body: customerOf(c)}, nil
}

type customerChange struct {
	ByID
	IfMatch string `header:"If-Match" doc:"The ETag that was read: a customer that was changed since is refused with 412."`
	Body    customerBody
}

func (a *handlers) changeCustomer(ctx context.Context, b business.Business, in *customerChange) (*oneCustomer, error) {
	version, err := readIfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	c, err := a.Customers.Edit(ctx, b, customer.ID(in.ID), version, in.Body.edit)
	if err != nil {
		return nil, err
	}
	return &oneCustomer{ETag: etag(c.Version), Body: customerOf(c)}, nil
}

func (a *handlers) deleteCustomer(ctx context.Context, b business.Business, in *ByID) (*nothing, error) {
	return nil, a.Customers.Delete(ctx, b.ID, customer.ID(in.ID))
}
