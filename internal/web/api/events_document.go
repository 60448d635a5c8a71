package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"smartlinks/internal/web/api/customers"
	"smartlinks/internal/web/api/frame"
	"smartlinks/internal/web/api/links"
	"smartlinks/internal/web/api/waiting"
	"smartlinks/internal/web/api/webhooks"
	"smartlinks/internal/webhook"
)

// eventKind is when an event of a type is written, and what its data is.
type eventKind struct {
	Type webhook.Type
	When string
	data reflect.Type
}

var (
	dataLink     = reflect.TypeFor[links.LinkView]()
	dataPayment  = reflect.TypeFor[paymentObject]()
	dataDelivery = reflect.TypeFor[deliveryObject]()
)

// eventTypes are all events, in the order in which people read them.
var eventTypes = []eventKind{
	{webhook.LinkCreated, "A link is made.", dataLink},
	{webhook.LinkUpdated, "A link is changed or switched on.", dataLink},
	{webhook.LinkDeactivated, "A link is switched off.", dataLink},
	{webhook.LinkLimitReached, "A link has all its payments.", dataLink},
	{webhook.LinkAlmostFull, "Three payments or fewer are left of a link's limit, once for each limit.", dataLink},
	{webhook.LinkDeleted, "A link is deleted. Its data is as it was last.", dataLink},
	{webhook.LinkOverdue, "The due date of a link has passed, and not everybody has paid. Once for each due date.", dataLink},
	{webhook.PaymentStarted, "A payer began to pay.", dataPayment},
	{webhook.PaymentPending, "The provider says that money is on its way.", dataPayment},
	{webhook.PaymentSucceeded, "A payment counts.", dataPayment},
	{webhook.PaymentRecorded, "A member recorded a payment by hand. payment.succeeded comes too.", dataPayment},
	{webhook.PaymentFailed, "The provider refused a payment. One that was given up is no event.", dataPayment},
	{webhook.PaymentExpired, "A payment was not finished in time.", dataPayment},
	{webhook.PaymentRefunded, "Money went back, all or a part, each time.", dataPayment},
	{webhook.PaymentDisputed, "A bank asks for money back.", dataPayment},
	{webhook.DisputeClosed, "How that ends: see dispute.", dataPayment},
	{webhook.DeliverySent, "A message left.", dataDelivery},
	{webhook.DeliveryDelivered, "A message reached the phone.", dataDelivery},
	{webhook.DeliveryFailed, "A message will not come: see reason.", dataDelivery},
	{webhook.ReminderSent, "A reminder went out, once, whatever its messages do later.", reflect.TypeFor[reminderObject]()},
	{webhook.CustomerCreated, "A customer is made, by a member, a program, a file or a payment.", reflect.TypeFor[customers.CustomerView]()},
	{webhook.CustomerTagged, "A customer got a tag.", reflect.TypeFor[taggedObject]()},
	{webhook.WaitingJoined, "Somebody waits for a place of a full link.", reflect.TypeFor[waiting.WaitingView]()},
	{webhook.WaitingOffered, "A place is offered to somebody who waits.", reflect.TypeFor[waiting.WaitingView]()},
	{webhook.Test, "Somebody tries the endpoint.", reflect.TypeFor[webhooks.Written]()},
}

// showEvents adds what is posted to endpoints to the document (OpenAPI 3.1, webhooks).
func showEvents(document *huma.OpenAPI, e examples) {
	document.Webhooks = map[string]*huma.PathItem{}
	for _, t := range eventTypes {
		body := &huma.MediaType{Schema: eventSchema(document.Components.Schemas, t)}
		if posted, known := e.Events[t.Type]; known {
			body.Example = posted
		}
		document.Webhooks[string(t.Type)] = &huma.PathItem{Post: &huma.Operation{
			OperationID: string(t.Type), Summary: t.When, Tags: []string{frame.GroupWebhooks},
			Description: "Signed as Standard Webhooks says; verify it before you believe it.",
			Parameters: []*huma.Param{
				postedHeader("webhook-id", "The event's id. It stays the same when the event is sent again."),
				postedHeader("webhook-timestamp", "When this was sent, in seconds since 1970."),
				postedHeader("webhook-signature", "v1 and the HMAC-SHA256 of id, timestamp and body in base64; two while a secret is changed."),
			},
			RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": body}},
			Responses: map[string]*huma.Response{
				"2XX": {Description: "Taken. Everything else is tried again for three days."},
				"410": {Description: "The endpoint is switched off."},
			},
			Security: []map[string][]string{},
		}}
	}
}

func postedHeader(name, about string) *huma.Param {
	return &huma.Param{Name: name, In: "header", Required: true, Description: about, Schema: &huma.Schema{Type: huma.TypeString}}
}

// eventSchema is that of EventView, with its data eventKind apart.
func eventSchema(schemas huma.Registry, t eventKind) *huma.Schema {
	whole := schemas.SchemaFromRef(schemas.Schema(reflect.TypeFor[webhooks.EventView](), true, "").Ref)
	s := &huma.Schema{Type: huma.TypeObject, Required: whole.Required, Properties: map[string]*huma.Schema{}}
	for name, p := range whole.Properties {
		s.Properties[name] = p
	}
	s.Properties["type"] = &huma.Schema{Type: huma.TypeString, Enum: []any{string(t.Type)}}
	s.Properties["data"] = schemas.Schema(t.data, true, "")
	return s
}
