package api

import (
	"context"
	"net/http"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/publish"
)

// sending are the operations that bring links to customers.
func (a *handlers) sending() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Links.Get(ctx, b, link.ID(id))
		return err
	}
	register(a, operation{method: http.MethodPost, path: "/links/{id}/send", id: "send-link", summary: "Send a link", group: groupSending,
		about: "To one customer, to several, or to all with a tag; without any, to the link's own customer. Each gets a link of their own. " +
			"More than a few have their turn behind the answer, which then holds a batch.",
		scope: account.LinksWrite, status: http.StatusAccepted, object: there, needs: []string{"channels"}}, a.sendLink)
	register(a, operation{method: http.MethodGet, path: "/deliveries/{id}", id: "get-delivery", summary: "See what became of a delivery", group: groupSending,
		scope: account.LinksRead, object: a.hasDelivery}, a.getDelivery)
	register(a, operation{method: http.MethodDelete, path: "/deliveries/{id}", id: "take-back-delivery", summary: "Take a scheduled delivery back", group: groupSending,
		about: "It is not sent. One that was sent already answers 409.", scope: account.LinksWrite, status: http.StatusNoContent, object: a.hasDelivery}, a.takeBack)
	register(a, operation{method: http.MethodGet, path: "/links/{id}/batches", id: "list-batches", summary: "See how sends to many go on", group: groupSending,
		about: "The newest five.", scope: account.LinksRead, object: there}, a.listBatches)
}

// sendBody says to whom a link goes and how.
type sendBody struct {
	Channels    []message.Channel `json:"channels" required:"false" enum:"email,sms" doc:"email, sms or both."`
	CustomerID  string            `json:"customer_id,omitempty"`
	CustomerIDs []string          `json:"customer_ids,omitempty" doc:"At most 1000."`
	Tag         string            `json:"tag,omitempty" doc:"The name of a tag of customers."`
	SendAt      string            `json:"send_at,omitempty" example:"2026-12-01T09:00" doc:"Send it later: an instant with its offset, or a local time of the business's zone. Until then its deliveries are scheduled and can be taken back."`
	Message     string            `json:"message,omitempty" doc:"Words of your own, with {link}, {customer_name}, {first_name}, {amount}, {link_name} and {business_name}."`
}

func (in sendBody) request(own customer.ID) delivery.Request {
	r := delivery.Request{Channels: in.Channels, Tag: in.Tag, Message: in.Message}
	for _, id := range in.CustomerIDs {
		r.Customers = append(r.Customers, customer.ID(id))
	}
	if in.CustomerID != "" {
		r.Customers = append(r.Customers, customer.ID(in.CustomerID))
	}
	if len(r.Customers) == 0 && r.Tag == "" && own != "" {
		r.Customers = []customer.ID{own}
	}
	return r
}

// sentView is what became of a request to send.
type sentView struct {
	Recipients int64          `json:"recipients" doc:"To how many it goes."`
	Deliveries []DeliveryView `json:"deliveries" nullable:"false" doc:"Of the few that are done at once."`
	Batch      *batchView     `json:"batch" doc:"Of the many that have their turn later."`
}

type sentLink struct{ Body sentView }

func (a *handlers) sendLink(ctx context.Context, b business.Business, in *struct {
	ByID
	Body sendBody
}) (*sentLink, error) {
	l, err := a.Links.Get(ctx, b, link.ID(in.ID))
	if err != nil {
		return nil, err
	}
	request := in.Body.request(l.CustomerID)
	if request.At, err = readSendAt(b, in.Body.SendAt); err != nil {
		return nil, err
	}
	started, err := a.Deliveries.Start(ctx, b, l.ID, request)
	if err != nil {
		return nil, renamed(err, func(f fault.Field) string {
			if f.Name == "customer_id" && in.Body.CustomerID == "" && len(in.Body.CustomerIDs) > 0 {
				return "customer_ids"
			}
			return f.Name
		})
	}
	v := sentView{Recipients: int64(len(started.Sends) + len(started.Later)), Deliveries: append(deliveryViewsOf(started.Sends), laterViewsOf(started.Later)...)}
	if !seesCustomers(ctx) {
		hideNames(v.Deliveries)
	}
	if started.Batch != nil {
		batch := batchViewOf(*started.Batch)
		v.Recipients, v.Batch = batch.Total, &batch
	}
	return &sentLink{v}, nil
}

// newLinkBody is a link with the first send.
type newLinkBody struct {
	LinkBody
	Deliver []message.Channel `json:"deliver,omitempty" enum:"email,sms" doc:"Send the link to its customer at once: email, sms or both."`
	Message string            `json:"message,omitempty" doc:"Words of your own for that, as in POST /links/{id}/send."`
}

// with is what goes with the link.
func (in newLinkBody) with() publish.With {
	with := publish.With{Reminders: readReminders(in.Reminders)}
	if len(in.Deliver) > 0 {
		with.Send = sendBody{Channels: in.Deliver, Message: in.Message}.request
	}
	return with
}

// create makes the link and sends it, or neither.
func (a *handlers) create(ctx context.Context, b business.Business, draft link.Fields, in newLinkBody) (l link.Link, err error) {
	err = a.DB.InTx(ctx, func(tx *db.Tx) error {
		l, err = a.createTx(ctx, tx, b, draft, in)
		return err
	})
	return l, err
}

func (a *handlers) createTx(ctx context.Context, tx *db.Tx, b business.Business, draft link.Fields, in newLinkBody) (link.Link, error) {
	if _, err := delivery.ParseWords(in.Message); err != nil {
		return link.Link{}, err
	}
	made, err := a.Publish.CreateTx(ctx, tx, b, draft, in.with())
	return made.Link, asDeliver(err)
}

// asDeliver names the fields as they are called where a link is made.
func asDeliver(err error) error {
	return renamed(err, func(f fault.Field) string {
		if f.Name == "channels" {
			return "deliver"
		}
		return f.Name
	})
}

type listedBatches struct {
	Body struct {
		Data []batchView `json:"data" nullable:"false"`
	}
}

func (a *handlers) listBatches(ctx context.Context, b business.Business, in *ByID) (*listedBatches, error) {
	batches, err := a.Deliveries.Batches(ctx, a.DB, b.ID, link.ID(in.ID), b.Mode)
	out := &listedBatches{}
	out.Body.Data = []batchView{}
	for _, batch := range batches {
		out.Body.Data = append(out.Body.Data, batchViewOf(batch))
	}
	return out, err
}
