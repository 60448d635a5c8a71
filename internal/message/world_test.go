package message_test

import (
	"context"
	"sync"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/money"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
)

// world is an installation with one business and a mail server that does what
// it is told.
type world struct {
	t        testing.TB
	d        *db.DB
	business business.Business
	messages *message.Messages
	server   *server
	gateway  message.Gateway // the server, or a real one
	from     string
}

// server takes letters, unless fails says otherwise.
type server struct {
	mu      sync.Mutex
	letters []email.Mail
	tries   int
	fails   func(l email.Mail) error
}

func (s *server) Send(_ context.Context, l email.Mail) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries++
	if s.fails != nil {
		if err := s.fails(l); err != nil {
			return err
		}
	}
	s.letters = append(s.letters, l)
	return nil
}

func mustWorld(tb testing.TB, d *db.DB) *world {
	tb.Helper()
	w := &world{t: tb, d: d, server: &server{}, business: businesstest.Make(tb, d, "acme"), from: "no-reply@pay.example"}
	w.gateway = w.server
	w.messages = w.another()
	return w
}

// another is a second process over the same database.
func (w *world) another() *message.Messages {
	w.t.Helper()
	return systemtest.New(w.t, w.d, func(o *system.Options) { o.MailGateway, o.MailFrom.Address = w.gateway, w.from }).Messages
}

func (w *world) queue(m message.Mail) {
	w.t.Helper()
	if err := w.d.InTx(w.t.Context(), func(tx *db.Tx) error { return w.messages.Queue(w.t.Context(), tx, m) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) sendDue() {
	w.t.Helper()
	if err := w.messages.SendDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// standing is how a mail stands in the database.
type standing struct {
	State, Reason, Facts string
	Tries                int64
	DueAt                db.Time
}

func (w *world) standing(key string) (s standing) {
	w.t.Helper()
	if err := w.d.Get(w.t.Context(), &s, `SELECT state, reason, facts, tries, due_at FROM mails WHERE key = $1`, key); err != nil {
		w.t.Fatal(err)
	}
	return s
}

// makeDue lets the time until the next try pass.
func (w *world) makeDue() {
	w.t.Helper()
	if err := w.d.InTx(w.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(w.t.Context(), `UPDATE mails SET due_at = $1 WHERE due_at IS NOT NULL`, db.At(w.d.Clock().Wall()))
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
}

// receipt is a receipt for Amara.
func (w *world) receipt(key string) message.Mail {
	return message.Mail{
		BusinessID: w.business.ID, To: "amara@example.com", ToName: "Amara Okafor", Key: key,
		Data: message.Receipt{
			Number: "2026-00001", CustomerName: "Amara Okafor", Title: "Photography Workshop March", Amount: money.Amount{Minor: 8900, Currency: "EUR"},
			PaidAt: w.d.Clock().Now(), URL: "https://pay.example/pay/pay_1/receipt",
		},
	}
}
