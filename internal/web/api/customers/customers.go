package customers

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/tag"
	"smartlinks/internal/web/api/frame"
)

// customers are the operations on customers.
func (a handlers) customers() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Customers.Get(ctx, b.ID, customer.ID(id))
		return err
	}
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: "/customers", ID: "create-customer", Summary: "Create a customer", Group: frame.GroupCustomers,
		Scope: account.CustomersWrite, Status: http.StatusCreated}, a.createCustomer)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/customers", ID: "list-customers", Summary: "List customers", Group: frame.GroupCustomers,
		Scope: account.CustomersRead}, a.listCustomers)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/customers/{id}", ID: "get-customer", Summary: "Read a customer", Group: frame.GroupCustomers,
		Scope: account.CustomersRead, Object: there}, a.getCustomer)
	frame.Register(a.API, frame.Operation{Method: http.MethodPatch, Path: "/customers/{id}", ID: "change-customer", Summary: "Change a customer", Group: frame.GroupCustomers,
		About: "Fields that are left out stay; null clears.", Scope: account.CustomersWrite, Object: there}, a.changeCustomer)
	frame.Register(a.API, frame.Operation{Method: http.MethodDelete, Path: "/customers/{id}", ID: "delete-customer", Summary: "Delete a customer", Group: frame.GroupCustomers,
		About: "Their payments stay.", Scope: account.CustomersWrite, Status: http.StatusNoContent, Object: there}, a.deleteCustomer)
}

// customerBody is a customer as programs write it.
type customerBody struct {
	Name     frame.Optional[string]   `json:"name" required:"false" doc:"Up to 120 characters. A name or an e-mail address is needed."`
	Email    frame.Optional[string]   `json:"email" required:"false" doc:"No two customers share one."`
	Phone    frame.Optional[string]   `json:"phone" required:"false" example:"+31 6 12345678" doc:"Any usual form with the country code; kept as E.164."`
	Language frame.Optional[string]   `json:"language" required:"false" example:"nl" doc:"en, nl, de, fr, es or ar."`
	Notes    frame.Optional[string]   `json:"notes" required:"false" doc:"Private."`
	Tags     frame.Optional[[]string] `json:"tags" required:"false" doc:"Names; those that don't exist are made."`
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
	in.Name.Set(&f.Name)
	in.Email.Set(&f.Email)
	in.Phone.Set(&f.Phone)
	in.Language.Set(&f.Language)
	in.Notes.Set(&f.Notes)
	if in.Tags.Sent {
		f.Tags = tag.Named(frame.ValueOf(in.Tags.Value)...)
	}
}

type madeCustomer struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     CustomerView
}

func CustomerOf(c customer.Customer) CustomerView {
	v := CustomerView{
		ID: c.ID, Name: c.Name, Email: frame.Pointer(c.Email), Phone: frame.Pointer(c.Phone), Language: frame.Pointer(c.Language), Notes: c.Notes,
		Tags: tag.Names(c.Tags), Version: c.Version, CreatedAt: c.CreatedAt.UTC(), UpdatedAt: c.UpdatedAt.UTC(),
	}
	return v
}

func (a handlers) createCustomer(ctx context.Context, b business.Business, in *struct{ Body customerBody }) (*madeCustomer, error) {
	var f customer.Fields
	in.Body.edit(&f)
	c, err := a.Customers.Create(ctx, b, f)
	if err != nil {
		return nil, err
	}
	return &madeCustomer{Location: frame.Prefix + "/customers/" + string(c.ID), ETag: frame.ETag(c.Version), Body: CustomerOf(c)}, nil
}

type customerQuery struct {
	frame.Paging
	Query string   `query:"q" doc:"Part of the name, the e-mail address or the phone number."`
	Tag   []string `query:"tag" doc:"With any of these tags, separated by commas."`
}

func (a handlers) listCustomers(ctx context.Context, b business.Business, in *customerQuery) (*frame.Listed[CustomerView], error) {
	p, err := a.Customers.List(ctx, b.ID, customer.Filter{Query: in.Query, Tags: in.Tag, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return frame.PageOf(p.Customers, p.Next, CustomerOf), nil
}

func (a handlers) getCustomer(ctx context.Context, b business.Business, in *frame.ByID) (*oneCustomer, error) {
	c, err := a.Customers.Get(ctx, b.ID, customer.ID(in.ID))
	if err != nil {
		return nil, err
	}
	return &oneCustomer{ETag: frame.ETag(c.Version), Body: CustomerOf(c)}, nil
}

type customerChange struct {
	frame.ByID
	IfMatch string `header:"If-Match" doc:"The ETag that was read: a customer that was changed since is refused with 412."`
	Body    customerBody
}

func (a handlers) changeCustomer(ctx context.Context, b business.Business, in *customerChange) (*oneCustomer, error) {
	version, err := frame.ReadIfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	c, err := a.Customers.Edit(ctx, b, customer.ID(in.ID), version, in.Body.edit)
	if err != nil {
		return nil, err
	}
	return &oneCustomer{ETag: frame.ETag(c.Version), Body: CustomerOf(c)}, nil
}

func (a handlers) deleteCustomer(ctx context.Context, b business.Business, in *frame.ByID) (*frame.Nothing, error) {
	return nil, a.Customers.Delete(ctx, b.ID, customer.ID(in.ID))
}
