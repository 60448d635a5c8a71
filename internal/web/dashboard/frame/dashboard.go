// Package frame is what all pages of the dashboard share: the session, who may ask for
// what, the frame around a page, forms and their conflicts, lists and how they are read on.
package frame

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/alexedwards/scs/v2"

	"smartlinks/internal/account"
	"smartlinks/internal/address"
	"smartlinks/internal/alert"
	"smartlinks/internal/audit"
	"smartlinks/internal/bounce"
	"smartlinks/internal/business"
	"smartlinks/internal/coupon"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/domain"
	"smartlinks/internal/grant"
	"smartlinks/internal/i18n"
	"smartlinks/internal/importer"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/product"
	"smartlinks/internal/publish"
	"smartlinks/internal/receipt"
	"smartlinks/internal/recovery"
	"smartlinks/internal/reminder"
	"smartlinks/internal/requests"
	"smartlinks/internal/saved"
	"smartlinks/internal/secret"
	"smartlinks/internal/share"
	"smartlinks/internal/statement"
	"smartlinks/internal/tag"
	"smartlinks/internal/testclock"
	"smartlinks/internal/waitinglist"
	"smartlinks/internal/web/ui"
	"smartlinks/internal/webhook"
)

// Config is what the dashboard is made of.
type Config struct {
	DB         *db.DB
	Audit      *audit.Log
	Accounts   *account.Accounts
	TwoStep    *account.TwoStep
	Passkeys   *account.Passkeys
	Businesses *business.Businesses
	Links      *link.Links
	Products   *product.Products
	Coupons    *coupon.Coupons
	Customers  *customer.Customers
	Payments   *payment.Payments
	Receipts   *receipt.Receipts
	Statements *statement.Statements
	Tags       *tag.Tags
	Messages   *message.Messages
	Deliveries *delivery.Deliveries
	Bounces    *bounce.Bounces
	Reminders  *reminder.Reminders
	Publish    *publish.Publisher
	Share      *share.Texts
	Saved      *saved.Searches
	Webhooks   *webhook.Webhooks
	Imports    *importer.Imports
	Domains    *domain.Domains
	Grants     *grant.Grants
	Waiting    *waitinglist.List
	Alerts     *alert.Alerts
	Recovery   *recovery.Recoveries
	Requests   *requests.Requests
	// TestClock moves the application's time; nil outside test mode.
	TestClock *testclock.Clock
	// Keys are those of payment providers; Sandbox says that play money is there
	// when none is in use.
	Keys    *keyring.Ring
	Sandbox bool
	// Transfers know where payers send money from their bank.
	Transfers *banktransfer.Transfers
	// SetupCode must be given by whoever sets this installation up in the
	// browser; "" asks for none.
	SetupCode string
	// PreviewPage writes the page that payers of a link see.
	PreviewPage func(ctx context.Context, w io.Writer, b business.Business, l link.Link) error
	// Addresses makes our web addresses.
	Addresses address.Book
	// ClientIP tells whose request it is, for throttles and lists of sessions.
	ClientIP func(*http.Request) string
	Log      *slog.Logger
	// Sealer seals what a session holds until it is shown.
	Sealer *secret.Sealer
}

// Dashboard serves /dashboard, /setup, /sign-in and /sign-out, and what lies
// below them.
type Dashboard struct {
	Config
	Sessions *scs.SessionManager
	Founded  atomic.Bool // there is a business; it never goes away again
	closing  chan struct{}
	close    sync.Once
}

// New returns the dashboard. Call Close when the server shuts down.
func New(c Config) *Dashboard {
	return &Dashboard{
		Config:   c,
		Sessions: account.NewSessions(c.DB, c.Addresses.Secure()),
		closing:  make(chan struct{}),
	}
}

// Close ends the live pages, which otherwise would stay open for minutes; hand
// it to http.Server.RegisterOnShutdown.
func (d *Dashboard) Close() { d.close.Do(func() { close(d.closing) }) }

// WithSession serves h with the session of the browser that asks.
func (d *Dashboard) WithSession(h http.Handler) http.Handler {
	named := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := account.WithOrigin(r.Context(), account.Origin{Address: d.MaskedIP(r)})
		// Pages of a business are in its member's language; this is for all others.
		ctx = i18n.WithLanguage(ctx, i18n.Match(r.Header.Get("Accept-Language")))
		h.ServeHTTP(w, r.WithContext(ctx))
	})
	return ui.Themed(account.SparingWrites(d.Sessions.LoadAndSave(named)))
}
