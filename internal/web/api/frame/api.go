// Package frame is what all operations of the API share: who asks, what an operation
// is, how lists are told in pages, how errors become problems, and what is done once.
// The folders beside it are its operations; the package above makes them one.
package frame

import (
	"log/slog"

	"github.com/danielgtaylor/huma/v2"

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

// Prefix is where the operations are.
const Prefix = "/api/v1"

// MaxBody bounds a request in bytes.
const MaxBody = 1 << 20

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

// API is the features that the operations open, and what they are registered with.
type API struct {
	Config
	// Huma reads requests and writes answers; nil where things are only shown.
	Huma huma.API
}

// New returns an API whose operations are registered with h.
func New(c Config, h huma.API) *API {
	a := &API{Config: c, Huma: h}
	h.UseMiddleware(a.admit)
	return a
}

// LinkURL is where payers open a link.
func (a *API) LinkURL(b business.Business, l link.Link) string {
	return a.Addresses.OfLink(string(b.ID), l.Domain, address.Link(b.Handle, l.Path))
}
