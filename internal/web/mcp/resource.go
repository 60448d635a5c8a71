package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"smartlinks/internal/address"
)

// The addresses of resources.
const (
	businessURI = "smartlinks://business"
	linkURI     = "smartlinks://links/"
	paymentURI  = "smartlinks://payments/"
)

// resources are what an assistant can be given to read beside the tools.
func (s *server) resources(t *sdkServer) {
	const kind = "application/json"
	t.AddResource(&sdk.Resource{
		URI: businessURI, Name: "business", Title: "The business", MIMEType: kind,
		Description: "Whom you work for: name, currency, language, time zone, payment page, whether only play money moves, and what you may do.",
	}, s.read(func(ctx context.Context, _ string) (any, error) { return s.business(ctx), nil }))
	t.AddResourceTemplate(&sdk.ResourceTemplate{
		URITemplate: linkURI + "{id}", Name: "link", Title: "A link", MIMEType: kind, Description: "A payment link with its figures.",
	}, s.read(func(ctx context.Context, uri string) (any, error) {
		return s.link(ctx, request{method: http.MethodGet, path: linkPath(strings.TrimPrefix(uri, linkURI))})
	}))
	t.AddResourceTemplate(&sdk.ResourceTemplate{
		URITemplate: paymentURI + "{id}", Name: "payment", Title: "A payment", MIMEType: kind, Description: "A payment with its refunds.",
	}, s.read(func(ctx context.Context, uri string) (any, error) {
		var p apiPayment
		err := s.ask(ctx, request{method: http.MethodGet, path: paymentPath(strings.TrimPrefix(uri, paymentURI))}, &p)
		return p.view(), err
	}))
}

// workplace is whom an assistant works for.
type workplace struct {
	Name        *untrusted `json:"name"`
	PaymentPage string     `json:"payment_page"`
	Currency    string     `json:"currency"`
	Language    string     `json:"language"`
	TimeZone    string     `json:"time_zone"`
	Mode        string     `json:"mode"` // live, or test: only play money moves
	Scopes      []string   `json:"scopes"`
	Drafts      bool       `json:"links_stay_inactive"`
	Notice      string     `json:"notice"`
}

func (s *server) business(ctx context.Context) workplace {
	who := callerOf(ctx)
	b := who.Business
	return workplace{
		Name: theirs(b.Name), PaymentPage: s.Addresses.Of(string(b.ID), address.PaymentPage(b.Handle)), Currency: string(b.Currency), Language: b.Locale, TimeZone: b.Location().String(),
		Mode: string(b.Mode), Scopes: strings.Fields(who.Scopes.String()), Drafts: who.drafts, Notice: notice,
	}
}

// read makes a resource of what do answers for its address. What is not there, or not
// allowed, is told in the words of the API.
func (s *server) read(do func(ctx context.Context, uri string) (any, error)) sdk.ResourceHandler {
	return func(ctx context.Context, q *sdk.ReadResourceRequest) (*sdk.ReadResourceResult, error) {
		ctx, cancel := context.WithTimeout(ctx, within)
		defer cancel()
		found, err := do(ctx, q.Params.URI)
		if errors.As(err, new(missing)) { // by its code programs know it, by its words people
			gone := sdk.ResourceNotFoundError(q.Params.URI).(*jsonrpc.Error)
			gone.Message = err.Error()
			return nil, gone
		}
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(found)
		if err != nil {
			return nil, err
		}
		return &sdk.ReadResourceResult{Contents: []*sdk.ResourceContents{{URI: q.Params.URI, MIMEType: "application/json", Text: string(text)}}}, nil
	}
}
