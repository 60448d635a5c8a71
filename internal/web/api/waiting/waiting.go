package waiting

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/link"
	"smartlinks/internal/waitinglist"
	"smartlinks/internal/web/api/frame"
)

// waiting are the operations on waiting lists.
func (a handlers) waiting() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Links.Get(ctx, b, link.ID(id))
		return err
	}
	entry := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Waiting.Get(ctx, a.DB, b.ID, waitinglist.ID(id))
		return err
	}
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/links/{id}/waiting-list", ID: "list-waiting", Summary: "See who waits for a place", Group: frame.GroupLinks,
		About: "Those who wait or have an offer in their order, then the others, a thousand at most.", Scope: account.LinksRead, Object: there}, a.listWaiting)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/waiting-list/{id}", ID: "get-waiting", Summary: "See how somebody on a waiting list stands", Group: frame.GroupLinks,
		Scope: account.LinksRead, Object: entry}, a.getWaiting)
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: "/waiting-list/{id}/offer", ID: "offer-place", Summary: "Offer a free place out of turn", Group: frame.GroupLinks,
		About: "Also to who declined or let an offer pass. 409 while no place is free: raise the limit, and the list is served in its order.", Scope: account.LinksWrite, Object: entry}, a.offerPlace)
	frame.Register(a.API, frame.Operation{Method: http.MethodDelete, Path: "/waiting-list/{id}", ID: "remove-waiting", Summary: "Take somebody off a waiting list", Group: frame.GroupLinks,
		About: "A place that was offered to them goes to the next. 409 for who is not on it any more.", Scope: account.LinksWrite, Status: http.StatusNoContent, Object: entry}, a.removeWaiting)
}

// WaitingView is somebody on a waiting list.
type WaitingView struct {
	ID           waitinglist.ID    `json:"id" example:"wtl_…"`
	LinkID       link.ID           `json:"link_id"`
	Email        string            `json:"email" doc:"Empty for a token without customers:read."`
	Quantity     int64             `json:"quantity" doc:"Places wanted."`
	Status       waitinglist.State `json:"status" enum:"waiting,offered,taken,declined,ended"`
	OfferedUntil *time.Time        `json:"offered_until" doc:"Until then the places are held for them; null without an offer."`
	CreatedAt    time.Time         `json:"created_at"`
}

func WaitingViewOf(e waitinglist.Entry) WaitingView {
	v := WaitingView{ID: e.ID, LinkID: e.LinkID, Email: e.Email, Quantity: e.Quantity, Status: e.State, CreatedAt: e.CreatedAt.UTC()}
	if e.State == waitinglist.Offered { // the entry remembers an offer that is over
		v.OfferedUntil = frame.UTCPointer(e.OfferedUntil)
	}
	return v
}

type listedWaiting struct {
	Body struct {
		Data []WaitingView `json:"data" nullable:"false"`
	}
}

func (a handlers) listWaiting(ctx context.Context, b business.Business, in *frame.ByID) (*listedWaiting, error) {
	entries, err := a.Waiting.Of(ctx, b, link.ID(in.ID))
	out := &listedWaiting{}
	out.Body.Data = []WaitingView{}
	for _, e := range entries {
		v := WaitingViewOf(e)
		if !frame.SeesCustomers(ctx) {
			v.Email = ""
		}
		out.Body.Data = append(out.Body.Data, v)
	}
	return out, err
}

type oneWaiting struct{ Body WaitingView }

func (a handlers) getWaiting(ctx context.Context, b business.Business, in *frame.ByID) (*oneWaiting, error) {
	e, err := a.Waiting.Get(ctx, a.DB, b.ID, waitinglist.ID(in.ID))
	if err != nil {
		return nil, err
	}
	v := WaitingViewOf(e)
	if !frame.SeesCustomers(ctx) {
		v.Email = ""
	}
	return &oneWaiting{v}, nil
}

func (a handlers) offerPlace(ctx context.Context, b business.Business, in *frame.ByID) (*oneWaiting, error) {
	e, err := a.Waiting.OfferNow(ctx, b, waitinglist.ID(in.ID))
	if err != nil {
		return nil, err
	}
	v := WaitingViewOf(e)
	if !frame.SeesCustomers(ctx) {
		v.Email = ""
	}
	return &oneWaiting{v}, nil
}

func (a handlers) removeWaiting(ctx context.Context, b business.Business, in *frame.ByID) (*frame.Nothing, error) {
	return nil, a.Waiting.Remove(ctx, b, waitinglist.ID(in.ID))
}
