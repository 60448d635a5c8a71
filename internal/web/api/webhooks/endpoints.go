package webhooks

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/web/api/frame"
	"smartlinks/internal/webhook"
)

// endpoints are the operations on what hears of events.
func (a handlers) endpoints() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Webhooks.Endpoint(ctx, b.ID, webhook.EndpointID(id))
		return err
	}
	const path, one, group = "/webhook-endpoints", "/webhook-endpoints/{id}", frame.GroupWebhooks
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: path, ID: "create-webhook-endpoint", Summary: "Create a webhook endpoint", Group: group,
		About: "The answer holds the secret that messages are signed with; it is shown this once.", Scope: account.WebhooksWrite, Status: http.StatusCreated, Needs: []string{"url"}}, a.createEndpoint)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: path, ID: "list-webhook-endpoints", Summary: "List webhook endpoints", Group: group,
		About: "The oldest first.", Scope: account.WebhooksRead}, a.listEndpoints)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: one, ID: "get-webhook-endpoint", Summary: "Read a webhook endpoint", Group: group,
		Scope: account.WebhooksRead, Object: there}, a.getEndpoint)
	frame.Register(a.API, frame.Operation{Method: http.MethodPatch, Path: one, ID: "change-webhook-endpoint", Summary: "Change a webhook endpoint", Group: group,
		About: "Fields that are left out stay.", Scope: account.WebhooksWrite, Object: there}, a.changeEndpoint)
	frame.Register(a.API, frame.Operation{Method: http.MethodDelete, Path: one, ID: "delete-webhook-endpoint", Summary: "Delete a webhook endpoint", Group: group,
		About: "Its log goes with it.", Scope: account.WebhooksWrite, Status: http.StatusNoContent, Object: there}, a.deleteEndpoint)
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: one + "/rotate", ID: "rotate-webhook-secret", Summary: "Give a webhook endpoint a new secret", Group: group,
		About: "Shown this once. For 24 hours messages bear the signatures of both.", Scope: account.WebhooksWrite, Object: there}, a.rotateEndpoint)
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: one + "/test", ID: "test-webhook-endpoint", Summary: "Send a test event", Group: group,
		About: "Posts webhook.test and answers with what came of it.", Scope: account.WebhooksWrite, Object: there}, a.testEndpoint)
	frame.Register(a.API, frame.Operation{Method: http.MethodPost, Path: one + "/redeliver", ID: "redeliver-period", Summary: "Send what happened in a period again", Group: group,
		About: "What the endpoint asks for, in the order in which it happened, with the ids that it had.", Scope: account.WebhooksWrite, Status: http.StatusAccepted, Object: there}, a.redeliverPeriod)
	frame.Register(a.API, frame.Operation{Method: http.MethodGet, Path: one + "/deliveries", ID: "list-webhook-deliveries", Summary: "List what was sent to a webhook endpoint", Group: group,
		About: "The newest event first.", Scope: account.WebhooksRead, Object: there}, a.listDeliveries)
}

// endpointBody is an endpoint as programs write it.
type endpointBody struct {
	URL         frame.Optional[string]   `json:"url" required:"false" example:"https://example.com/webhooks" doc:"https, and reachable from the internet. A new endpoint needs one."`
	Description frame.Optional[string]   `json:"description" required:"false" doc:"For you alone; up to 120 characters."`
	Events      frame.Optional[[]string] `json:"events" required:"false" example:"[\"payment.succeeded\"]" doc:"Types of events; * for all, also those to come. Of a new endpoint * when left out."`
	Format      frame.Optional[string]   `json:"format" required:"false" example:"standard" doc:"standard: Standard Webhooks. payrequest: as PayRequest wrote, for programs that were written for it. Of a new endpoint standard when left out."`
	Active      *bool                    `json:"active,omitempty" doc:"Nothing is sent to one that is off. What waited for it is given up, and can be sent again."`
}

// EndpointView is an endpoint as programs read it.
type EndpointView struct {
	ID           webhook.EndpointID `json:"id" example:"whe_…"`
	URL          string             `json:"url"`
	Description  string             `json:"description"`
	Events       []string           `json:"events" nullable:"false"`
	Format       webhook.Format     `json:"format" enum:"standard,payrequest"`
	Active       bool               `json:"active"`
	Stopped      *string            `json:"stopped" enum:"failing,gone" doc:"Why we switched it off: it took nothing for three days, or answered 410. null when a member or a program did."`
	FailingSince *time.Time         `json:"failing_since" doc:"Nothing was taken since; null when the last was."`
	OldSecret    *time.Time         `json:"old_secret_until" doc:"Until then the secret before signs as well."`
	Version      int64              `json:"version"`
	CreatedAt    time.Time          `json:"created_at"`
	UpdatedAt    time.Time          `json:"updated_at"`
}

// secretView is an endpoint with its new secret.
type secretView struct {
	EndpointView
	Secret string `json:"secret" example:"whsec_…" doc:"Keep it: it is not shown again."`
}

func endpointOf(e webhook.Endpoint) EndpointView {
	v := EndpointView{
		ID: e.ID, URL: e.URL, Description: e.Description, Events: make([]string, len(e.Events)), Format: e.Format, Active: e.Active, FailingSince: frame.UTCPointer(e.FailingSince),
		OldSecret: frame.UTCPointer(e.OldUntil), Version: e.Version, CreatedAt: e.CreatedAt.UTC(), UpdatedAt: e.UpdatedAt.UTC(),
	}
	for i, t := range e.Events {
		v.Events[i] = string(t)
	}
	if !e.Active {
		v.Stopped = frame.Pointer(string(e.Stopped))
	}
	return v
}

func askedOf(types []string) webhook.Asked {
	asked := make(webhook.Asked, len(types))
	for i, t := range types {
		asked[i] = webhook.Type(t)
	}
	return asked
}

type oneEndpoint struct {
	ETag string `header:"ETag"`
	Body EndpointView
}

type madeEndpoint struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     secretView
}

func (a handlers) createEndpoint(ctx context.Context, b business.Business, in *struct{ Body endpointBody }) (*madeEndpoint, error) {
	d := webhook.Draft{
		URL: frame.ValueOf(in.Body.URL.Value), Description: frame.ValueOf(in.Body.Description.Value), Events: webhook.Asked{webhook.All},
		Format:   webhook.Format(frame.ValueOf(in.Body.Format.Value)),
		Inactive: in.Body.Active != nil && !*in.Body.Active,
	}
	if in.Body.Events.Sent {
		d.Events = askedOf(frame.ValueOf(in.Body.Events.Value))
	}
	e, key, err := a.Webhooks.Create(ctx, b.ID, d)
	if err != nil {
		return nil, err
	}
	return &madeEndpoint{Location: frame.Prefix + "/webhook-endpoints/" + string(e.ID), ETag: frame.ETag(e.Version), Body: secretView{endpointOf(e), key.Text()}}, nil
}

func (a handlers) listEndpoints(ctx context.Context, b business.Business, in *frame.Paging) (*frame.Listed[EndpointView], error) {
	all, err := a.Webhooks.Endpoints(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	all, next, err := frame.PageIn("endpoints", all, *in, func(e webhook.Endpoint) string { return string(e.ID) })
	if err != nil {
		return nil, err
	}
	return frame.PageOf(all, next, endpointOf), nil
}

func (a handlers) getEndpoint(ctx context.Context, b business.Business, in *frame.ByID) (*oneEndpoint, error) {
	e, err := a.Webhooks.Endpoint(ctx, b.ID, webhook.EndpointID(in.ID))
	if err != nil {
		return nil, err
	}
	return &oneEndpoint{ETag: frame.ETag(e.Version), Body: endpointOf(e)}, nil
}

type endpointChange struct {
	frame.ByID
	IfMatch string `header:"If-Match" doc:"The ETag that was read: an endpoint that was changed since is refused with 412."`
	Body    endpointBody
}

func (a handlers) changeEndpoint(ctx context.Context, b business.Business, in *endpointChange) (*oneEndpoint, error) {
	version, err := frame.ReadIfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	p := webhook.Patch{URL: in.Body.URL.Change(), Description: in.Body.Description.Change(), Active: in.Body.Active}
	if f := in.Body.Format.Change(); f != nil {
		format := webhook.Format(*f)
		p.Format = &format
	}
	if types := in.Body.Events.Change(); types != nil {
		asked := askedOf(*types)
		p.Events = &asked
	}
	e, err := a.Webhooks.Update(ctx, b.ID, webhook.EndpointID(in.ID), version, p)
	if err != nil {
		return nil, err
	}
	return &oneEndpoint{ETag: frame.ETag(e.Version), Body: endpointOf(e)}, nil
}

func (a handlers) deleteEndpoint(ctx context.Context, b business.Business, in *frame.ByID) (*frame.Nothing, error) {
	return nil, a.Webhooks.Delete(ctx, b.ID, webhook.EndpointID(in.ID))
}

func (a handlers) rotateEndpoint(ctx context.Context, b business.Business, in *frame.ByID) (*struct {
	ETag string `header:"ETag"`
	Body secretView
}, error) {
	e, key, err := a.Webhooks.Rotate(ctx, b.ID, webhook.EndpointID(in.ID))
	if err != nil {
		return nil, err
	}
	return &struct {
		ETag string `header:"ETag"`
		Body secretView
	}{frame.ETag(e.Version), secretView{endpointOf(e), key.Text()}}, nil
}
