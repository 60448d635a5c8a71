package api

import (
	"context"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/webhook"
)

// endpoints are the operations on what hears of events.
func (a *handlers) endpoints() {
	there := func(ctx context.Context, b business.Business, id string) error {
		_, err := a.Webhooks.Endpoint(ctx, b.ID, webhook.EndpointID(id))
		return err
	}
	const path, one, group = "/webhook-endpoints", "/webhook-endpoints/{id}", groupWebhooks
	register(a, operation{method: http.MethodPost, path: path, id: "create-webhook-endpoint", summary: "Create a webhook endpoint", group: group,
		about: "The answer holds the secret that messages are signed with; it is shown this once.", scope: account.WebhooksWrite, status: http.StatusCreated, needs: []string{"url"}}, a.createEndpoint)
	register(a, operation{method: http.MethodGet, path: path, id: "list-webhook-endpoints", summary: "List webhook endpoints", group: group,
		about: "The oldest first.", scope: account.WebhooksRead}, a.listEndpoints)
	register(a, operation{method: http.MethodGet, path: one, id: "get-webhook-endpoint", summary: "Read a webhook endpoint", group: group,
		scope: account.WebhooksRead, object: there}, a.getEndpoint)
	register(a, operation{method: http.MethodPatch, path: one, id: "change-webhook-endpoint", summary: "Change a webhook endpoint", group: group,
		about: "Fields that are left out stay.", scope: account.WebhooksWrite, object: there}, a.changeEndpoint)
	register(a, operation{method: http.MethodDelete, path: one, id: "delete-webhook-endpoint", summary: "Delete a webhook endpoint", group: group,
		about: "Its log goes with it.", scope: account.WebhooksWrite, status: http.StatusNoContent, object: there}, a.deleteEndpoint)
	register(a, operation{method: http.MethodPost, path: one + "/rotate", id: "rotate-webhook-secret", summary: "Give a webhook endpoint a new secret", group: group,
		about: "Shown this once. For 24 hours messages bear the signatures of both.", scope: account.WebhooksWrite, object: there}, a.rotateEndpoint)
	register(a, operation{method: http.MethodPost, path: one + "/test", id: "test-webhook-endpoint", summary: "Send a test event", group: group,
		about: "Posts webhook.test and answers with what came of it.", scope: account.WebhooksWrite, object: there}, a.testEndpoint)
	register(a, operation{method: http.MethodPost, path: one + "/redeliver", id: "redeliver-period", summary: "Send what happened in a period again", group: group,
		about: "What the endpoint asks for, in the order in which it happened, with the ids that it had.", scope: account.WebhooksWrite, status: http.StatusAccepted, object: there}, a.redeliverPeriod)
	register(a, operation{method: http.MethodGet, path: one + "/deliveries", id: "list-webhook-deliveries", summary: "List what was sent to a webhook endpoint", group: group,
		about: "The newest event first.", scope: account.WebhooksRead, object: there}, a.listDeliveries)
}

// endpointBody is an endpoint as programs write it.
type endpointBody struct {
	URL         optional[string]   `json:"url" required:"false" example:"https://example.com/webhooks" doc:"https, and reachable from the internet. A new endpoint needs one."`
	Description optional[string]   `json:"description" required:"false" doc:"For you alone; up to 120 characters."`
	Events      optional[[]string] `json:"events" required:"false" example:"[\"payment.succeeded\"]" doc:"Types of events; * for all, also those to come. Of a new endpoint * when left out."`
	Format      optional[string]   `json:"format" required:"false" example:"standard" doc:"standard: Standard Webhooks. payrequest: as PayRequest wrote, for programs that were written for it. Of a new endpoint standard when left out."`
	Active      *bool              `json:"active,omitempty" doc:"Nothing is sent to one that is off. What waited for it is given up, and can be sent again."`
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
		ID: e.ID, URL: e.URL, Description: e.Description, Events: make([]string, len(e.Events)), Format: e.Format, Active: e.Active, FailingSince: utcPtr(e.FailingSince),
		OldSecret: utcPtr(e.OldUntil), Version: e.Version, CreatedAt: e.CreatedAt.UTC(), UpdatedAt: e.UpdatedAt.UTC(),
	}
	for i, t := range e.Events {
		v.Events[i] = string(t)
	}
	if !e.Active {
		v.Stopped = pointer(string(e.Stopped))
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

func (a *handlers) createEndpoint(ctx context.Context, b business.Business, in *struct{ Body endpointBody }) (*madeEndpoint, error) {
	d := webhook.Draft{
		URL: value(in.Body.URL.Value), Description: value(in.Body.Description.Value), Events: webhook.Asked{webhook.All},
		Format:   webhook.Format(value(in.Body.Format.Value)),
		Inactive: in.Body.Active != nil && !*in.Body.Active,
	}
	if in.Body.Events.Sent {
		d.Events = askedOf(value(in.Body.Events.Value))
	}
	e, key, err := a.Webhooks.Create(ctx, b.ID, d)
	if err != nil {
		return nil, err
	}
	return &madeEndpoint{Location: prefix + "/webhook-endpoints/" + string(e.ID), ETag: etag(e.Version), Body: secretView{endpointOf(e), key.Text()}}, nil
}

func (a *handlers) listEndpoints(ctx context.Context, b business.Business, in *Paging) (*listed[EndpointView], error) {
	all, err := a.Webhooks.Endpoints(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	all, next, err := pageIn("endpoints", all, *in, func(e webhook.Endpoint) string { return string(e.ID) })
	if err != nil {
		return nil, err
	}
	return pageOf(all, next, endpointOf), nil
}

func (a *handlers) getEndpoint(ctx context.Context, b business.Business, in *ByID) (*oneEndpoint, error) {
	e, err := a.Webhooks.Endpoint(ctx, b.ID, webhook.EndpointID(in.ID))
	if err != nil {
		return nil, err
	}
	return &oneEndpoint{ETag: etag(e.Version), Body: endpointOf(e)}, nil
}

type endpointChange struct {
	ByID
	IfMatch string `header:"If-Match" doc:"The ETag that was read: an endpoint that was changed since is refused with 412."`
	Body    endpointBody
}

func (a *handlers) changeEndpoint(ctx context.Context, b business.Business, in *endpointChange) (*oneEndpoint, error) {
	version, err := readIfMatch(in.IfMatch)
	if err != nil {
		return nil, err
	}
	p := webhook.Patch{URL: in.Body.URL.change(), Description: in.Body.Description.change(), Active: in.Body.Active}
	if f := in.Body.Format.change(); f != nil {
		format := webhook.Format(*f)
		p.Format = &format
	}
	if types := in.Body.Events.change(); types != nil {
		asked := askedOf(*types)
		p.Events = &asked
	}
	e, err := a.Webhooks.Update(ctx, b.ID, webhook.EndpointID(in.ID), version, p)
	if err != nil {
		return nil, err
	}
	return &oneEndpoint{ETag: etag(e.Version), Body: endpointOf(e)}, nil
}

func (a *handlers) deleteEndpoint(ctx context.Context, b business.Business, in *ByID) (*nothing, error) {
	return nil, a.Webhooks.Delete(ctx, b.ID, webhook.EndpointID(in.ID))
}

func (a *handlers) rotateEndpoint(ctx context.Context, b business.Business, in *ByID) (*struct {
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
	}{etag(e.Version), secretView{endpointOf(e), key.Text()}}, nil
}
