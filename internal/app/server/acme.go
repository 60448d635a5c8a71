package server

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"

	"smartlinks/internal/address"
	"smartlinks/internal/app/store"
	"smartlinks/internal/cli"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/host"
)

// acmeFlags say whether and from whom the server gets its own certificate.
type acmeFlags struct {
	ACME          bool   `name:"acme" env:"SMARTLINKS_ACME" help:"Serve https, with a certificate for the host of --url that is got and renewed by ACME. Agrees to the authority's terms."`
	ACMEEmail     string `name:"acme-email" env:"SMARTLINKS_ACME_EMAIL" help:"Where the authority may write about the certificate."`
	ACMEDirectory string `name:"acme-directory" env:"SMARTLINKS_ACME_DIRECTORY" default:"https://acme-v02.api.letsencrypt.org/directory" help:"The authority's directory (RFC 8555)."`
	HTTPAddr      string `name:"http-addr" env:"SMARTLINKS_HTTP_ADDR" default:":80" help:"With --acme: where plain http is answered, the authority's question and the way to https."`
}

// certificates gets and renews the certificate of one host by ACME (RFC 8555), and
// proves the host by HTTP-01 at a plain listener or by TLS-ALPN-01 (RFC 8737) at the
// listener of https.
type certificates struct {
	host    string
	public  address.Book
	config  *certmagic.Config
	cache   *certmagic.Cache
	issuer  certmagic.ACMEIssuer // what is asked of the authority
	plain   net.Listener
	http    *http.Server
	domains *domainCertificates
}

// check refuses an address for which no authority gives a certificate.
func (f acmeFlags) check(public address.Book) error {
	if _, err := netip.ParseAddr(public.Hostname()); f.ACME && (err == nil || !public.Secure()) {
		return cli.Misuse("--acme needs the name that the certificate is for: set --url to https:// and a host name.")
	}
	return nil
}

// openCertificates opens the plain listener. secure is the listener of https; folder
// is the data folder.
func (f acmeFlags) openCertificates(public address.Book, secure net.Listener, folder string, log *slog.Logger) (*certificates, error) {
	name := public.Hostname()
	plain, err := listenAt("--http-addr", f.HTTPAddr, ", where the authority asks and http is led to https")
	if err != nil {
		return nil, err
	}
	c := &certificates{host: name, public: public, plain: plain}
	c.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: c.configOf,
		Capacity:         keptCertificates,
		Logger:           zap.NewNop(),
	})
	c.config = certmagic.New(c.cache, certmagic.Config{
		DefaultServerName: name,
		Storage:           &certmagic.FileStorage{Path: filepath.Join(folder, store.CertificatesFolder)},
		OnEvent:           reportCertificates(log),
		Logger:            zap.NewNop(), // its events say what matters
	})
	c.issuer = certmagic.ACMEIssuer{
		CA: f.ACMEDirectory, Email: f.ACMEEmail, Agreed: true, Logger: zap.NewNop(),
		// Where we listen already: it would open these ports for itself otherwise.
		AltHTTPPort: portOf(plain), AltTLSALPNPort: portOf(secure),
	}
	issuer := certmagic.NewACMEIssuer(c.config, c.issuer)
	c.config.Issuers = []certmagic.Issuer{issuer}
	c.http = guard.Server(issuer.HTTPChallengeHandler(http.HandlerFunc(c.answerPlain)), log)
	return c, nil
}

// start answers plain http and sees to the certificate, behind its caller: the
// authority may be away for a while, and a certificate that is stored serves meanwhile.
func (c *certificates) start(ctx context.Context, failed chan<- error) error {
	go func() { failed <- c.http.Serve(c.plain) }()
	if err := c.config.ManageAsync(ctx, []string{c.host}); err != nil {
		return fmt.Errorf("read the certificate: %w", err)
	}
	return nil
}

// ends is when the certificate in use ends; zero while there is none.
func (c *certificates) ends() (at time.Time) {
	for _, held := range c.cache.AllMatchingCertificates(c.host) {
		if held.Leaf != nil && held.Leaf.NotAfter.After(at) {
			at = held.Leaf.NotAfter
		}
	}
	return at
}

// tls is how https is spoken.
func (c *certificates) tls() *tls.Config {
	config := c.config.TLSConfig()
	config.GetCertificate = c.choose
	config.NextProtos = append([]string{"h2", "http/1.1"}, config.NextProtos...)
	return config
}

func (c *certificates) close(ctx context.Context) error {
	err := c.http.Shutdown(ctx)
	c.plain.Close()
	c.cache.Stop()
	return err
}

// reportCertificates writes the log that operators read: certmagic tries again by
// itself, for a month.
func reportCertificates(log *slog.Logger) func(context.Context, string, map[string]any) error {
	return func(ctx context.Context, event string, data map[string]any) error {
		switch event {
		case "cert_obtained":
			log.InfoContext(ctx, "got a certificate", "host", data["identifier"], "renewal", data["renewal"])
		case "cert_failed":
			log.ErrorContext(ctx, "got no certificate; does the name lead to this machine, on ports 80 and 443? It is tried again", "host", data["identifier"], "renewal", data["renewal"], "error", data["error"])
		}
		return nil
	}
}

// toHTTPS leads readers of plain http to the same at their own domain, and to the public
// URL whatever other host they named. What is posted in the clear is refused: it should
// not have been sent.
func toHTTPS(public address.Book, own func(host string) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "Use https.", http.StatusForbidden)
			return
		}
		name, status := "", http.StatusMovedPermanently
		if asked := host.Name(r); own(asked) {
			name, status = asked, http.StatusFound // a domain may be given up
		}
		to := url.URL{Scheme: "https", Host: strings.TrimPrefix(public.OriginOf(name), "https://"), Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
		w.Header().Set("Connection", "close")
		http.Redirect(w, r, to.String(), status)
	})
}

func portOf(l net.Listener) int {
	_, text, _ := net.SplitHostPort(l.Addr().String())
	port, _ := strconv.Atoi(text) // of a listener, so a number
	return port
}
