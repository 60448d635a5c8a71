package alert_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/attempt"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
)

// service stands for whatever channels post to. It answers with status.
type service struct {
	URL    string
	mu     sync.Mutex
	status int
	heard  []heard
}

type heard struct {
	Path   string
	Header http.Header
	Body   []byte
}

func newService(t *testing.T) *service {
	s := &service{status: http.StatusOK}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<16))
		s.mu.Lock()
		defer s.mu.Unlock()
		s.heard = append(s.heard, heard{r.URL.Path, r.Header, body})
		w.WriteHeader(s.status)
	}))
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

func (s *service) answer(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = status
}

// take returns what came since it was asked last.
func (s *service) take() []heard {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.heard
	s.heard = nil
	return all
}

// world is an installation with one business, its owner, and a link of four places.
type world struct {
	*testing.T
	*system.System
	d     *db.DB
	acme  business.Business
	owner account.UserID
	link  link.Link
	*service
}

func mustWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{T: t, d: d, acme: businesstest.Make(t, d, "acme"), service: newService(t)}
	w.System = systemtest.New(t, d, func(o *system.Options) { o.PrivateWebhooks, o.TelegramAPI = true, w.URL })
	owner, err := w.Accounts.PrepareOwner(t.Context(), account.OwnerDraft{Name: "Marit", Email: "marit@noord.example", Password: "paint-the-north"})
	w.must(err)
	w.must(d.InTx(t.Context(), func(tx *db.Tx) error {
		u, err := w.Accounts.CreateOwnerTx(t.Context(), tx, w.acme.ID, owner)
		w.owner = u.ID
		return err
	}))
	w.link, err = w.Links.Create(t.Context(), w.acme, link.Fields{
		Name: "Workshop <b> & more", Active: true, Amount: &money.Amount{Minor: 8900, Currency: "EUR"}, Limit: link.Limit{Kind: link.Multiple, Max: 4},
	})
	w.must(err)
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// pay pays for the link, and sends whatever that causes.
func (w *world) pay(outcome sandbox.Outcome) {
	w.Helper()
	l, err := w.Links.Get(w.Context(), w.acme, w.link.ID)
	w.must(err)
	a, err := w.Payments.Start(w.Context(), payment.StartRequest{
		Business: w.acme, Source: attempt.SourceLink, Link: &l, Version: l.Version, Amount: *l.Amount, Title: l.Name, Payer: attempt.Payer{Name: "Sanne Visser", Email: "sanne@example.com"},
	})
	w.must(err)
	_, err = w.Sandbox.Decide(w.Context(), a.ProviderRef, outcome, "")
	w.must(err)
	_, err = w.Payments.Sync(w.Context(), w.acme.ID, a.ID, attempt.CauseMerchant)
	w.must(err)
	w.must(w.Due(w.Context()))
}

// mails is how many of a kind were written.
func (w *world) mails(kind message.Kind) (n int) {
	w.Helper()
	w.must(w.d.Get(w.Context(), &n, `SELECT COUNT(*) FROM mails WHERE business_id = $1 AND kind = $2`, w.acme.ID, kind))
	return n
}
