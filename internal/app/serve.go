package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/system"
	"smartlinks/internal/testclock"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/guard"
)

type serveCommand struct {
	storeFlags
	mailFlags
	providerFlags
	acmeFlags
	Addr           string   `placeholder:":8080" help:"Address to listen on; with --acme :443 when left out."`
	URL            string   `name:"url" env:"SMARTLINKS_URL" help:"Where payers reach this installation: https://pay.example.com. Without it http://localhost with the port."`
	Sandbox        bool     `help:"Test mode: play money, a mailbox, a clock that can be moved."`
	SandboxPublic  bool     `help:"With --sandbox: strangers may reach this installation in test mode."`
	RateLimits     string   `default:"on" enum:"on,off" help:"off switches throttles and caps on holds off, for load tests."`
	TrustedProxies []string `help:"Networks (CIDR) whose X-Forwarded-For is believed."`
	// WebhooksAllowPrivate is for receivers on the same machine or network.
	WebhooksAllowPrivate bool     `help:"Let webhooks reach plain http and private addresses."`
	APIOrigins           []string `name:"api-origins" env:"SMARTLINKS_API_ORIGINS" help:"Sites whose pages may call the API, like https://shop.example.com."`
	MetricsToken         string   `help:"Whoever shows this token may read /metrics; without it only this machine may."`
	ProfileAddr          string   `help:"Loopback address that answers with profiles of the process, for go tool pprof."`
	LogLevel             string   `default:"info" enum:"debug,info,warn,error" help:"debug, info, warn or error."`
}

// Run serves until a signal comes, then drains.
func (c serveCommand) Run(ctx context.Context, s streams) error {
	log, err := newLog(s.err, c.LogLevel)
	if err != nil {
		return err
	}
	if c.ProfileAddr != "" {
		stop, err := serveProfiles(c.ProfileAddr)
		if err != nil {
			return err
		}
		defer stop()
	}
	srv, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	if err := srv.inviteFounder(ctx); err != nil {
		return errors.Join(err, srv.close())
	}
	schema, err := srv.system.DB.Schema(ctx)
	if err != nil {
		return errors.Join(err, srv.close())
	}
	log.Info("ready", "url", srv.settings.PublicURL.String(), "database", string(srv.system.DB.Engine()), "schema", schema, "sandbox", c.Sandbox, "version", Version())
	return srv.run(ctx)
}

func newLog(to io.Writer, level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, err
	}
	return newLogger(to, l), nil
}

// server is a running installation.
type server struct {
	settings settings
	system   *system.System
	release  func() // of the data folder
	listener net.Listener
	http     *http.Server
	// certificates is nil when somebody else speaks https, or nobody.
	certificates *certificates
	recorder     *visit.Recorder
	metrics      *metrics
	closers      []func() // of the web rooms
	draining     atomic.Bool
	closed       atomic.Bool // the payers' pages, until a restored database was compared
}

// open opens everything that serving needs; run closes it.
func (c serveCommand) open(ctx context.Context, log *slog.Logger) (*server, error) {
	return c.openAfter(ctx, log, func() error { return nil })
}

// openAfter is open with what to do first, when the data folder is this process's.
func (c serveCommand) openAfter(ctx context.Context, log *slog.Logger, first func() error) (srv *server, err error) {
	proxies, err := parseProxies(c.TrustedProxies)
	if err != nil {
		return nil, err
	}
	if err := checkOrigins(c.APIOrigins); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", c.addr())
	if err != nil {
		return nil, fmt.Errorf("can't listen on %s; choose another address with --addr: %w", c.addr(), err)
	}
	defer func() {
		if err != nil {
			listener.Close()
		}
	}()
	public, err := publicURL(c.URL, localURL(listener.Addr()))
	if err != nil {
		return nil, err
	}
	if err := c.checkSandbox(listener.Addr(), public); err != nil {
		return nil, err
	}
	release, err := c.own()
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			release()
		}
	}()
	if err := first(); err != nil {
		return nil, err
	}
	hook := localURL(listener.Addr())
	var certificates *certificates
	if c.ACME {
		if certificates, err = c.openCertificates(public, listener, c.Data, log); err != nil {
			return nil, err
		}
		defer func() {
			if err != nil {
				err = errors.Join(err, certificates.close(ctx))
			}
		}()
		hook = public.String()
	}
	d, key, err := c.openMigrated(ctx, serving, log)
	if err != nil {
		return nil, err
	}
	o, err := options(c.mailFlags, c.providerFlags, public, log)
	if err != nil {
		d.Close()
		return nil, err
	}
	o.Key, o.Sandbox, o.SandboxPublic, o.Limits, o.HookURL, o.PrivateWebhooks = key, c.Sandbox, c.SandboxPublic, c.RateLimits == "on", hook, c.WebhooksAllowPrivate
	srv = &server{release: release, listener: listener, certificates: certificates, settings: settings{
		Options: o,
		spool:   filepath.Join(c.Data, spoolFolder), metricsToken: c.MetricsToken,
		apiOrigins: c.APIOrigins, private: onLoopback(listener.Addr(), public),
	}}
	if err := srv.assemble(ctx, d, proxies); err != nil {
		d.Close()
		return nil, err
	}
	if c.SandboxPublic {
		log.Warn("test mode on a public address: strangers can pay without money, and read the mailbox", "url", public.String(), "listening", listener.Addr().String())
	}
	return srv, nil
}

// checkSandbox refuses to open test mode to strangers unless that is meant: they
// could pay without money, read the mailbox, and send mails in a business's name.
func (c serveCommand) checkSandbox(listening net.Addr, public *url.URL) error {
	switch {
	case c.SandboxPublic && !c.Sandbox:
		return misuse("--sandbox-public says who may reach test mode. Give --sandbox as well, or leave it out.")
	case c.Sandbox && !c.SandboxPublic && !onLoopback(listening, public):
		return misuse("--sandbox is test mode, and other machines can reach this server: it listens on " + listening.String() + " as " + public.String() +
			". Listen on this machine alone with --addr 127.0.0.1:8080, or give --sandbox-public as well if strangers may see test mode.")
	}
	return nil
}

// addr is where to listen.
func (c serveCommand) addr() string {
	switch {
	case c.Addr != "":
		return c.Addr
	case c.ACME:
		return ":443"
	default:
		return ":8080"
	}
}

// checkOrigins refuses what no browser would ever send as an origin (RFC 6454).
func checkOrigins(origins []string) error {
	for _, o := range origins {
		u, err := url.Parse(o)
		if err != nil || u.Host == "" || o != u.Scheme+"://"+u.Host || u.Scheme != "https" && u.Scheme != "http" {
			return misuse("--api-origins takes sites like https://shop.example.com, not “" + o + "”.")
		}
	}
	return nil
}

// assemble wires the rooms and starts what runs beside requests.
func (srv *server) assemble(ctx context.Context, d *db.DB, proxies []netip.Prefix) (err error) {
	log := srv.settings.Log
	srv.metrics = newMetrics(d.Clock())
	srv.settings.Watch = srv.metrics.provider
	if srv.system, err = system.New(d, srv.settings.Options); err != nil {
		return err
	}
	if err := srv.system.CheckSandbox(ctx, srv.settings.Sandbox); err != nil {
		return err
	}
	if err := visit.PreparePartitions(ctx, d); err != nil {
		return err
	}
	if srv.recorder, err = visit.NewRecorder(ctx, d, srv.settings.spool, log); err != nil {
		return err
	}
	srv.metrics.read(d, srv.recorder, log)
	g, err := guard.New(guard.Config{PublicURL: srv.settings.PublicURL, TrustedProxies: proxies, Clock: d.Clock(), Begin: srv.metrics.begin, Log: log})
	if err != nil {
		return err
	}
	handler, err := srv.routes(g)
	if err != nil {
		return err
	}
	d.Subscribe(func(topic, _ string) {
		if topic == "clock" || topic == "*" {
			go func() {
				if err := testclock.Load(context.WithoutCancel(ctx), d); err != nil {
					log.Warn("read the test clock", "error", err)
				}
			}()
		}
	})
	if err := srv.closeAfterRestore(ctx); err != nil {
		return err
	}
	srv.http = guard.Server(handler, log)
	for _, f := range srv.closers {
		srv.http.RegisterOnShutdown(f)
	}
	return srv.system.Start(context.WithoutCancel(ctx))
}

// The time that draining takes at most: requests first, then jobs.
const (
	drainRequests = 20 * time.Second
	drainJobs     = 8 * time.Second
)

// run serves until ctx ends, then drains: no request and no job is cut.
func (srv *server) run(ctx context.Context) error {
	failed := make(chan error, 2)
	err := srv.serve(context.WithoutCancel(ctx), failed)
	if err != nil {
		return errors.Join(err, srv.close())
	}
	go balanceMemory(ctx, srv.metrics.begun.Load)
	select {
	case err = <-failed:
	case <-ctx.Done():
		srv.settings.Log.Info("draining")
	}
	return errors.Join(err, srv.close())
}

// serve answers, by https when the server has its own certificates. What ends it goes
// to failed.
func (srv *server) serve(ctx context.Context, failed chan<- error) error {
	if srv.certificates == nil {
		go func() { failed <- srv.http.Serve(srv.listener) }()
		return nil
	}
	srv.http.TLSConfig = srv.certificates.tls()
	go func() { failed <- srv.http.ServeTLS(srv.listener, "", "") }()
	return srv.certificates.start(ctx, failed)
}

func (srv *server) close() error {
	srv.draining.Store(true)
	ctx, cancel := context.WithTimeout(context.Background(), drainRequests)
	defer cancel()
	err := srv.http.Shutdown(ctx)
	if srv.certificates != nil {
		err = errors.Join(err, srv.certificates.close(ctx))
	}
	if srv.system.Sandbox != nil {
		srv.system.Sandbox.Close()
	}
	jobs, stop := context.WithTimeout(context.Background(), drainJobs)
	defer stop()
	err = errors.Join(err, srv.system.Queue.Stop(jobs))
	srv.system.Messages.Close(jobs)
	srv.system.Webhooks.Close(jobs)
	srv.recorder.Close()
	srv.system.DB.Close()
	srv.release()
	return err
}

// publicURL reads where payers come; without the flag it is the address that we
// listen on, for trying out.
func publicURL(flag, listening string) (*url.URL, error) {
	text := strings.TrimSuffix(flag, "/")
	if text == "" {
		text = listening
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" {
		return nil, misuse("--url must be a full address without a path, like https://pay.example.com.")
	}
	return u, nil
}

// localURL reaches a listener from this machine.
func localURL(listening net.Addr) string {
	address, err := netip.ParseAddrPort(listening.String())
	if err != nil || address.Addr().IsUnspecified() {
		_, port, _ := net.SplitHostPort(listening.String())
		return "http://localhost:" + port
	}
	return "http://" + address.String()
}

func parseProxies(texts []string) ([]netip.Prefix, error) {
	var proxies []netip.Prefix
	for _, text := range texts {
		p, err := netip.ParsePrefix(strings.TrimSpace(text))
		if err != nil {
			return nil, misuse("--trusted-proxies takes networks like 10.0.0.0/8, not “" + text + "”.")
		}
		proxies = append(proxies, p)
	}
	return proxies, nil
}
