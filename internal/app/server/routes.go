package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/app/store"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/system"
	"smartlinks/internal/testclock"
	"smartlinks/internal/version"
	"smartlinks/internal/web/api"
	"smartlinks/internal/web/dashboard"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/host"
	"smartlinks/internal/web/mcp"
	"smartlinks/internal/web/oauth"
	"smartlinks/internal/web/public"
	"smartlinks/internal/web/ui"
)

// The bounds of requests by room.
const (
	maxDashboardBody = 64 << 20 // files that are too large too, which are told so in their form
	maxAPIBody       = 64 << 20 // banks’ files; the API itself bounds every other body to 1 MiB
	maxBody          = 1 << 20
	maxOAuthBody     = 64 << 10
	apiTimeout       = time.Minute
)

// routes gives the fixed first segments to their rooms and everything else to
// the payers' pages, whose first segment is a handle.
func (srv *Server) routes(g *guard.Guard) (http.Handler, error) {
	texts, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	r, s := srv.System, srv.settings
	passkeys, err := account.NewPasskeys(r.Accounts, s.Addresses)
	if err != nil {
		return nil, err
	}
	var payers *public.Public
	merchants := dashboard.New(dashboard.Config{
		DB: r.DB, Audit: r.Audit, Accounts: r.Accounts, Businesses: r.Businesses, Links: r.Links, Products: r.Products, Coupons: r.Coupons, Payments: r.Payments, Receipts: r.Receipts, Customers: r.Customers, Tags: r.Tags,
		Messages: r.Messages, Deliveries: r.Deliveries, Reminders: r.Reminders, Publish: r.Publish, Share: r.Share, Statements: r.Statements, Webhooks: r.Webhooks, Imports: r.Imports, Domains: r.Domains, Grants: r.Grants, Waiting: r.Waiting, Alerts: r.Alerts, Recovery: r.Recovery, Requests: r.Requests, TestClock: srv.testClock(), Keys: r.Keys, Transfers: r.Transfers, Sandbox: s.Sandbox, TwoStep: r.TwoStep, Passkeys: passkeys, SetupCode: s.setupCode(),
		Saved:   r.Saved,
		Sealer:  r.Sealer,
		Bounces: r.Bounces,
		PreviewPage: func(ctx context.Context, w io.Writer, b business.Business, l link.Link) error {
			return payers.Preview(ctx, w, b, l)
		},
		Addresses: s.Addresses, ClientIP: func(q *http.Request) string { return guard.ClientIP(q).String() }, Log: s.Log,
	})
	payers = public.New(public.Config{
		DB: r.DB, Businesses: r.Businesses, Links: r.Links, Products: r.Products, Coupons: r.Coupons, Payments: r.Payments, Receipts: r.Receipts, Sandbox: r.Sandbox, Transfers: r.Transfers,
		Visits: srv.Recorder, Waiting: r.Waiting, Recovery: r.Recovery, Messages: r.Messages, Deliveries: r.Deliveries, Domains: r.Domains, Country: s.country(), Catalogue: texts, Addresses: s.Addresses, IsMember: merchants.IsMember, Closed: srv.closed.Load, Limits: s.Limits, Log: s.Log,
		Bounces: r.Bounces,
	})
	srv.closers = append(srv.closers, payers.Close, merchants.Close)
	mux := http.NewServeMux()
	inside := g.Protect(guard.Area{
		Name: "dashboard", Policy: guard.DashboardPolicy, MaxBody: maxDashboardBody, Refuse: plain(http.StatusForbidden), Fail: plain(http.StatusInternalServerError),
	}, merchants.Handler())
	for _, pattern := range []string{"/dashboard", "/dashboard/", "/setup", "/sign-in", "/sign-in/", "/sign-out", oauth.AuthorizePath, "GET /{$}"} {
		mux.Handle(pattern, inside)
	}
	operations := programs(r, s, srv.testClock())
	programs := g.Protect(guard.Area{
		Name: "api", Policy: guard.DataPolicy, MaxBody: maxAPIBody, Timeout: apiTimeout, Foreign: true,
		Refuse: plain(http.StatusForbidden), Fail: plain(http.StatusInternalServerError),
	}, operations)
	for _, pattern := range append(api.RootRoutes(), "/api/") {
		mux.Handle(pattern, programs)
	}
	mux.Handle(mcp.Path, g.Protect(guard.Area{
		Name: "assistants", Policy: guard.DataPolicy, MaxBody: maxBody, Timeout: apiTimeout, Foreign: true, // it looks at origins itself
		Refuse: plain(http.StatusForbidden), Fail: plain(http.StatusInternalServerError),
	}, r.Assistants(mcp.Config{API: operations, Addresses: s.Addresses, Origins: s.apiOrigins, Limits: s.Limits, Version: version.Name(), Log: s.Log})))
	access := g.Protect(guard.Area{
		Name: "oauth", Policy: guard.DataPolicy, MaxBody: maxOAuthBody, Timeout: apiTimeout, Foreign: true, // no cookie counts there
		Refuse: plain(http.StatusForbidden), Fail: plain(http.StatusInternalServerError),
	}, r.OAuth(oauth.Config{Addresses: s.Addresses, Limits: s.Limits, Log: s.Log}))
	for _, pattern := range oauth.Routes() {
		mux.Handle(pattern, access)
	}
	srv.mailboxRoutes(mux, g)
	mux.Handle("GET /static/", ui.Static())
	mux.Handle("GET /brand/", ui.Brand())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", srv.ready)
	mux.Handle("GET /metrics", srv.metrics.handler(s.metricsToken))
	pages := payers.Handler(g)
	mux.Handle("/", pages)
	return guard.Compress(g.SetHeaders(host.Handler(host.Config{
		Addresses: s.Addresses, Find: r.Domains.Directory.Find, Installation: mux, Domain: atDomains(pages),
	})))
}

// atDomains is what there is at own domains: the payers' pages and what these are made of.
func atDomains(pages http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /static/", ui.Static())
	mux.Handle("/", pages)
	return mux
}

// programs is the JSON API.
func programs(r *system.System, s settings, clock *testclock.Clock) http.Handler {
	return r.API(api.Config{Addresses: s.Addresses, TestClock: clock, Limits: s.Limits, Origins: s.apiOrigins, Log: s.Log})
}

// testClock is nil outside test mode.
func (srv *Server) testClock() *testclock.Clock {
	if !srv.settings.Sandbox {
		return nil
	}
	return testclock.New(srv.System.DB, srv.System.Due)
}

// readyTimeout bounds how long the database may take to answer.
const readyTimeout = 2 * time.Second

// ready says whether requests should come to this process.
func (srv *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	switch {
	case srv.draining.Load():
		answer(w, http.StatusServiceUnavailable, "draining")
	case srv.System.DB.Ping(ctx) != nil:
		answer(w, http.StatusServiceUnavailable, "the database does not answer")
	case srv.full(ctx):
		answer(w, http.StatusServiceUnavailable, "the disk is full: nothing can be saved until there is room on the disk of "+srv.diskOf())
	default:
		answer(w, http.StatusOK, "ready")
	}
}

// noRoom is the free space below which a disk counts as full, in bytes: SQLite's log
// takes as much in a busy second.
const noRoom = 1 << 20

// full tells whether there is no room to store anything: on the disk of SQLite, or as the
// database says when it is tried.
func (srv *Server) full(ctx context.Context) bool {
	if srv.System.DB.Engine() == db.SQLite {
		if free, err := store.FreeSpace(srv.settings.data); err == nil && free < noRoom {
			return true
		}
	}
	return srv.System.DB.Trouble() != nil && errors.Is(srv.System.DB.Probe(ctx), db.ErrFull)
}

// diskOf names what lies on the disk that is full, without more than a stranger may know.
func (srv *Server) diskOf() string {
	if srv.System.DB.Engine() == db.SQLite {
		return "the data folder"
	}
	return "PostgreSQL"
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
