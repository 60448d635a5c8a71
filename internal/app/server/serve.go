// Package server is a running installation: its pages, its API, its background work, its
// certificates, backups and metrics, from its flags until it has drained.
package server

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
	"sync/atomic"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/app/logs"
	"smartlinks/internal/app/store"
	"smartlinks/internal/cli"
	"smartlinks/internal/db"
	"smartlinks/internal/system"
	"smartlinks/internal/testclock"
	"smartlinks/internal/version"
	"smartlinks/internal/visit"
	"smartlinks/internal/web/guard"
)

// Flags are those of a server: where everything is kept, how payers and others reach it,
// what it reaches, and what it keeps to itself.
type Flags struct {
	store.Location `group:"Where things are kept:"`
	MailFlags      `group:"Mail and SMS:"`
	ProviderFlags  `group:"Stand-ins, for tests:"`
	acmeFlags      `group:"Certificate:"`
	domainFlags    `group:"Own domains:"`
	BackupFlags    `group:"Backups:"`
	Addr           string   `placeholder:":8080" help:"Address to listen on; with --acme :443 when left out."`
	URL            string   `name:"url" env:"SMARTLINKS_URL" help:"Where payers reach this installation: https://pay.example.com. Without it http://localhost with the port."`
	Sandbox        bool     `help:"Test mode: play money, a mailbox, a clock that can be moved."`
	SandboxPublic  bool     `help:"With --sandbox: strangers may reach this installation in test mode."`
	RateLimits     string   `default:"on" enum:"on,off" help:"off switches throttles and caps on holds off, for load tests."`
	TrustedProxies []string `help:"Networks (CIDR) whose X-Forwarded-For is believed."`
	// WebhooksAllowPrivate is for receivers on the same machine or network.
	WebhooksAllowPrivate bool     `help:"Let webhooks reach plain http and private addresses."`
	APIOrigins           []string `name:"api-origins" env:"SMARTLINKS_API_ORIGINS" help:"Sites whose pages may call the API, like https://shop.example.com."`
	GeoIP                string   `name:"geoip" env:"SMARTLINKS_GEOIP" placeholder:"FILE" help:"File in MaxMind's format (.mmdb) that tells the country of a visitor."`
	MetricsToken         string   `help:"Whoever shows this token may read /metrics; without it only this machine may."`
	ProfileAddr          string   `help:"Loopback address that answers with profiles of the process, for go tool pprof."`
	LogLevel             string   `default:"info" enum:"debug,info,warn,error" help:"debug, info, warn or error."`
	LogFormat            string   `default:"text" enum:"text,json" help:"text or json, an object a line."`
}

// Serve serves until ctx ends, then drains. It says in out what runs, and logs to errs.
func (c Flags) Serve(ctx context.Context, out, errs io.Writer) error {
	log, err := c.log(errs)
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
	srv, err := c.Open(ctx, log)
	if err != nil {
		return err
	}
	if err := srv.inviteFounder(ctx); err != nil {
		return errors.Join(err, srv.Close())
	}
	schema, err := srv.System.DB.Schema(ctx)
	if err != nil {
		return errors.Join(err, srv.Close())
	}
	if c.LogFormat != "json" {
		if err := c.introduce(ctx, srv, out); err != nil {
			return errors.Join(err, srv.Close())
		}
	}
	log.Info("ready", "url", srv.settings.Addresses.Origin(), "listening", srv.Listener.Addr().String(), "database", string(srv.System.DB.Engine()),
		"at", srv.System.DB.Where(), "schema", schema, "sandbox", c.Sandbox, "version", version.Name())
	return srv.Run(ctx)
}

// log is the server's log, by its flags.
func (c Flags) log(to io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return nil, err
	}
	if c.LogFormat == "json" {
		return logs.JSON(to, level), nil
	}
	return logs.Text(to, level), nil
}

// Server is a running installation.
type Server struct {
	System   *system.System
	Recorder *visit.Recorder
	HTTP     *http.Server
	Listener net.Listener

	settings settings
	release  func() // of the data folder
	// certificates is nil when somebody else speaks https, or nobody.
	certificates *certificates
	metrics      *metrics
	closers      []func() // of the web rooms
	draining     atomic.Bool
	closed       atomic.Bool // the payers' pages, until a restored database was compared
}

// Open opens everything that serving needs; Run and Close close it.
func (c Flags) Open(ctx context.Context, log *slog.Logger) (*Server, error) {
	return c.OpenAfter(ctx, log, func() error { return nil })
}

// OpenAfter is open with what to do first, when the data folder is this process's.
func (c Flags) OpenAfter(ctx context.Context, log *slog.Logger, first func() error) (srv *Server, err error) {
	proxies, err := parseProxies(c.TrustedProxies)
	if err != nil {
		return nil, err
	}
	if err := c.BackupFlags.Check(c.Location); err != nil {
		return nil, err
	}
	if err := checkOrigins(c.APIOrigins); err != nil {
		return nil, err
	}
	countries, err := openCountries(c.GeoIP)
	if err != nil {
		return nil, err
	}
	listener, err := listenAt("--addr", c.addr(), "")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			listener.Close()
			if countries != nil {
				_ = countries.Close() // it was only read
			}
		}
	}()
	public, err := PublicAddress(c.URL, LocalURL(listener.Addr()))
	if err != nil {
		return nil, err
	}
	if err := c.checkSandbox(listener.Addr(), public); err != nil {
		return nil, err
	}
	if err := c.acmeFlags.check(public); err != nil {
		return nil, err
	}
	o, err := NewOptions(c.MailFlags, c.ProviderFlags, public, log)
	if err != nil {
		return nil, err
	}
	if err := c.domainFlags.read(&o); err != nil {
		return nil, err
	}
	release, err := c.Own() // nothing is made or upgraded before all flags can be meant
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
	hook := LocalURL(listener.Addr())
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
		hook = public.Origin()
	}
	d, key, err := c.OpenMigrated(ctx, store.Serving, log)
	if err != nil {
		return nil, err
	}
	if certificates != nil {
		o.Certify = certificates.certify
	}
	o.Key, o.Sandbox, o.SandboxPublic, o.Limits, o.HookURL, o.PrivateWebhooks = key, c.Sandbox, c.SandboxPublic, c.RateLimits == "on", hook, c.WebhooksAllowPrivate
	srv = &Server{release: release, Listener: listener, certificates: certificates, settings: settings{
		Options: o,
		data:    c.Data, backups: c.BackupFlags, spool: filepath.Join(c.Data, store.SpoolFolder), metricsToken: c.MetricsToken, countries: countries,
		apiOrigins: c.APIOrigins, private: onLoopback(listener.Addr(), public),
	}}
	if err := srv.assemble(ctx, d, proxies); err != nil {
		d.Close()
		return nil, err
	}
	if c.SandboxPublic {
		log.Warn("test mode on a public address: strangers can pay without money, and read the mailbox", "url", public.Origin(), "listening", listener.Addr().String())
	}
	return srv, nil
}

// checkSandbox refuses to open test mode to strangers unless that is meant: they
// could pay without money, read the mailbox, and send mails in a business's name.
func (c Flags) checkSandbox(listening net.Addr, public address.Book) error {
	switch {
	case c.SandboxPublic && !c.Sandbox:
		return cli.Misuse("--sandbox-public says who may reach test mode. Give --sandbox as well, or leave it out.")
	case c.Sandbox && !c.SandboxPublic && !onLoopback(listening, public):
		return cli.Misuse("Test mode is for this machine alone, and other machines can reach this server: it listens on " + listening.String() + " as " + public.Origin() +
			". Listen on this machine alone with --addr 127.0.0.1:8080, or give --sandbox-public as well if strangers may see it.")
	}
	return nil
}

// addr is where to listen.
func (c Flags) addr() string {
	switch {
	case c.Addr != "":
		return c.Addr
	case c.ACME:
		return ":443"
	default:
		return ":8080"
	}
}

// listenAt opens the port that a flag names; purpose says what else is served there than the flag
// tells.
func listenAt(flag, address, purpose string) (net.Listener, error) {
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		return nil, cli.Misuse(fmt.Sprintf("%s must be an address with a port, like 127.0.0.1:8080 or :8080, not %s.", flag, address))
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("can't listen on %s%s; choose another address with %s: %w", address, purpose, flag, err)
	}
	return l, nil
}

// checkOrigins refuses what no browser would ever send as an origin (RFC 6454).
func checkOrigins(origins []string) error {
	for _, o := range origins {
		u, err := url.Parse(o)
		if err != nil || u.Host == "" || o != u.Scheme+"://"+u.Host || u.Scheme != "https" && u.Scheme != "http" {
			return cli.Misuse("--api-origins takes sites like https://shop.example.com, not “" + o + "”.")
		}
	}
	return nil
}

// assemble wires the rooms and starts what runs beside requests.
func (srv *Server) assemble(ctx context.Context, d *db.DB, proxies []netip.Prefix) (err error) {
	log := srv.settings.Log
	srv.metrics = newMetrics(d.Clock())
	srv.settings.Watch = srv.metrics.provider
	if srv.System, err = system.New(d, srv.settings.Options); err != nil {
		return err
	}
	srv.settings.Addresses = srv.System.Addresses
	if err := srv.System.Domains.Directory.Load(ctx); err != nil {
		return err
	}
	if srv.certificates != nil {
		srv.certificates.manageDomains(srv.System, log)
	}
	if err := srv.System.CheckSandbox(ctx, srv.settings.Sandbox); err != nil {
		return err
	}
	if err := visit.PreparePartitions(ctx, d); err != nil {
		return err
	}
	if srv.Recorder, err = visit.NewRecorder(ctx, d, srv.settings.spool, log); err != nil {
		return err
	}
	srv.metrics.read(d, srv.Recorder, log)
	srv.metrics.watch(srv.settings, srv.certificates)
	g, err := guard.New(guard.Config{Addresses: srv.settings.Addresses, TrustedProxies: proxies, Clock: d.Clock(), Begin: srv.metrics.begin, Log: log})
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
				srv.System.Queue.Recheck()
			}()
		}
	})
	if b := srv.settings.backups; b.BackupTo != "" {
		srv.System.Queue.Every("backup", backupCheckEvery, func(ctx context.Context) error { return b.make(ctx, d, log) })
	}
	if err := srv.closeAfterRestore(ctx); err != nil {
		return err
	}
	srv.HTTP = guard.Server(handler, log)
	for _, f := range srv.closers {
		srv.HTTP.RegisterOnShutdown(f)
	}
	return srv.System.Start(context.WithoutCancel(ctx))
}

// The time that draining takes at most: requests first, then jobs.
const (
	drainRequests = 20 * time.Second
	drainJobs     = 8 * time.Second
)

// Run serves until ctx ends, then drains: no request and no job is cut.
func (srv *Server) Run(ctx context.Context) error {
	failed := make(chan error, 2)
	err := srv.Serve(context.WithoutCancel(ctx), failed)
	if err != nil {
		return errors.Join(err, srv.Close())
	}
	go srv.metrics.memory.balance(ctx)
	select {
	case err = <-failed:
	case <-ctx.Done():
		srv.settings.Log.Info("draining: no new connections; what is under way is finished", "because", context.Cause(ctx))
	}
	return errors.Join(err, srv.Close())
}

// Serve answers, by https when the server has its own certificates. What ends it goes
// to failed.
func (srv *Server) Serve(ctx context.Context, failed chan<- error) error {
	if srv.certificates == nil {
		go func() { failed <- srv.HTTP.Serve(srv.Listener) }()
		return nil
	}
	srv.HTTP.TLSConfig = srv.certificates.tls()
	go func() { failed <- srv.HTTP.ServeTLS(srv.Listener, "", "") }()
	return srv.certificates.start(ctx, failed)
}

// Close drains: requests first, then jobs. It closes all that was opened.
func (srv *Server) Close() error {
	srv.draining.Store(true)
	ctx, cancel := context.WithTimeout(context.Background(), drainRequests)
	defer cancel()
	err := srv.HTTP.Shutdown(ctx)
	if srv.certificates != nil {
		err = errors.Join(err, srv.certificates.close(ctx))
	}
	jobs, stop := context.WithTimeout(context.Background(), drainJobs)
	defer stop()
	err = errors.Join(err, srv.System.Queue.Stop(jobs))
	srv.Recorder.Close()
	srv.System.DB.Close()
	srv.release()
	return err
}
