package frame

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

// Operation is one line of the API.
type Operation struct {
	Method, Path string
	ID           string // of the OpenAPI document
	Summary      string
	About        string // more than the summary says
	Group        string
	Scope        account.Scope
	Status       int // of success; 200 when 0
	// Needs are the members that a body must have. The features refuse a body without
	// them, in their words; the document says so.
	Needs []string
	// ByRow leaves the body to the operation, which judges the parts of it one by
	// one.
	ByRow bool
	// Problem is another shape of its problems, for programs that were written for
	// another API; nil when there is none.
	Problem reflect.Type
	// Object looks for what the path names, before the rest of the request is
	// read: what is not yours is not found, whatever else is wrong.
	Object func(ctx context.Context, b business.Business, id string) error
}

// guardKey is where an operation keeps itself.
const guardKey = "operation"

// OperationOf is what an operation of the document was made of, if it is one of ours.
func OperationOf(o *huma.Operation) (Operation, bool) {
	ours, ok := o.Metadata[guardKey].(Operation)
	return ours, ok
}

// Register adds the operation. Errors of the handler become problems.
func Register[In, Out any](a *API, o Operation, handle func(ctx context.Context, b business.Business, in *In) (*Out, error)) {
	part := "body"
	if o.Method == http.MethodGet || o.Method == http.MethodDelete {
		part = "query"
	}
	schemas := a.Huma.OpenAPI().Components.Schemas
	refusals := schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	if o.Problem != nil {
		refusals = &huma.Schema{OneOf: []*huma.Schema{refusals, schemas.Schema(o.Problem, true, "")}}
	}
	op := huma.Operation{
		Method: o.Method, Path: o.Path, OperationID: o.ID, Summary: o.Summary, Description: o.About, Tags: []string{o.Group},
		DefaultStatus: o.Status, MaxBodyBytes: MaxBody, SkipValidateBody: o.ByRow, Metadata: map[string]any{guardKey: o},
		Responses: map[string]*huma.Response{"default": {
			Description: "A problem",
			Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: refusals}},
		}},
		Security:   []map[string][]string{{"token": {}}},
		Extensions: map[string]any{"x-scope": o.Scope},
	}
	if o.Method == http.MethodPost {
		op.Parameters = []*huma.Param{{
			Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: huma.TypeString},
			Description: "Repeating a request with the same key for a day does it once.",
		}}
	}
	huma.Register(a.Huma, op, func(ctx context.Context, in *In) (*Out, error) {
		out, err := handle(ctx, CallerOf(ctx).Business, in)
		if err != nil {
			return nil, a.Refused(ctx, err, part)
		}
		return out, nil
	})
}

// admit checks the scope, then that the object is there, then that the whole query
// is understood, before huma reads the rest.
func (a *API) admit(ctx huma.Context, next func(huma.Context)) {
	o, ok := OperationOf(ctx.Operation())
	if !ok {
		next(ctx)
		return
	}
	auditAs(ctx.Context(), o, ctx.Param("id"))
	who := CallerOf(ctx.Context())
	if !who.Scopes.Allow(o.Scope) {
		send(ctx, NewProblem(fault.Forbidden, "This token lacks the scope "+string(o.Scope)+"."))
		return
	}
	if o.Object != nil {
		if err := o.Object(ctx.Context(), who.Business, ctx.Param("id")); err != nil {
			send(ctx, a.Refused(ctx.Context(), err, "path"))
			return
		}
	}
	if err := checkQuery(ctx.Operation(), ctx.URL()); err != nil {
		send(ctx, a.Refused(ctx.Context(), err, "query"))
		return
	}
	next(ctx)
}

func send(ctx huma.Context, p *Problem) {
	ctx.SetHeader("Content-Type", p.ContentType(""))
	ctx.SetStatus(p.Status)
	// The program is gone when this fails, and nothing is left to do.
	_ = json.NewEncoder(ctx.BodyWriter()).Encode(p)
}
