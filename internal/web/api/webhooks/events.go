package webhooks

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
	"smartlinks/internal/web/api/frame"
	"smartlinks/internal/webhook"
)

// events are the operations on what happened.
func (a handlers) events() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Webhooks.Event(ctx, b.ID, webhook.EventID(id))
		return err
	}
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/events", ID: "list-events", Summary: "List events", Group: frame.GroupWebhooks,
		About: "The newest first. They are written while the business has a webhook endpoint, and kept for 30 days.", Scope: account.WebhooksRead}, a.listEvents)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: "/events/{id}", ID: "get-event", Summary: "Read an event", Group: frame.GroupWebhooks,
		Scope: account.WebhooksRead, Object: there}, a.getEvent)
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: "/events/{id}/redeliver", ID: "redeliver-event", Summary: "Send an event again", Group: frame.GroupWebhooks,
		About: "To every active endpoint that asks for it, or to one. Its id stays.", Scope: account.WebhooksWrite, Status: http.StatusAccepted, Object: there}, a.redeliverEvent)
}

// Written is JSON that was written before.
type Written json.RawMessage

// MarshalJSON implements json.Marshaler.
func (w Written) MarshalJSON() ([]byte, error) { return w, nil }

// UnmarshalJSON implements json.Unmarshaler.
func (w *Written) UnmarshalJSON(text []byte) error {
	*w = append(Written(nil), text...)
	return nil
}

// Schema is that of any object.
func (Written) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}

// EventView is an event as it is posted.
type EventView struct {
	ID        webhook.EventID `json:"id" example:"evt_…" doc:"Also the message's webhook-id."`
	Type      webhook.Type    `json:"type" example:"payment.succeeded"`
	Timestamp time.Time       `json:"timestamp"`
	Mode      business.Mode   `json:"mode" enum:"live,test"`
	Data      Written         `json:"data" doc:"The object as it was then, as the operation that reads it shows it."`
}

// eventDetail is an event with its ways to endpoints.
type eventDetail struct {
	EventView
	Deliveries []eventDelivery `json:"deliveries" nullable:"false"`
}

// eventDelivery is an event on its way to an endpoint.
type eventDelivery struct {
	EventID    webhook.EventID    `json:"event_id"`
	Type       webhook.Type       `json:"type"`
	EndpointID webhook.EndpointID `json:"endpoint_id"`
	Status     webhook.State      `json:"status" enum:"waiting,delivered,failed"`
	Tries      int64              `json:"tries" doc:"Since it was sent, or sent again."`
	Answer     *int64             `json:"answer_status" doc:"Of the last try; null when no answer came."`
	NextAt     *time.Time         `json:"next_at" doc:"Of the next try."`
	UpdatedAt  time.Time          `json:"updated_at"`
}

func eventOf(e webhook.Event) (v EventView) {
	if err := json.Unmarshal([]byte(e.Body), &v); err != nil {
		return EventView{ID: e.ID, Type: e.Type, Timestamp: e.CreatedAt.UTC(), Mode: e.Mode, Data: Written("null")}
	}
	return v
}

func eventDeliveryOf(d webhook.Delivery) eventDelivery {
	return eventDelivery{d.ID, d.Type, d.EndpointID, d.State, d.Tries, frame.Pointer(d.Status), frame.UTCPointer(d.DueAt), d.UpdatedAt.UTC()}
}

type eventQuery struct {
	frame.Paging
	Type webhook.Type  `query:"type" example:"payment.succeeded"`
	Mode business.Mode `query:"mode" enum:"live,test" doc:"Both when left out."`
	From string        `query:"from" doc:"A time, or a day in the business's zone."`
	To   string        `query:"to" doc:"A time, or a day in the business's zone; exclusive."`
}

func (a handlers) listEvents(ctx context.Context, b business.Business, in *eventQuery) (*frame.Listed[EventView], error) {
	var wrong fault.Fields
	f := webhook.Filter{
		Type: in.Type, Mode: in.Mode, Cursor: in.Cursor, Limit: in.Limit,
		From: frame.ReadInstant("from", in.From, b.Location(), &wrong), To: frame.ReadInstant("to", in.To, b.Location(), &wrong),
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	events, next, err := a.Webhooks.Events(ctx, b.ID, f)
	if err != nil {
		return nil, err
	}
	return frame.PageOf(events, next, eventOf), nil
}

func (a handlers) getEvent(ctx context.Context, b business.Business, in *frame.ByID) (*struct{ Body eventDetail }, error) {
	return a.eventDetail(ctx, b, webhook.EventID(in.ID))
}

func (a handlers) eventDetail(ctx context.Context, b business.Business, id webhook.EventID) (*struct{ Body eventDetail }, error) {
	e, err := a.Webhooks.Event(ctx, b.ID, id)
	if err != nil {
		return nil, err
	}
	ways, err := a.Webhooks.DeliveriesOf(ctx, b.ID, e.ID)
	if err != nil {
		return nil, err
	}
	body := eventDetail{eventOf(e), make([]eventDelivery, len(ways))}
	for i, d := range ways {
		body.Deliveries[i] = eventDeliveryOf(d)
	}
	return &struct{ Body eventDetail }{body}, nil
}

type eventAgain struct {
	frame.ByID
	Body *struct {
		EndpointID string `json:"endpoint_id,omitempty" doc:"All active ones that ask for it when left out."`
	} `required:"false"`
}

func (a handlers) redeliverEvent(ctx context.Context, b business.Business, in *eventAgain) (*struct{ Body eventDetail }, error) {
	only := webhook.EndpointID("")
	if in.Body != nil {
		only = webhook.EndpointID(in.Body.EndpointID)
	}
	if _, err := a.Webhooks.Redeliver(ctx, b.ID, webhook.EventID(in.ID), only); err != nil {
		return nil, err
	}
	return a.eventDetail(ctx, b, webhook.EventID(in.ID))
}

func (a handlers) testEndpoint(ctx context.Context, b business.Business, in *frame.ByID) (*struct{ Body eventDetail }, error) {
	id, err := a.Webhooks.SendTest(ctx, b, webhook.EndpointID(in.ID))
	if err != nil {
		return nil, err
	}
	return a.eventDetail(ctx, b, id)
}

type periodAgain struct {
	frame.ByID
	Body struct {
		From  string `json:"from" example:"2026-02-18T09:00:00Z" doc:"A time, or a day in the business's zone."`
		To    string `json:"to,omitempty" doc:"A time, or a day in the business's zone; exclusive. Now when left out."`
		Taken bool   `json:"delivered,omitempty" doc:"Also what the endpoint had taken."`
	}
}

type countView struct {
	Body struct {
		Events int `json:"events" doc:"How many are sent again."`
	}
}

func (a handlers) redeliverPeriod(ctx context.Context, b business.Business, in *periodAgain) (*countView, error) {
	var wrong fault.Fields
	if in.Body.From == "" {
		wrong.Add("from", "", "Write a time like 2026-02-18T09:42:00Z or a day like 2026-02-18.")
	}
	p := webhook.Period{
		From: frame.ReadInstant("from", in.Body.From, b.Location(), &wrong), To: frame.ReadInstant("to", in.Body.To, b.Location(), &wrong), Taken: in.Body.Taken,
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	var out countView
	var err error
	out.Body.Events, err = a.Webhooks.RedeliverPeriod(ctx, b.ID, webhook.EndpointID(in.ID), p)
	return &out, err
}

type deliveryQuery struct {
	frame.ByID
	frame.Paging
	Status webhook.State `query:"status" enum:"waiting,delivered,failed"`
}

func (a handlers) listDeliveries(ctx context.Context, b business.Business, in *deliveryQuery) (*frame.Listed[eventDelivery], error) {
	all, next, err := a.Webhooks.History(ctx, b.ID, webhook.EndpointID(in.ID), webhook.HistoryFilter{State: in.Status, Cursor: in.Cursor, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return frame.PageOf(all, next, eventDeliveryOf), nil
}
