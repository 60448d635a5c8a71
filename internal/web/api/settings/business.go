package settings

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/money"
	"smartlinks/internal/web/api/frame"
)

// business are the operations on the business that the token belongs to.
func (a handlers) business() {
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/business", ID: "get-business", Summary: "Read the business", Group: frame.GroupBusiness,
		About: "The one that the token belongs to.", Scope: account.BusinessRead}, a.getBusiness)
	frame.Register(a.API, frame.Operation{Method: http.MethodPatch, Path: "/business", ID: "change-business", Summary: "Change the business", Group: frame.GroupBusiness,
		About: "Fields that are left out stay.", Scope: account.BusinessWrite}, a.changeBusiness)
}

// businessView is the business as programs read it.
type businessView struct {
	ID         business.ID    `json:"id" example:"biz_…"`
	Handle     string         `json:"handle" doc:"The first part of its addresses."`
	URL        string         `json:"url" doc:"Of its payment page."`
	Name       string         `json:"name"`
	Currency   money.Currency `json:"currency" doc:"ISO 4217; of amounts that are sent without one."`
	Locale     string         `json:"locale" enum:"en,nl,de,fr,es,ar"`
	TimeZone   string         `json:"time_zone" example:"Europe/Amsterdam" doc:"Days of queries are days there."`
	Mode       business.Mode  `json:"mode" enum:"live,test" doc:"Whose payments and figures are shown: test while play money moves."`
	PayRequest bool           `json:"payrequest" doc:"Whether its programs were written for PayRequest: GET /payments and errors are then in PayRequest's shape."`
	Version    int64          `json:"version"`
	CreatedAt  time.Time      `json:"created_at"`
	UpdatedAt  time.Time      `json:"updated_at"`
}

type oneBusiness struct {
	ETag string `header:"ETag"`
	Body businessView
}

func (a handlers) showBusiness(b business.Business) *oneBusiness {
	return &oneBusiness{ETag: frame.ETag(b.Version), Body: businessView{
		ID: b.ID, Handle: b.Handle, URL: a.Addresses.Of(string(b.ID), address.PaymentPage(b.Handle)), Name: b.Name, Currency: b.Currency, Locale: b.Locale,
		TimeZone: b.TimeZone, Mode: b.Mode, PayRequest: b.PayRequest, Version: b.Version, CreatedAt: b.CreatedAt.UTC(), UpdatedAt: b.UpdatedAt.UTC(),
	}}
}

func (a handlers) getBusiness(_ context.Context, b business.Business, _ *frame.Nothing) (*oneBusiness, error) {
	return a.showBusiness(b), nil
}

type businessChange struct {
	IfMatch string `header:"If-Match" doc:"The ETag that was read: a business that was changed since is refused with 412."`
	Body    struct {
		PayRequest *bool `json:"payrequest,omitempty" doc:"“I come from PayRequest”, as in Settings → API."`
	}
}

func (a handlers) changeBusiness(ctx context.Context, b business.Business, in *businessChange) (*oneBusiness, error) {
	version, err := frame.ReadIfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	b, err = a.Businesses.Update(ctx, b.ID, version, business.Patch{PayRequest: in.Body.PayRequest})
	if err != nil {
		return nil, err
	}
	return a.showBusiness(b), nil
}
