package email

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	netmail "net/mail"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// script says how a mail server misbehaves.
type script struct {
	hang     Step // never answers there
	refuse   Step // answers with the code there
	code     int
	cut      bool // hangs up after it has taken the letter, before it says so
	tls      bool // offers STARTTLS
	implicit bool // speaks TLS from the first byte
	auth     bool // wants amara / secret
}

// server is a real SMTP server on this machine.
type server struct {
	script
	url     string
	trust   *tls.Config
	release chan struct{}
	mu      sync.Mutex
	taken   []string // sources
	signed  atomic.Bool
}

func mustServer(t *testing.T, s script) *server {
	t.Helper()
	srv := &server{script: s, release: make(chan struct{})}
	backend := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		if err := srv.at(Greeting); err != nil { // the answer to EHLO
			return nil, err
		}
		return &session{srv, c}, nil
	}))
	backend.Domain = "mail.example"
	backend.AllowInsecureAuth = true
	backend.ErrorLog = log.New(io.Discard, "", 0)
	certificate, pool := mustCertificate(t)
	srv.trust = &tls.Config{RootCAs: pool}
	if s.tls || s.implicit {
		backend.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv.url = "smtp://" + listener.Addr().String()
	if s.implicit {
		srv.url = "smtps://" + listener.Addr().String()
		listener = tls.NewListener(listener, backend.TLSConfig)
	}
	if s.hang == Connecting {
		t.Cleanup(func() { listener.Close() }) // it never accepts, so nothing greets
	} else {
		go func() { _ = backend.Serve(listener) }()
		t.Cleanup(func() { backend.Close() })
	}
	t.Cleanup(func() { close(srv.release) })
	return srv
}

// at does what the script says of a step.
func (s *server) at(step Step) error {
	if s.hang == step {
		<-s.release
	}
	if s.refuse == step {
		return &smtp.SMTPError{Code: s.code, EnhancedCode: smtp.EnhancedCode{s.code / 100, 1, 1}, Message: "not now, says the script"}
	}
	return nil
}

// session is one conversation.
type session struct {
	*server
	conn *smtp.Conn
}

func (s *session) AuthMechanisms() []string {
	if !s.auth {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if err := s.at(SigningIn); err != nil {
			return err
		}
		if user != "amara" || password != "secret" {
			return errors.New("wrong password")
		}
		s.signed.Store(true)
		return nil
	}), nil
}

func (s *session) Mail(string, *smtp.MailOptions) error { return s.at(Sender) }
func (s *session) Rcpt(string, *smtp.RcptOptions) error { return s.at(Recipient) }
func (s *session) Reset()                               {}
func (s *session) Logout() error                        { return nil }

func (s *session) Data(r io.Reader) error {
	source, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.at(Content); err != nil {
		return err
	}
	s.mu.Lock()
	s.taken = append(s.taken, string(source))
	s.mu.Unlock()
	if s.cut {
		return s.conn.Conn().Close()
	}
	return nil
}

// letters are what the server took.
func (s *server) letters() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.taken)
}

// gateway is a client of the server with short waits.
func (s *server) gateway(t *testing.T, url string) *SMTP {
	t.Helper()
	at, err := ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	short := 300 * time.Millisecond
	return &SMTP{Server: at, Name: "pay.example", Trust: s.trust, Waits: Waits{Connect: time.Second, Answer: short, Accept: short, Whole: 5 * time.Second}}
}

// mustCertificate makes a certificate for 127.0.0.1 that signs itself.
func mustCertificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	description := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.example"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, description, description, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	read, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(read)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func letter() Letter {
	return Letter{
		ID: "mal_1", From: netmail.Address{Name: "Café Noord", Address: "no-reply@pay.example"}, ReplyTo: "hello@noord.example",
		To: netmail.Address{Name: "Amara Okafor", Address: "amara@example.com"}, Date: time.Date(2026, 2, 18, 9, 42, 0, 0, time.UTC),
		Subject: "Receipt 1 – €89.00", Text: "Thank you.\n.\nA line of one dot above.", HTML: "<p>Thank you, Zoë.</p>",
	}
}
