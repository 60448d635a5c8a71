package api

import (
	"context"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/tag"
	"smartlinks/internal/waitinglist"
	"smartlinks/internal/web/api/customers"
	"smartlinks/internal/web/api/frame"
	"smartlinks/internal/web/api/links"
	"smartlinks/internal/web/api/payments"
	"smartlinks/internal/web/api/waiting"
)

// Objects shows things as the operations that read them do, but as an open
// transaction sees them: events carry them. Each is for json.Marshal.
type Objects struct{ *frame.API }

// NewObjects returns what shows things.
func NewObjects(c Config) *Objects { return &Objects{&frame.API{Config: c}} }

// Link is what GET /links/{id} shows. NotFound: it was deleted.
func (o *Objects) Link(ctx context.Context, tx *db.Tx, b business.Business, id link.ID) (any, error) {
	l, err := o.Links.GetTx(ctx, tx, b, id)
	if err != nil {
		return nil, err
	}
	views, err := links.Handlers{API: o.API}.ShowLinks(frame.SeeingAll(ctx), tx, b, l)
	if err != nil {
		return nil, err
	}
	return views[0], nil
}

// paymentObject is a payment without its timeline.
type paymentObject struct {
	payments.PaymentView
	Refunds []payments.RefundView `json:"refunds" nullable:"false"`
}

// Payment is what GET /payments/{id} shows, without the timeline.
func (o *Objects) Payment(ctx context.Context, tx *db.Tx, businessID business.ID, id attempt.ID) (any, error) {
	v, err := o.Payments.GetTx(ctx, tx, businessID, id)
	if err != nil {
		return nil, err
	}
	refunds, err := o.Payments.RefundsTx(ctx, tx, businessID, id)
	if err != nil {
		return nil, err
	}
	shown := paymentObject{payments.Handlers{API: o.API}.PaymentOf(v), make([]payments.RefundView, len(refunds))}
	for i, r := range refunds {
		shown.Refunds[i] = payments.RefundOf(r)
	}
	return shown, nil
}

// taggedObject is a customer, and which tag they got.
type taggedObject struct {
	customers.CustomerView
	Tag string `json:"tag"`
}

// Tagged is what GET /customers/{id} shows, and the name of the tag that came.
// NotFound: the customer or the tag is gone by now.
func (o *Objects) Tagged(ctx context.Context, tx *db.Tx, businessID business.ID, id customer.ID, tagID tag.ID) (any, error) {
	c, err := o.Customers.GetTx(ctx, tx, businessID, id)
	if err != nil {
		return nil, err
	}
	for _, t := range c.Tags {
		if t.ID == tagID {
			return taggedObject{customers.CustomerOf(c), t.Name}, nil
		}
	}
	return nil, errTagGone
}

var errTagGone = fault.New(fault.NotFound, "The customer does not have this tag any more.")

// deliveryObject is one message, and which link it brought.
type deliveryObject struct {
	SendID delivery.SendID `json:"send_id"`
	LinkID link.ID         `json:"link_id"`
	links.DeliveryView
}

// Delivery is one of a link's deliveries, as GET /links/{id} shows it.
func (o *Objects) Delivery(sent delivery.Send, d delivery.Delivery) any {
	return deliveryObject{sent.ID, sent.LinkID, links.DeliveryViewOf(sent, d)}
}

// reminderObject is a reminder as the activity of its link shows it.
type reminderObject struct {
	ID         delivery.SendID      `json:"id"`
	LinkID     link.ID              `json:"link_id"`
	Number     int64                `json:"number"`
	CustomerID *string              `json:"customer_id"`
	Channels   []message.Channel    `json:"channels" nullable:"false" enum:"email,sms"`
	Status     string               `json:"status" enum:"sent"`
	Deliveries []links.DeliveryView `json:"deliveries" nullable:"false"`
}

// Reminder is a reminder, with what became of each of its messages.
func (o *Objects) Reminder(sent delivery.Send) any {
	shown := reminderObject{
		ID: sent.ID, LinkID: sent.LinkID, Number: sent.Number, CustomerID: frame.Pointer(string(sent.CustomerID)), Status: links.Occasion(sent),
		Deliveries: links.DeliveryViewsOf([]delivery.Send{sent}), Channels: []message.Channel{},
	}
	for _, d := range sent.Deliveries {
		shown.Channels = append(shown.Channels, d.Channel)
	}
	return shown
}

// Waiting is an entry of a waiting list, as its list shows it.
func (o *Objects) Waiting(e waitinglist.Entry) any { return waiting.WaitingViewOf(e) }

// Customer is what GET /customers/{id} shows.
func (o *Objects) Customer(ctx context.Context, tx *db.Tx, businessID business.ID, id customer.ID) (any, error) {
	c, err := o.Customers.GetTx(ctx, tx, businessID, id)
	if err != nil {
		return nil, err
	}
	return customers.CustomerOf(c), nil
}
