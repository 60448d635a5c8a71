// Package api answers programs: JSON over HTTP under /api/v1, described by an
// OpenAPI document from which the page at /api/docs is made.
package api

import (
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/audit"
	"smartlinks/internal/business"
	"smartlinks/internal/coupon"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/domain"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payrequest"
	"smartlinks/internal/product"
	"smartlinks/internal/publish"
	"smartlinks/internal/recovery"
	"smartlinks/internal/reminder"
	"smartlinks/internal/requests"
	"smartlinks/internal/secret"
	"smartlinks/internal/statement"
	"smartlinks/internal/tag"
	"smartlinks/internal/testclock"
	"smartlinks/internal/waitinglist"
	"smartlinks/internal/webhook"
)

// prefix is where the operations are.
const prefix = "/api/v1"

// maxBody bounds a request in bytes.
const maxBody = 1 << 20

// Config is what the API is made of.
type Config struct {
	DB         *db.DB
	Audit      *audit.Log
	Accounts   *account.Accounts
	Businesses *business.Businesses
	Links      *link.Links
	Products   *product.Products
	Customers  *customer.Customers
	Coupons    *coupon.Coupons
	Tags       *tag.Tags
	Payments   *payment.Payments
	Deliveries *delivery.Deliveries
	Reminders  *reminder.Reminders
	Publish    *publish.Publisher
	Requests   *requests.Requests
	Waiting    *waitinglist.List
	Recovery   *recovery.Recoveries
	Webhooks   *webhook.Webhooks
	Calls      *payrequest.Calls
	Domains    *domain.Domains
	Statements *statement.Statements
	// Addresses makes our web addresses.
	Addresses address.Book
	// TestClock moves the application's time; nil outside test mode.
	TestClock *testclock.Clock
	// Limits says whether a token that asks too often is refused.
	Limits bool
	// Origins are the sites whose pages may read answers: "https://shop.example".
	Origins []string
	// Sealer seals the answers that are kept for repetitions: some hold a secret
	// that is shown once.
	Sealer *secret.Sealer
	Log    *slog.Logger
}

// handlers is the API over the features that it opens.
type handlers struct {
	Config
	huma huma.API
}

// New returns the handler of everything under /api/.
func New(c Config) http.Handler {
	operations := http.NewServeMux()
	a := &handlers{Config: c, huma: humago.NewWithPrefix(operations, prefix, configuration(c.Addresses))}
	a.huma.UseMiddleware(a.admit)
	a.links()
	a.sending()
	a.reminding()
	a.requesting()
	a.waiting()
	a.products()
	a.customers()
	a.tags()
	a.coupons()
	a.codes()
	a.payments()
	a.recovering()
	a.byHand()
	a.statements()
	a.paymentLinks()
	a.paymentRequests()
	a.calls()
	a.refunds()
	a.business()
	a.endpoints()
	a.events()
	a.domains()
	if c.TestClock != nil {
		a.clock()
	}

	document, examples := a.huma.OpenAPI(), mustExamples(c.Addresses)
	showEvents(document, examples)
	sayNull(document)
	examples.show(document)

	mux := http.NewServeMux()
	inside := a.authenticate(inItsShape(a.limitRate(a.limitBody(a.idempotent(a.audit(explained(operations)))))))
	mux.Handle(prefix+"/", inside)
	for _, path := range []string{prefix + createPath, "/api/create/{$}", "/api/create", "/create"} {
		mux.Handle("POST "+path, a.fromForm(inside))
	}
	mux.Handle("/v1"+requestsPath, under("/api", inside))
	servePublished(mux, document, c.Log)
	mux.Handle("GET /api/docs", a.docs())
	return forOrigins(c.Origins, selfDescribing(explained(mux)))
}

// configuration is huma's, without what would load scripts from elsewhere.
func configuration(addresses address.Book) huma.Config {
	c := huma.DefaultConfig("Smart Links", "1.0.0")
	c.Info.Description = "Make payment links, see who opened and who paid them, and hear of it by webhook."
	c.Tags = groups
	c.Servers = []*huma.Server{{URL: addresses.Origin() + prefix}}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "A token from Settings, or from the command `smartlinks token create`."},
	}
	c.Security = []map[string][]string{{"token": {}}}
	c.OpenAPIPath = "" // see publish
	c.DocsPath = ""
	c.SchemasPath = ""
	c.CreateHooks = nil // they would put a $schema into every answer
	c.NoFormatFallback = false
	c.Transformers = []huma.Transformer{explain}
	return c
}
