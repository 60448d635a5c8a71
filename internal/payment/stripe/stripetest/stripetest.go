// Package stripetest is a stand-in for Stripe: it speaks the part of Stripe's
// HTTP API that we use, as documented, keeps state, has a hosted checkout page of
// its own, and reports by signed webhooks. Stripe's own stripe-mock checks shapes
// and forgets everything; this one remembers.
package stripetest

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"

	"smartlinks/internal/payment/linetest"
)

// Server is the stand-in. It is safe for concurrent use.
type Server struct {
	*httptest.Server
	// Line is between callers and the API; the checkout page is not behind it.
	Line linetest.Line
	// Now is Stripe's clock.
	Now func() time.Time

	mu        sync.Mutex
	last      int
	keys      map[string]*account
	lacks     []string // ways to pay that no account has
	sessions  []*session
	refunds   []*refund
	endpoints []*endpoint
	replies   map[string]reply // by key and idempotency key
}

// account is a merchant's, in one mode.
type account struct {
	ID, Name string
	Live     bool
	revoked  bool
}

// session is a Checkout Session with the payment that it leads to.
type session struct {
	account                              *account
	ID, Intent, Charge                   string
	Reference, Title, Currency           string
	SuccessURL, CancelURL, Email, Locale string
	Amount, Refunded                     int64
	Status, IntentStatus                 string // of the session, of the payment
	Metadata                             map[string]string
	Created, Expires, PaidAt             time.Time
	disputes                             []dispute
	RefundsPend                          bool
	excluded                             []string // ways to pay that are not offered
	named                                []string // the only ones that are; all when empty
}

type refund struct {
	ID, Intent, Currency string
	Status, Failure      string
	Amount               int64
	Metadata             map[string]string
}

type dispute struct {
	ID, Status string
	Amount     int64
	Created    time.Time
}

type endpoint struct {
	account         *account
	ID, URL, Secret string
	Events          []string
}

// reply is what an idempotency key is answered again.
type reply struct {
	request string
	status  int
	body    []byte
}

// New starts a stand-in that lives by the clock. Close it.
func New(now func() time.Time) *Server {
	s := &Server{Now: now, keys: map[string]*account{}, replies: map[string]reply{}}
	mux := http.NewServeMux()
	mux.Handle("/v1/", s.Line.Through(http.HandlerFunc(s.api)))
	mux.HandleFunc("GET /c/pay/{id}", s.showCheckout)
	mux.HandleFunc("POST /c/pay/{id}", s.payCheckout)
	s.Server = httptest.NewServer(mux)
	return s
}

// Account makes an account that the secret key opens. sk_live_ and rk_live_ keys
// are live.
func (s *Server) Account(key, id, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[key] = &account{ID: id, Name: name, Live: strings.Contains(key, "_live_")}
}

// Revoke makes a key worthless.
func (s *Server) Revoke(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[key].revoked = true
}

// Sessions counts those made.
func (s *Server) Sessions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sessions)
}

// Endpoints are the URLs that are reported to.
func (s *Server) Endpoints() (urls []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.endpoints {
		urls = append(urls, e.URL)
	}
	return urls
}

// Refunded is how much of a session's payment was given back, in its units.
func (s *Server) Refunded(id string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.session(id); found != nil {
		return found.Refunded
	}
	return 0
}

// id makes an id of a kind; the caller holds the lock.
func (s *Server) id(prefix string) string {
	s.last++
	return prefix + strconv.FormatInt(int64(s.last)+1e12, 36)
}

// session finds one, as it stands now; the caller holds the lock.
func (s *Server) session(id string) *session {
	for _, found := range s.sessions {
		if found.ID == id {
			if found.Status == "open" && !s.Now().Before(found.Expires) {
				found.Status = "expired"
			}
			return found
		}
	}
	return nil
}
