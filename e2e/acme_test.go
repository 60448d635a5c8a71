package e2e

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
	"github.com/miekg/dns"

	. "smartlinks/e2e/site"
)

// secureName is the host of an installation that speaks https.
const secureName = "pay.acme.example"

func TestACertificateIsGotAndRenewed(t *testing.T) {
	t.Parallel()
	s := newSecureSite(t, func(plain, _ string) *authority {
		return newAuthority(t, plain, somebodyElse(t, (*httptest.Server).StartTLS)) // by HTTP-01 alone
	})
	p := s.launch(t)
	first := s.certificate(t)
	p.Stop(t)
	if info, err := os.Stat(filepath.Join(s.folder, "certificates")); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("the folder of the certificate's key: %v, %v", info.Mode(), err)
	}
	s.age(t, first)
	p = s.launch(t)
	if got := s.certificate(t); got.SerialNumber.Cmp(first.SerialNumber) == 0 {
		t.Error("what is over was not renewed")
	}
	p.Stop(t)
}

// age puts in the place of the stored certificate one that was over yesterday, with the
// same name and key: no test waits for a certificate's end.
func (s *secureSite) age(t *testing.T, like *x509.Certificate) {
	t.Helper()
	kept, err := filepath.Glob(filepath.Join(s.folder, "certificates", "certificates", "*", secureName, secureName+".crt"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("the stored certificates are %q, %v", kept, err)
	}
	pair, err := tls.LoadX509KeyPair(kept[0], strings.TrimSuffix(kept[0], ".crt")+".key")
	if err != nil {
		t.Fatal(err)
	}
	over := &x509.Certificate{
		SerialNumber: like.SerialNumber, AuthorityKeyId: like.AuthorityKeyId, DNSNames: like.DNSNames, KeyUsage: like.KeyUsage, ExtKeyUsage: like.ExtKeyUsage,
		NotBefore: time.Now().Add(-90 * 24 * time.Hour), NotAfter: time.Now().Add(-24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, over, over, like.PublicKey, pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kept[0], pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestACertificateServesWhileItsAuthorityIsAway(t *testing.T) {
	t.Parallel()
	s := newSecureSite(t, func(_, secure string) *authority {
		return newAuthority(t, somebodyElse(t, (*httptest.Server).Start), secure) // by TLS-ALPN-01 alone
	})
	p := s.launch(t)
	first := s.certificate(t)
	p.Stop(t)
	s.authority.Close()
	p = s.launch(t)
	if got := s.certificate(t); got.SerialNumber.Cmp(first.SerialNumber) != 0 {
		t.Error("the stored certificate does not serve")
	}
	leadsToHTTPS(t, s.client(), s.plain)
	p.Stop(t)
}

// secureSite is an installation that gets its own certificate.
type secureSite struct {
	*authority
	folder, plain, secure string
}

// newSecureSite makes an installation whose authority may ask at its two addresses.
func newSecureSite(t *testing.T, authority func(plain, secure string) *authority) *secureSite {
	t.Helper()
	s := &secureSite{folder: t.TempDir(), plain: FreeAddress(t), secure: FreeAddress(t)}
	s.authority = authority(s.plain, s.secure)
	return s
}

func (s *secureSite) launch(t *testing.T, more ...string) *Process {
	t.Helper()
	c := exec.Command(Binary, append([]string{"serve", "--data", s.folder, "--acme", "--acme-directory", s.directory, "--acme-email", OwnerEmail,
		"--url", "https://" + secureName, "--addr", s.secure, "--http-addr", s.plain, "--log-level", "warn"}, more...)...)
	c.Env = append(os.Environ(), "SSL_CERT_FILE="+s.trusted)
	c.Stdout, c.Stderr = t.Output(), t.Output()
	return Begin(t, c, "")
}

// client reaches the installation by its name.
func (s *secureSite) client() *http.Client {
	return &http.Client{Transport: &http.Transport{
		ForceAttemptHTTP2: true,
		TLSClientConfig:   &tls.Config{RootCAs: s.roots},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, s.secure)
		},
	}}
}

// certificate waits until the installation shows one that is valid.
func (s *secureSite) certificate(t *testing.T) (got *x509.Certificate) {
	t.Helper()
	if !Eventually(30*time.Second, func() bool {
		conn, err := tls.Dial("tcp", s.secure, &tls.Config{RootCAs: s.roots, ServerName: secureName})
		if err != nil {
			return false
		}
		defer conn.Close()
		got = conn.ConnectionState().PeerCertificates[0]
		return true
	}) {
		t.Fatal("there is no certificate")
	}
	return got
}

// somebodyElse is a server that knows nothing of the question.
func somebodyElse(t *testing.T, start func(*httptest.Server)) string {
	t.Helper()
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = log.New(t.Output(), "somebody else ", 0)
	start(s)
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// leadsToHTTPS checks what is said in the clear and what by https.
func leadsToHTTPS(t *testing.T, client *http.Client, plain string) {
	t.Helper()
	still := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := http.NewRequest(http.MethodGet, "http://"+plain+"/acme/a%2Fb?x=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "evil.example"
	if res := fetch(t, still, r); res.StatusCode != http.StatusMovedPermanently || res.Header.Get("Location") != "https://"+secureName+"/acme/a%2Fb?x=1" {
		t.Errorf("in the clear: %d to %s", res.StatusCode, res.Header.Get("Location"))
	}
	if r, err = http.NewRequest(http.MethodPost, "http://"+plain+"/acme", strings.NewReader("card=1")); err != nil {
		t.Fatal(err)
	}
	if res := fetch(t, still, r); res.StatusCode != http.StatusForbidden {
		t.Errorf("posted in the clear: %d", res.StatusCode)
	}
	if r, err = http.NewRequest(http.MethodGet, "https://"+secureName+"/sign-in", nil); err != nil {
		t.Fatal(err)
	}
	res := fetch(t, client, r)
	if res.StatusCode != http.StatusOK || res.ProtoMajor != 2 || !strings.HasPrefix(res.Header.Get("Strict-Transport-Security"), "max-age=") {
		t.Errorf("by https: %d by %s, HSTS %q", res.StatusCode, res.Proto, res.Header.Get("Strict-Transport-Security"))
	}
}

func fetch(t *testing.T, client *http.Client, r *http.Request) *http.Response {
	t.Helper()
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res
}

// authority is a Pebble: an ACME server for tests, which asks as real ones do.
type authority struct {
	*httptest.Server
	directory string
	trusted   string // file of the certificate that it speaks https with
	roots     *x509.CertPool
}

// newAuthority asks for proof at the ports of two addresses. Its certificates last for a
// day.
func newAuthority(t *testing.T, plain, secure string) *authority {
	t.Helper()
	return newAuthorityAsking(t, plain, secure, nameServer(t))
}

// newAuthorityAsking is newAuthority with a DNS server of the test's.
func newAuthorityAsking(t *testing.T, plain, secure, dns string) *authority {
	t.Helper()
	l := log.New(t.Output(), "pebble ", 0)
	store := db.NewMemoryStore()
	profiles := map[string]ca.Profile{"default": {ValidityPeriod: 24 * 60 * 60}}
	issuer := ca.New(l, store, "", "ecdsa", 0, 1, profiles)
	asker := va.New(l, portOf(t, plain), portOf(t, secure), false, dns, store)
	front := wfe.New(l, store, asker, issuer, []string{"pebble.example"}, false, false, 1, 1)
	a := &authority{Server: httptest.NewTLSServer(front.Handler()), trusted: filepath.Join(t.TempDir(), "trusted.pem"), roots: x509.NewCertPool()}
	t.Cleanup(a.Close)
	a.directory = a.URL + wfe.DirectoryPath
	own := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw})
	if err := os.WriteFile(a.trusted, own, 0o600); err != nil {
		t.Fatal(err)
	}
	a.roots.AppendCertsFromPEM(issuer.GetRootCert(0).PEM())
	return a
}

// nameServer is a DNS server to which every name leads here.
func nameServer(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &dns.Server{Listener: l, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, question *dns.Msg) {
		answer := new(dns.Msg).SetReply(question)
		if q := question.Question[0]; q.Qtype == dns.TypeA {
			answer.Answer = append(answer.Answer, &dns.A{Hdr: dns.RR_Header{Name: q.Name, Rrtype: dns.TypeA, Class: dns.ClassINET}, A: net.IPv4(127, 0, 0, 1)})
		}
		_ = w.WriteMsg(answer)
	})}
	go func() { _ = server.ActivateAndServe() }()
	t.Cleanup(func() { _ = server.Shutdown() })
	return l.Addr().String()
}

func portOf(t *testing.T, address string) int {
	t.Helper()
	_, text, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return port
}
