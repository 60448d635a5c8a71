package api

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/waitinglist"
)

// waiting are the operations on waiting lists.
func (a *handlers) waiting() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Links.Get(ctx, b, link.ID(id))
		return err
	}
	entry := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Waiting.Get(ctx, a.DB, b.ID, waitinglist.ID(id))
		return err
	}
	register(a, operation{method: http.MethodGet, path: "/links/{id}/waiting-list", id: "list-waiting", summary: "See who waits for a place", group: groupLinks,
		about: "Those who wait or have an offer in their order, then the others, a thousand at most.", scope: account.LinksRead, object: there}, a.listWaiting)
	register(a, operation{method: http.MethodGet, path: "/waiting-list/{id}", id: "get-waiting", summary: "See how somebody on a waiting list stands", group: groupLinks,
		scope: account.LinksRead, object: entry}, a.getWaiting)
	register(a, operation{method: http.MethodPost, path: "/waiting-list/{id}/offer", id: "offer-place", summary: "Offer a free place out of turn", group: groupLinks,
		about: "Also to who declined or let an offer pass. 409 while no place is free: raise the limit, and the list is served in its order.", scope: account.LinksWrite, object: entry}, a.offerPlace)
	register(a, operation{method: http.MethodDelete, path: "/waiting-list/{id}", id: "remove-waiting", summary: "Take somebody off a waiting list", group: groupLinks,
		about: "A place that was offered to them goes to the next. 409 for who is not on it any more.", scope: account.LinksWrite, status: http.StatusNoContent, object: entry}, a.removeWaiting)
}

// waitingView is somebody on a waiting list.
type waitingView struct {
	ID           waitinglist.ID    `json:"id" example:"wtl_…"`
	LinkID       link.ID           `json:"link_id"`
	Email        string            `json:"email" doc:"Empty for a token without customers:read."`
	Quantity     int64             `json:"quantity" doc:"Places wanted."`
	Status       waitinglist.State `json:"status" enum:"waiting,offered,taken,declined,ended"`
	OfferedUntil *time.Time        `json:"offered_until" doc:"Until then the places are held for them; null without an offer."`
	CreatedAt    time.Time         `json:"created_at"`
}

func waitingViewOf(e waitinglist.Entry) waitingView {
	v := waitingView{ID: e.ID, LinkID: e.LinkID, Email: e.Email, Quantity: e.Quantity, Status: e.State, CreatedAt: e.CreatedAt.UTC()}
	if e.State == waitinglist.Offered { // the entry remembers an offer that is over
		v.OfferedUntil = utcPtr(e.OfferedUntil)
	}
	return v
}

type listedWaiting struct {
	Body struct {
		Data []waitingView `json:"data" nullable:"false"`
	}
}

func (a *handlers) listWaiting(ctx context.Context, b business.Business, in *ByID) (*listedWaiting, error) {
	entries, err := a.Waiting.Of(ctx, b, link.ID(in.ID))
	out := &listedWaiting{}
	out.Body.Data = []waitingView{}
	for _, e := range entries {
		v := waitingViewOf(e)
		if !seesCustomers(ctx) {
			v.Email = ""
		}
		out.Body.Data = append(out.Body.Data, v)
	}
	return out, err
}

type oneWaiting struct{ Body waitingView }

func (a *handlers) getWaiting(ctx context.Context, b business.Business, in *ByID) (*oneWaiting, error) {
	e, err := a.Waiting.Get(ctx, a.DB, b.ID, waitinglist.ID(in.ID))
	if err != nil {
		return nil, err
	}
	v := waitingViewOf(e)
	if !seesCustomers(ctx) {
		v.Email = ""
	}
	return &oneWaiting{v}, nil
}

func (a *handlers) offerPlace(ctx context.Context, b business.Business, in *ByID) (*oneWaiting, error) {
	e, err := a.Waiting.OfferNow(ctx, b, waitinglist.ID(in.ID))
	if err != nil {
		return nil, err
	}
	v := waitingViewOf(e)
	if !seesCustomers(ctx) {
		v.Email = ""
	}
	return &oneWaiting{v}, nil
}

func (a *handlers) removeWaiting(ctx context.Context, b business.Business, in *ByID) (*nothing, error) {
	return nil, a.Waiting.Remove(ctx, b, waitinglist.ID(in.ID))
}

// Waiting is an entry of a waiting list, as its list shows it.
func (o *Objects) Waiting(e waitinglist.Entry) any { return waitingViewOf(e) }

// Customer is what GET /customers/{id} shows.
func (o *Objects) Customer(ctx context.Context, tx *db.Tx, businessID business.ID, id customer.ID) (any, error) {
	c, err := o.Customers.GetTx(ctx, tx, businessID, id)
	if err != nil {
		return nil, err
	}
	return customerOf(c), nil
}
