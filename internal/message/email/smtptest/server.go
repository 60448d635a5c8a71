// Package smtptest is a mail server for tests, as strict as RFC 5321 and RFC 5322
// allow: whatever a server somewhere may refuse for its form, it refuses. It can be
// told to misbehave as servers do.
package smtptest

import (
	"crypto/tls"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Stage is a part of the conversation.
type Stage string

// The stages, at which a server can be silent or refuse.
const (
	Connecting Stage = "connecting" // before the greeting
	Hello      Stage = "EHLO"
	SigningIn  Stage = "AUTH"
	Sender     Stage = "MAIL"
	Recipient  Stage = "RCPT"
	Content    Stage = "content" // once it has the whole letter
)

// Script says what a server offers, and how it misbehaves.
type Script struct {
	Hang     Stage // never answers there
	Refuse   Stage // answers with Code and Says there
	Code     int
	Says     string // "" for an enhanced code of its own and a sentence
	Cut      bool   // hangs up after it has taken the letter, before it says so
	Silent   bool   // answers no EHLO before Speak
	TLS      bool   // offers STARTTLS
	Implicit bool   // speaks TLS from the first byte
	Auth     bool   // wants User and Password, and offers PLAIN
}

// Whom servers with Auth let in.
const (
	User     = "amara"
	Password = "secret"
)

// Mail is what the server took.
type Mail struct {
	From, To   string   // of the envelope, without the brackets
	Parameters []string // of MAIL, such as BODY=8BITMIME
	Source     string   // with CRLF line ends
}

// Server is a mail server on a port of its own.
type Server struct {
	Script
	URL   string      // smtp://127.0.0.1:…, without a user
	Trust *tls.Config // knows its certificate

	certificate tls.Certificate
	listener    net.Listener
	ended       chan struct{}
	spoken      chan struct{}
	speak       sync.Once

	mu     sync.Mutex
	barred map[string]string // answers to RCPT, by address
	taken  []Mail
	conns  []net.Conn
	signed bool
	said   []string
}

// New starts a server that ends with the test.
func New(tb testing.TB, s Script) *Server {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	srv := &Server{Script: s, listener: listener, ended: make(chan struct{}), spoken: make(chan struct{}), barred: map[string]string{}}
	srv.certificate, srv.Trust = Certificate(tb)
	srv.URL = "smtp://" + listener.Addr().String()
	if s.Implicit {
		srv.URL = "smtps://" + listener.Addr().String()
	}
	if !s.Silent {
		srv.Speak()
	}
	tb.Cleanup(srv.end)
	go srv.accept()
	return srv
}

// Speak lets a Silent server answer.
func (s *Server) Speak() { s.speak.Do(func() { close(s.spoken) }) }

// Bar lets the server refuse a recipient; code 0 takes that back.
func (s *Server) Bar(address string, code int, says string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.barred, address)
	if code != 0 {
		s.barred[address] = refusalOf(code, says)
	}
}

// barredWith is the answer to a recipient, "" for one who is taken.
func (s *Server) barredWith(address string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.barred[address]
}

// Mails are those that the server took, in that order.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.taken)
}

// Commands are the commands that clients gave, without their passwords.
func (s *Server) Commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.said)
}

// SignedIn reports whether somebody signed in.
func (s *Server) SignedIn() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.signed
}

func (s *Server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns = append(s.conns, conn)
		s.mu.Unlock()
		go func() {
			defer conn.Close()
			over := conn
			if s.Implicit {
				over = tls.Server(conn, s.tls())
			}
			(&session{server: s, conn: over, encrypted: s.Implicit}).run()
		}()
	}
}

func (s *Server) end() {
	close(s.ended)
	s.Speak()
	s.listener.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range s.conns {
		conn.Close()
	}
}

func (s *Server) tls() *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{s.certificate}, MinVersion: tls.VersionTLS12}
}

// heard keeps what a client said.
func (s *Server) heard(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.HasPrefix(line, "AUTH ") {
		line, _, _ = strings.Cut(line, " ")
	}
	s.said = append(s.said, line)
}

// took keeps a letter.
func (s *Server) took(l Mail) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = append(s.taken, l)
}

// at does what the script says of a stage: "" to go on, else the answer.
func (s *Server) at(stage Stage) (answer string, err error) {
	if stage == Hello {
		<-s.spoken
	}
	if s.Hang == stage {
		<-s.ended
		return "", io.EOF
	}
	if s.Refuse == stage {
		return refusalOf(s.Code, s.Says), nil
	}
	return "", nil
}
