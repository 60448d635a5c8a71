package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/caddyserver/certmagic"
	"github.com/mholt/acmez/v3"
	"go.uber.org/zap"

	"smartlinks/internal/certificate"
	"smartlinks/internal/domain"
	"smartlinks/internal/system"
)

// keptCertificates bounds those in memory, of some 10 KB each. Others are read again when
// they are asked for.
const keptCertificates = 2_000

// domainCertificates gets the certificates of own domains, at the first request for each
// or when the domain is proven. The table of domains alone says for which.
type domainCertificates struct {
	config  *certmagic.Config
	issuer  *certmagic.ACMEIssuer
	domains *domain.Domains
	storage *certificate.Storage
	log     *slog.Logger
}

// errNoDomain says that a connection asks for a name that is nobody's here.
var errNoDomain = errors.New("no certificate is to be had for this name")

// manageDomains begins to look after own domains, once the database is open.
func (c *certificates) manageDomains(s *system.System, log *slog.Logger) {
	d := &domainCertificates{domains: s.Domains, storage: certificate.New(s.DB, s.Sealer), log: log}
	d.config = certmagic.New(c.cache, certmagic.Config{
		Storage: d.storage, OnDemand: &certmagic.OnDemandConfig{DecisionFunc: d.decide}, OnEvent: d.onCertificate, Logger: zap.NewNop(),
	})
	d.issuer = certmagic.NewACMEIssuer(d.config, c.issuer)
	d.config.Issuers = []certmagic.Issuer{d.issuer}
	c.domains = d
}

// configOf is who looks after a certificate that is held in memory.
func (c *certificates) configOf(held certmagic.Certificate) (*certmagic.Config, error) {
	if c.domains != nil && !slices.Contains(held.Names, c.host) {
		return c.domains.config, nil
	}
	return c.config, nil
}

// choose finds the certificate for a connection: an own domain's for its name alone, and
// the installation's for whoever asks for that or for none.
func (c *certificates) choose(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	name := strings.ToLower(strings.TrimSuffix(hello.ServerName, "."))
	if name == "" || name == c.host || c.domains == nil {
		return c.config.GetCertificate(hello)
	}
	if _, own := c.domains.domains.Directory.Find(name); own || proves(hello) {
		return c.domains.config.GetCertificate(hello)
	}
	if !strings.Contains(name, ".") || strings.HasSuffix(name, ".localhost") {
		return c.config.GetCertificate(hello)
	}
	return nil, errNoDomain
}

// proves reports whether an authority asks by TLS-ALPN-01 (RFC 8737).
func proves(hello *tls.ClientHelloInfo) bool {
	return len(hello.SupportedProtos) == 1 && hello.SupportedProtos[0] == acmez.ACMETLS1Protocol
}

// certify gets the certificate of a proven domain, or renews it when it is time to.
func (c *certificates) certify(ctx context.Context, name string) error {
	if c.domains == nil {
		return errNoDomain
	}
	held, err := c.domains.config.GetCertificateWithContext(ctx, &tls.ClientHelloInfo{ServerName: name})
	if err != nil {
		return err
	}
	leaf, err := leafOf(held)
	if err != nil {
		return err
	}
	// What was stored before, or by another process, is news to the table too.
	return c.domains.domains.Certified(ctx, name, leaf.NotBefore, leaf.NotAfter)
}

func leafOf(c *tls.Certificate) (*x509.Certificate, error) {
	if c.Leaf != nil {
		return c.Leaf, nil
	}
	if len(c.Certificate) == 0 {
		return nil, errNoDomain
	}
	return x509.ParseCertificate(c.Certificate[0])
}

// decide refuses names that no business has proven. Most strangers' names are refused from
// memory.
func (d *domainCertificates) decide(ctx context.Context, name string) error {
	if _, own := d.domains.Directory.Find(name); !own {
		return domain.ErrNotOurs
	}
	return d.domains.Proven(ctx, name)
}

// onCertificate keeps the table up to date with what becomes of certificates, and has every try
// allowed by it: certmagic would try again sooner than an authority bears.
func (d *domainCertificates) onCertificate(ctx context.Context, event string, data map[string]any) error {
	name, _ := data["identifier"].(string)
	switch event {
	case "cert_obtaining":
		may, err := d.domains.BeginCertificate(ctx, name)
		if err == nil && !may {
			err = fmt.Errorf("%s has to wait before its authority is asked again", name)
		}
		if err != nil {
			return certmagic.ErrNoRetry{Err: err}
		}
	case "cert_obtained":
		d.log.InfoContext(ctx, "got a certificate", "host", name, "renewal", data["renewal"])
		path, _ := data["certificate_path"].(string)
		if err := d.obtained(ctx, name, path); err != nil {
			d.log.WarnContext(ctx, "a certificate was not noted; it is when it is used", "host", name, "error", err)
		}
	case "cert_failed":
		d.log.WarnContext(ctx, "got no certificate; it is tried again", "host", name, "renewal", data["renewal"], "error", data["error"])
		if err := d.domains.NotCertified(ctx, name, fmt.Sprint(data["error"])); err != nil {
			d.log.WarnContext(ctx, "that there is no certificate was not noted", "host", name, "error", err)
		}
	}
	return nil
}

func (d *domainCertificates) obtained(ctx context.Context, name, path string) error {
	chain, err := d.storage.Load(ctx, path)
	if err != nil {
		return err
	}
	block, _ := pem.Decode(chain)
	if block == nil {
		return errNoDomain
	}
	leaf, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return err
	}
	return d.domains.Certified(ctx, name, leaf.NotBefore, leaf.NotAfter)
}

// answerPlain answers plain http: an authority's question about a domain, and the way to
// https for everybody else.
func (c *certificates) answerPlain(w http.ResponseWriter, r *http.Request) {
	if c.domains != nil && c.domains.issuer.HandleHTTPChallenge(w, r) {
		return
	}
	toHTTPS(c.public, func(name string) bool {
		if c.domains == nil {
			return false
		}
		_, own := c.domains.domains.Directory.Find(name)
		return own
	}).ServeHTTP(w, r)
}
