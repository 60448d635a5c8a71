package app

import (
	"context"
	"io"
	"net/http"
	"smartlinks/internal/system"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/link"
	"smartlinks/internal/testclock"
	"smartlinks/internal/web/api"
	"smartlinks/internal/web/dashboard"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/public"
	"smartlinks/internal/web/ui"
	"smartlinks/internal/web/ui/i18n"
)

// The bounds of requests by room.
const (
	maxDashboardBody = 64 << 20 // files that are too large too, which are told so in their form
	maxAPIBody       = 1 << 20
	apiTimeout       = time.Minute
)

// routes gives the fixed first segments to their rooms and everything else to
// the payers' pages, whose first segment is a handle.
func (srv *server) routes(g *guard.Guard) (http.Handler, error) {
	texts, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	r, s := srv.system, srv.settings
	passkeys, err := account.NewPasskeys(r.Accounts, s.PublicURL)
	if err != nil {
		return nil, err
	}
	var payers *public.Public
	merchants := dashboard.New(dashboard.Config{
		DB: r.DB, Accounts: r.Accounts, Businesses: r.Businesses, Links: r.Links, Products: r.Products, Payments: r.Payments, Customers: r.Customers, Tags: r.Tags,
		Messages: r.Messages, Deliveries: r.Deliveries, Reminders: r.Reminders, Webhooks: r.Webhooks, Imports: r.Imports, TestClock: srv.testClock(), Keys: r.Keys, Sandbox: s.Sandbox, TwoStep: r.TwoStep, Passkeys: passkeys, SetupCode: s.setupCode(),
		PreviewPage: func(ctx context.Context, w io.Writer, b business.Business, l link.Link) error {
			return payers.Preview(ctx, w, b, l)
		},
		PublicURL: s.PublicURL, ClientIP: func(q *http.Request) string { return guard.ClientIP(q).String() }, Log: s.Log,
	})
	payers = public.New(public.Config{
		DB: r.DB, Businesses: r.Businesses, Links: r.Links, Products: r.Products, Payments: r.Payments, Sandbox: r.Sandbox,
		Visits: srv.recorder, Messages: r.Messages, Deliveries: r.Deliveries, Texts: texts, PublicURL: s.PublicURL, IsMember: merchants.IsMember, Closed: srv.closed.Load, Limits: s.Limits, Log: s.Log,
	})
	srv.closers = append(srv.closers, payers.Close, merchants.Close)
	mux := http.NewServeMux()
	inside := g.Protect(guard.Area{
		Name: "dashboard", Policy: guard.DashboardPolicy, MaxBody: maxDashboardBody, Refuse: plain(http.StatusForbidden), Fail: plain(http.StatusInternalServerError),
	}, merchants.Handler())
	for _, pattern := range []string{"/dashboard", "/dashboard/", "/setup", "/sign-in", "/sign-in/", "/sign-out", "GET /{$}"} {
		mux.Handle(pattern, inside)
	}
	programs := g.Protect(guard.Area{
		Name: "api", Policy: guard.DataPolicy, MaxBody: maxAPIBody, Timeout: apiTimeout, Foreign: true,
		Refuse: plain(http.StatusForbidden), Fail: plain(http.StatusInternalServerError),
	}, programs(r, s, srv.testClock()))
	for _, pattern := range append(api.RootRoutes(), "/api/") {
		mux.Handle(pattern, programs)
	}
	srv.mailboxRoutes(mux, g)
	mux.Handle("GET /static/", ui.Static())
	mux.Handle("GET /brand/", ui.Brand())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", srv.ready)
	mux.Handle("GET /metrics", srv.metrics.handler(s.metricsToken))
	mux.Handle("/", payers.Handler(g))
	return guard.Compress(g.Dress(mux))
}

// programs is the JSON API.
func programs(r *system.System, s settings, clock *testclock.Clock) http.Handler {
	return api.New(api.Config{
		DB: r.DB, Accounts: r.Accounts, Businesses: r.Businesses, Links: r.Links, Products: r.Products, Customers: r.Customers, Tags: r.Tags,
		Payments: r.Payments, Deliveries: r.Deliveries, Reminders: r.Reminders, Webhooks: r.Webhooks, Calls: r.Calls, PublicURL: s.PublicURL, TestClock: clock, Sealer: r.Sealer, Limits: s.Limits, Origins: s.apiOrigins, Log: s.Log,
	})
}

// testClock is nil outside test mode.
func (srv *server) testClock() *testclock.Clock {
	if !srv.settings.Sandbox {
		return nil
	}
	return testclock.New(srv.system.DB, srv.system.Due)
}

// readyTimeout bounds how long the database may take to answer.
const readyTimeout = 2 * time.Second

// ready says whether requests should come to this process.
func (srv *server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	switch {
	case srv.draining.Load():
		answer(w, http.StatusServiceUnavailable, "draining")
	case srv.system.DB.Ping(ctx) != nil:
		answer(w, http.StatusServiceUnavailable, "the database does not answer")
	default:
		answer(w, http.StatusOK, "ready")
	}
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n"))
}

func plain(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { answer(w, status, http.StatusText(status)) }
}
