package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/fault"
)

// operation is one line of the API.
type operation struct {
	method, path string
	id           string // of the OpenAPI document
	summary      string
	about        string // more than the summary says
	group        string
	scope        account.Scope
	status       int // of success; 200 when 0
	// needs are the members that a body must have. The features refuse a body without
	// them, in their words; the document says so.
	needs []string
	// byRow leaves the body to the operation, which judges the parts of it one by
	// one.
	byRow bool
	// object looks for what the path names, before the rest of the request is
	// read: what is not yours is not found, whatever else is wrong.
	object func(ctx context.Context, b business.Business, id string) error
}

// guardKey is where an operation keeps itself for admit.
const guardKey = "operation"

// register adds the operation. Errors of the handler become problems.
func register[In, Out any](a *handlers, o operation, handle func(ctx context.Context, b business.Business, in *In) (*Out, error)) {
	part := "body"
	if o.method == http.MethodGet || o.method == http.MethodDelete {
		part = "query"
	}
	schemas := a.huma.OpenAPI().Components.Schemas
	refusals := schemas.Schema(reflect.TypeFor[problem](), true, "Problem")
	if o.group == groupPayRequest {
		refusals = &huma.Schema{OneOf: []*huma.Schema{refusals, schemas.Schema(reflect.TypeFor[refusal](), true, "PayRequestProblem")}}
	}
	op := huma.Operation{
		Method: o.method, Path: o.path, OperationID: o.id, Summary: o.summary, Description: o.about, Tags: []string{o.group},
		DefaultStatus: o.status, MaxBodyBytes: maxBody, SkipValidateBody: o.byRow, Metadata: map[string]any{guardKey: o},
		Responses: map[string]*huma.Response{"default": {
			Description: "A problem",
			Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: refusals}},
		}},
		Security:   []map[string][]string{{"token": {}}},
		Extensions: map[string]any{"x-scope": o.scope},
	}
	if o.method == http.MethodPost {
		op.Parameters = []*huma.Param{{
			Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: huma.TypeString},
			Description: "Repeating a request with the same key for a day does it once.",
		}}
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *In) (*Out, error) {
		out, err := handle(ctx, callerOf(ctx).business, in)
		if err != nil {
			return nil, a.refused(ctx, err, part)
		}
		return out, nil
	})
}

// admit checks the scope, then that the object is there, then that the whole query
// is understood, before huma reads the rest.
func (a *handlers) admit(ctx huma.Context, next func(huma.Context)) {
	o, ok := ctx.Operation().Metadata[guardKey].(operation)
	if !ok {
		next(ctx)
		return
	}
	audited(ctx.Context(), o, ctx.Param("id"))
	who := callerOf(ctx.Context())
	if !who.scopes.Allow(o.scope) {
		send(ctx, newProblem(fault.Forbidden, "This token lacks the scope "+string(o.scope)+"."))
		return
	}
	if o.object != nil {
		if err := o.object(ctx.Context(), who.business, ctx.Param("id")); err != nil {
			send(ctx, a.refused(ctx.Context(), err, "path"))
			return
		}
	}
	if err := checkQuery(ctx.Operation(), ctx.URL()); err != nil {
		send(ctx, a.refused(ctx.Context(), err, "query"))
		return
	}
	next(ctx)
}

func send(ctx huma.Context, p *problem) {
	ctx.SetHeader("Content-Type", p.ContentType(""))
	ctx.SetStatus(p.Status)
	// The program is gone when this fails, and nothing is left to do.
	_ = json.NewEncoder(ctx.BodyWriter()).Encode(p)
}
