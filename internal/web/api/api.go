// Package api answers programs: JSON over HTTP under /api/v1, described by an
// OpenAPI document from which the page at /api/docs is made.
package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"smartlinks/internal/address"
	"smartlinks/internal/web/api/batches"
	"smartlinks/internal/web/api/coupons"
	"smartlinks/internal/web/api/customers"
	"smartlinks/internal/web/api/frame"
	"smartlinks/internal/web/api/links"
	"smartlinks/internal/web/api/payments"
	"smartlinks/internal/web/api/payrequest"
	"smartlinks/internal/web/api/products"
	"smartlinks/internal/web/api/settings"
	"smartlinks/internal/web/api/statements"
	"smartlinks/internal/web/api/waiting"
	"smartlinks/internal/web/api/webhooks"
)

// Config is what the API is made of.
type Config = frame.Config

// Caller is the program that asks.
type Caller = frame.Caller

// As returns the context of a request that comes from the caller: the API asks for no
// token then. No request from outside has such a context.
func As(ctx context.Context, c Caller) context.Context { return frame.As(ctx, c) }

// RootRoutes are the addresses at the root of the site where PayRequest's programs
// expect the API.
func RootRoutes() []string { return payrequest.RootRoutes() }

// New returns the handler of everything under /api/.
func New(c Config) http.Handler {
	operations := http.NewServeMux()
	a := frame.New(c, humago.NewWithPrefix(operations, frame.Prefix, configuration(c.Addresses)))
	for _, register := range []func(*frame.API){
		links.Register, batches.Register, waiting.Register, products.Register, customers.Register, coupons.Register, payments.Register,
		statements.Register, payrequest.Register, settings.Register, webhooks.Register,
	} {
		register(a)
	}

	document, examples := a.Huma.OpenAPI(), mustExamples(c.Addresses)
	showEvents(document, examples)
	sayNull(document)
	examples.show(document)

	mux := http.NewServeMux()
	read := a.Idempotent(a.RecordAudit(frame.Explained(operations)))
	inside := a.Authenticate(payrequest.InItsShape(a.LimitRate(statements.TakeFiles(a, read, a.LimitBody(read)))))
	mux.Handle(frame.Prefix+"/", inside)
	payrequest.Mount(a, mux, inside)
	servePublished(mux, document, c.Log)
	mux.Handle("GET /api/docs", docsHandler(a))
	return frame.ForOrigins(c.Origins, selfDescribing(frame.Explained(mux)))
}

// configuration is huma's, without what would load scripts from elsewhere.
func configuration(addresses address.Book) huma.Config {
	c := huma.DefaultConfig("Smart Links", "1.0.0")
	c.Info.Description = "Make payment links, see who opened and who paid them, and hear of it by webhook."
	c.Tags = frame.Groups
	c.Servers = []*huma.Server{{URL: addresses.Origin() + frame.Prefix}}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "A token from Settings, or from the command `smartlinks token create`."},
	}
	c.Security = []map[string][]string{{"token": {}}}
	c.OpenAPIPath = "" // see publish
	c.DocsPath = ""
	c.SchemasPath = ""
	c.CreateHooks = nil // they would put a $schema into every answer
	c.NoFormatFallback = false
	c.Transformers = []huma.Transformer{frame.Explain}
	return c
}
