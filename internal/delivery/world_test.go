package delivery_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/money"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
)

// world is an installation with one business that sends by a real mail server.
type world struct {
	t          testing.TB
	d          *db.DB
	business   business.Business
	links      *link.Links
	customers  *customer.Customers
	messages   *message.Messages
	deliveries *delivery.Deliveries
	server     *server
}

func mustWorld(t testing.TB, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, d: d, business: businesstest.Make(t, d, "acme"), server: mustServer(t)}
	address, err := email.ParseURL(w.server.url)
	if err != nil {
		t.Fatal(err)
	}
	all := systemtest.New(t, d, func(o *system.Options) { o.Mail = &address })
	w.links, w.customers, w.messages, w.deliveries = all.Links, all.Customers, all.Messages, all.Deliveries
	return w
}

func (w *world) link(name string) link.Link {
	w.t.Helper()
	price := money.Amount{Minor: 8900, Currency: "EUR"}
	l, err := w.links.Create(w.t.Context(), w.business, link.Draft{Name: name, Type: link.Amount, Amount: &price})
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

func (w *world) customer(name, address string, tags ...string) customer.Customer {
	w.t.Helper()
	c, err := w.customers.Create(w.t.Context(), w.business, customer.Draft{Name: name, Email: address, Tags: tags})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// send sends by e-mail, and lets it happen.
func (w *world) send(l link.Link, words string, to ...customer.ID) []delivery.Send {
	w.t.Helper()
	started, err := w.deliveries.Start(w.t.Context(), w.business, l.ID, delivery.Request{Customers: to, Channels: []message.Channel{message.ByEmail}, Message: words})
	if err != nil {
		w.t.Fatal(err)
	}
	w.sendDue()
	return started.Sends
}

func (w *world) sendDue() {
	w.t.Helper()
	if err := w.messages.SendDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// sends are all sends of a link, newest first.
func (w *world) sends(l link.Link) []delivery.Send {
	w.t.Helper()
	sends, _, err := w.deliveries.Sends(w.t.Context(), w.d, w.business.ID, w.business.Mode, delivery.Query{Link: l.ID})
	if err != nil {
		w.t.Fatal(err)
	}
	return sends
}

// only is the one delivery that there is.
func (w *world) only(l link.Link) delivery.Delivery {
	w.t.Helper()
	sends := w.sends(l)
	if len(sends) != 1 || len(sends[0].Deliveries) != 1 {
		w.t.Fatalf("there are %+v", sends)
	}
	return sends[0].Deliveries[0]
}

// server is a real SMTP server on this machine. It refuses the recipients that
// it is told to, with the answer given.
type server struct {
	url     string
	mu      sync.Mutex
	refuses map[string]*smtp.SMTPError
	letters []*mail.Message
	to      []string
}

func mustServer(t testing.TB) *server {
	t.Helper()
	s := &server{refuses: map[string]*smtp.SMTPError{}}
	backend := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }))
	backend.Domain, backend.ErrorLog = "mail.example", log.New(io.Discard, "", 0)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.url = "smtp://" + listener.Addr().String()
	go func() { _ = backend.Serve(listener) }()
	t.Cleanup(func() { backend.Close() })
	return s
}

func (s *server) refuse(address string, code int, class smtp.EnhancedCode, words string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuses[address] = &smtp.SMTPError{Code: code, EnhancedCode: class, Message: words}
}

// received is how many letters came, and to whom.
func (s *server) received() (int, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.letters), strings.Join(s.to, " ")
}

type session struct {
	*server
	recipient string
}

func (s *session) Reset()                               {}
func (s *session) Logout() error                        { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recipient = to
	if refused := s.refuses[to]; refused != nil {
		return refused
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	letter, err := mail.ReadMessage(r)
	if err != nil {
		return errors.New("this is no letter")
	}
	body, err := io.ReadAll(letter.Body)
	if err != nil {
		return fmt.Errorf("read the letter: %w", err)
	}
	letter.Body = strings.NewReader(string(body))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.letters, s.to = append(s.letters, letter), append(s.to, s.recipient)
	return nil
}
