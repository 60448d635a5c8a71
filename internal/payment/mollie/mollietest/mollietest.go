// Package mollietest is a stand-in for Mollie: it speaks the part of Mollie's
// HTTP API that we use, as documented, keeps state, has a hosted checkout page of
// its own, and reports by webhooks that carry an id alone.
package mollietest

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"smartlinks/internal/payment/linetest"
	"smartlinks/internal/spectest"
)

// Server is the stand-in. It is safe for concurrent use.
type Server struct {
	*httptest.Server
	// Line is between callers and the API; the checkout page is not behind it.
	Line linetest.Line
	// Now is Mollie's clock.
	Now func() time.Time

	mu       sync.Mutex
	last     int
	keys     map[string]*profile
	payments []*paid
	replies  map[string]reply // by key and idempotency key
}

// profile is a merchant's, in one mode.
type profile struct {
	ID, Name, Mode string
	revoked        bool
}

// paid is a payment.
type paid struct {
	profile                         *profile
	ID, Description, Status, Method string
	Amount                          amount
	RedirectURL, WebhookURL, Locale string
	Metadata                        any
	Created, Paid                   time.Time
	refunds                         []refund
	chargebacks                     []chargeback
	methods                         []string // those that are offered; all when empty
}

type chargeback struct {
	ID                string
	Amount            amount
	Created, Reversed time.Time // zero when it was not reversed
}

type amount struct {
	Currency string `json:"currency"`
	Value    string `json:"value"`
}

type refund struct {
	ID, Status, Description string
	Amount                  amount
	Metadata                any
	Created                 time.Time
}

// reply is what an idempotency key is answered again, for an hour.
type reply struct {
	status int
	header http.Header
	body   []byte
	at     time.Time
}

// New starts a stand-in that lives by the clock, until the test ends. It is held to
// Mollie's document where that is there.
func New(tb testing.TB, now func() time.Time) *Server {
	tb.Helper()
	s := &Server{Now: now, keys: map[string]*profile{}, replies: map[string]reply{}}
	mux := http.NewServeMux()
	mux.Handle("/v2/", spectest.Hold(tb, spectest.Mollie, &s.Line, http.HandlerFunc(s.api)))
	mux.HandleFunc("GET /checkout/{id}", s.showCheckout)
	mux.HandleFunc("POST /checkout/{id}", s.payCheckout)
	s.Server = httptest.NewServer(mux)
	tb.Cleanup(s.Close)
	return s
}

// Account makes a profile that the key opens: test_ keys are for test payments,
// live_ ones for real ones.
func (s *Server) Account(key, id, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	mode, _, _ := strings.Cut(key, "_")
	s.keys[key] = &profile{ID: id, Name: name, Mode: mode}
}

// Revoke makes a key worthless.
func (s *Server) Revoke(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[key].revoked = true
}

// Payments counts those made.
func (s *Server) Payments() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.payments)
}

// Refunds are the values that were given back of a payment, one each.
func (s *Server) Refunds(id string) (values []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.payment(id); found != nil {
		for _, r := range found.refunds {
			values = append(values, r.Amount.Value)
		}
	}
	return values
}

// id makes an id of a kind; the caller holds the lock.
func (s *Server) id(prefix string) string {
	s.last++
	return prefix + strconv.FormatInt(int64(s.last)+1e12, 36)
}

// payment finds one; the caller holds the lock.
func (s *Server) payment(id string) *paid {
	for _, found := range s.payments {
		if found.ID == id {
			return found
		}
	}
	return nil
}

// DecideRefunds ends the refunds of a payment that wait: refunded or failed.
func (s *Server) DecideRefunds(id, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.payment(id)
	for i := range found.refunds {
		if found.refunds[i].Status == "pending" {
			found.refunds[i].Status = status
		}
	}
}

// GiveBack is a refund that the merchant makes in Mollie's dashboard.
func (s *Server) GiveBack(id, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.payment(id)
	found.refunds = append(found.refunds, refund{ID: s.id("re_"), Status: "refunded", Amount: amount{found.Amount.Currency, value}, Created: s.Now()})
}

// TakeBack is a chargeback by the payer's bank.
func (s *Server) TakeBack(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.payment(id)
	found.chargebacks = append(found.chargebacks, chargeback{ID: s.id("chb_"), Amount: found.Amount, Created: s.Now()})
}

// Reverse gives the money of a payment's chargebacks to the merchant again.
func (s *Server) Reverse(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.payment(id)
	for i := range found.chargebacks {
		found.chargebacks[i].Reversed = s.Now()
	}
}

// Methods are the ways to pay that a payment offers, none for all.
func (s *Server) Methods(id string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.payment(id).methods
}
