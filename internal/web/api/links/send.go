package links

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
	"smartlinks/internal/web/api/frame"
)

// sending are the operations that bring links to customers.
func (a Handlers) sending() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Links.Get(ctx, b, link.ID(id))
		return err
	}
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: "/links/{id}/send", ID: "send-link", Summary: "Send a link", Group: frame.GroupSending,
		About: "To one customer, to several, or to all with a tag; without any, to the link's own customer. Each gets a link of their own. " +
			"More than a few have their turn behind the answer, which then holds a batch.",
		Scope: account.LinksWrite, Status: http.StatusAccepted, Object: there, Needs: []string{"channels"}}, a.sendLink)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/deliveries/{id}", ID: "get-delivery", Summary: "See what became of a delivery", Group: frame.GroupSending,
		Scope: account.LinksRead, Object: a.hasDelivery}, a.getDelivery)
	frame.Register(a.API, frame.Operation{Method: http.MethodDelete, Path: "/deliveries/{id}", ID: "take-back-delivery", Summary: "Take a scheduled delivery back", Group: frame.GroupSending,
		About: "It is not sent. One that was sent already answers 409.", Scope: account.LinksWrite, Status: http.StatusNoContent, Object: a.hasDelivery}, a.takeBack)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/links/{id}/batches", ID: "list-batches", Summary: "See how sends to many go on", Group: frame.GroupSending,
		About: "The newest five.", Scope: account.LinksRead, Object: there}, a.listBatches)
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

func (a Handlers) sendLink(ctx context.Context, b business.Business, in *struct {
	frame.ByID
	Body sendBody
}) (*sentLink, error) {
	l, err := a.Links.Get(ctx, b, link.ID(in.ID))
	if err != nil {
		return nil, err
	}
	request := in.Body.request(l.CustomerID)
	if request.At, err = ReadSendAt(b, in.Body.SendAt); err != nil {
		return nil, err
	}
	started, err := a.Deliveries.Start(ctx, b, l.ID, request)
	if err != nil {
		return nil, frame.Renamed(err, func(f fault.Field) string {
			if f.Name == "customer_id" && in.Body.CustomerID == "" && len(in.Body.CustomerIDs) > 0 {
				return "customer_ids"
			}
			return f.Name
		})
	}
	v := sentView{Recipients: int64(len(started.Sends) + len(started.Later)), Deliveries: append(DeliveryViewsOf(started.Sends), laterViewsOf(started.Later)...)}
	if !frame.SeesCustomers(ctx) {
		hideNames(v.Deliveries)
	}
	if started.Batch != nil {
		batch := batchViewOf(*started.Batch)
		v.Recipients, v.Batch = batch.Total, &batch
	}
	return &sentLink{v}, nil
}

// NewLinkBody is a link with the first send.
type NewLinkBody struct {
	LinkBody
	Deliver []message.Channel `json:"deliver,omitempty" enum:"email,sms" doc:"Send the link to its customer at once: email, sms or both."`
	Message string            `json:"message,omitempty" doc:"Words of your own for that, as in POST /links/{id}/send."`
}

// with is what goes with the link.
func (in NewLinkBody) with() publish.With {
	with := publish.With{Reminders: ReadReminders(in.Reminders)}
	if len(in.Deliver) > 0 {
		with.Send = sendBody{Channels: in.Deliver, Message: in.Message}.request
	}
	return with
}

// create makes the link and sends it, or neither.
func (a Handlers) create(ctx context.Context, b business.Business, draft link.Fields, in NewLinkBody) (l link.Link, err error) {
	err = a.DB.InTx(ctx, func(tx *db.Tx) error {
		l, err = a.CreateTx(ctx, tx, b, draft, in)
		return err
	})
	return l, err
}

func (a Handlers) CreateTx(ctx context.Context, tx *db.Tx, b business.Business, draft link.Fields, in NewLinkBody) (link.Link, error) {
	if _, err := delivery.ParseWords(in.Message); err != nil {
		return link.Link{}, err
	}
	made, err := a.Publish.CreateTx(ctx, tx, b, draft, in.with())
	return made.Link, asDeliver(err)
}

// asDeliver names the fields as they are called where a link is made.
func asDeliver(err error) error {
	return frame.Renamed(err, func(f fault.Field) string {
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

func (a Handlers) listBatches(ctx context.Context, b business.Business, in *frame.ByID) (*listedBatches, error) {
	batches, err := a.Deliveries.Batches(ctx, a.DB, b.ID, link.ID(in.ID), b.Mode)
	out := &listedBatches{}
	out.Body.Data = []batchView{}
	for _, batch := range batches {
		out.Body.Data = append(out.Body.Data, batchViewOf(batch))
	}
	return out, err
}
