// Package dashboard is what members of a business see: sign-in, smart links
// with their figures, products and the settings of the payment page. Every page
// is made on the server and works without a script.
package dashboard

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"

	"github.com/alexedwards/scs/v2"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/importer"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/keyring"
	"smartlinks/internal/product"
	"smartlinks/internal/reminder"
	"smartlinks/internal/tag"
	"smartlinks/internal/testclock"
	"smartlinks/internal/web/ui"
	"smartlinks/internal/webhook"
)

// Config is what the dashboard is made of.
type Config struct {
	DB         *db.DB
	Accounts   *account.Accounts
	TwoStep    *account.TwoStep
	Passkeys   *account.Passkeys
	Businesses *business.Businesses
	Links      *link.Links
	Products   *product.Products
	Customers  *customer.Customers
	Payments   *payment.Payments
	Tags       *tag.Tags
	Messages   *message.Messages
	Deliveries *delivery.Deliveries
	Reminders  *reminder.Reminders
	Webhooks   *webhook.Webhooks
	Imports    *importer.Imports
	// TestClock moves the application's time; nil outside test mode.
	TestClock *testclock.Clock
	// Keys are those of payment providers; Sandbox says that play money is there
	// when none is in use.
	Keys    *keyring.Ring
	Sandbox bool
	// SetupCode must be given by whoever sets this installation up in the
	// browser; "" asks for none.
	SetupCode string
	// PreviewPage writes the page that payers of a link see.
	PreviewPage func(ctx context.Context, w io.Writer, b business.Business, l link.Link) error
	// PublicURL is where this installation is reached, without a path.
	PublicURL *url.URL
	// ClientIP tells whose request it is, for throttles and lists of sessions.
	ClientIP func(*http.Request) string
	Log      *slog.Logger
}

// Dashboard serves /dashboard, /setup, /sign-in and /sign-out, and what lies
// below them.
type Dashboard struct {
	Config
	sessions *scs.SessionManager
	founded  atomic.Bool // there is a business; it never goes away again
	closing  chan struct{}
	close    sync.Once
}

// New returns the dashboard. Call Close when the server shuts down.
func New(c Config) *Dashboard {
	return &Dashboard{
		Config:   c,
		sessions: account.NewSessions(c.DB, c.PublicURL.Scheme == "https"),
		closing:  make(chan struct{}),
	}
}

// Close ends the live pages, which otherwise would stay open for minutes; hand
// it to http.Server.RegisterOnShutdown.
func (d *Dashboard) Close() { d.close.Do(func() { close(d.closing) }) }

// Handler serves the dashboard. Requests that change something must have passed
// a check of their origin before they come here.
func (d *Dashboard) Handler() http.Handler {
	mux := http.NewServeMux()
	d.routes(mux.Handle)
	named := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r.WithContext(account.WithOrigin(r.Context(), account.Origin{Address: d.maskedIP(r)})))
	})
	return ui.Themed(d.sessions.LoadAndSave(named))
}
