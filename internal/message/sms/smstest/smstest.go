// Package smstest stands in for Bird, MessageBird and Twilio: it speaks their APIs
// as documented, and refuses what they refuse, over a line that can be broken.
package smstest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"smartlinks/internal/payment/linetest"
	"smartlinks/internal/spectest"
)

// The secrets that the stand-in takes.
const (
	Key   = "live_key-1"
	SID   = "AC00000000000000000000000000000001"
	Token = "twilio-token-1"
)

// Taken is a message that the gateway has taken.
type Taken struct {
	ID, From, To, Text, ReportURL, Reference string
	Key                                      string          // Bird: the idempotency key
	Metadata                                 json.RawMessage // Bird: what its events give back
}

// Server is all gateways.
type Server struct {
	*httptest.Server
	linetest.Line
	mu     sync.Mutex
	taken  []Taken
	keys   map[string]string // Bird: idempotency keys, with the body that came with each
	refuse func(w http.ResponseWriter) bool
}

// New starts one, until the test ends.
func New(tb testing.TB) *Server {
	tb.Helper()
	s := &Server{keys: map[string]string{}}
	mux, twilio, all := http.NewServeMux(), http.NewServeMux(), http.NewServeMux()
	all.Handle("/2010-04-01/", spectest.Hold(tb, spectest.Twilio, &s.Line, twilio))
	all.Handle("/", s.Line.Through(mux))
	mux.HandleFunc("POST /v1/sms/messages", s.birdAllowed(s.birdSend))
	mux.HandleFunc("GET /v1/sms/messages", s.birdAllowed(s.birdList))
	mux.HandleFunc("GET /v1/sms/messages/{id}", s.birdAllowed(s.birdRead))
	mux.HandleFunc("POST /messages", s.messageBird)
	mux.HandleFunc("GET /messages", s.messageBirdList)
	twilio.HandleFunc("POST /2010-04-01/Accounts/"+SID+"/Messages.json", s.twilio)
	twilio.HandleFunc("GET /2010-04-01/Accounts/"+SID+"/Messages.json", s.twilioList)
	mux.HandleFunc("GET /balance", func(w http.ResponseWriter, r *http.Request) {
		if s.allowed(w, r) {
			answer(w, http.StatusOK, json.RawMessage(`{"payment":"prepaid","type":"credits","amount":9.2}`))
		}
	})
	twilio.HandleFunc("GET /2010-04-01/Accounts/"+SID+".json", func(w http.ResponseWriter, r *http.Request) {
		if s.twilioAllowed(w, r) {
			answer(w, http.StatusOK, twilioAccount())
		}
	})
	s.Server = httptest.NewServer(all)
	tb.Cleanup(func() {
		s.Server.CloseClientConnections()
		s.Server.Close()
	})
	return s
}

// Taken are the messages that were taken, in their order.
func (s *Server) Taken() []Taken {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Taken(nil), s.taken...)
}

// Refuse makes the gateways answer so until it is nil again.
func (s *Server) Refuse(status int, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = nil
	if status != 0 {
		s.refuse = func(w http.ResponseWriter) bool { answer(w, status, json.RawMessage(body)); return true }
	}
}

func (s *Server) refused(w http.ResponseWriter) bool {
	s.mu.Lock()
	do := s.refuse
	s.mu.Unlock()
	return do != nil && do(w)
}

func (s *Server) keep(t Taken) Taken {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.ID = fmt.Sprintf("SM%032d", len(s.taken)+1)
	s.taken = append(s.taken, t)
	return t
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func (s *Server) allowed(w http.ResponseWriter, r *http.Request) bool {
	if s.refused(w) {
		return false
	}
	if r.Header.Get("Authorization") != "AccessKey "+Key {
		answer(w, http.StatusUnauthorized, json.RawMessage(`{"errors":[{"code":2,"description":"Request not allowed (incorrect access_key)","parameter":"access_key"}]}`))
		return false
	}
	return true
}

func (s *Server) messageBird(w http.ResponseWriter, r *http.Request) {
	if !s.allowed(w, r) {
		return
	}
	var in struct {
		Originator, Body, Reference, ReportURL, DataCoding string
		Recipients                                         []string
	}
	body, _ := io.ReadAll(r.Body)
	if json.Unmarshal(body, &in) != nil || len(in.Recipients) != 1 || strings.HasPrefix(in.Recipients[0], "+") || in.Originator == "" {
		answer(w, http.StatusUnprocessableEntity, json.RawMessage(`{"errors":[{"code":9,"description":"no (correct) recipients found","parameter":"recipients"}]}`))
		return
	}
	t := s.keep(Taken{From: in.Originator, To: "+" + in.Recipients[0], Text: in.Body, ReportURL: in.ReportURL, Reference: in.Reference})
	answer(w, http.StatusCreated, map[string]any{"id": t.ID, "reference": t.Reference, "direction": "mt", "type": "sms", "datacoding": in.DataCoding})
}

func (s *Server) messageBirdList(w http.ResponseWriter, r *http.Request) {
	if !s.allowed(w, r) {
		return
	}
	items := []map[string]any{}
	for _, t := range s.Taken() {
		if t.To == "+"+r.URL.Query().Get("recipient") {
			items = append(items, map[string]any{"id": t.ID, "reference": t.Reference})
		}
	}
	answer(w, http.StatusOK, map[string]any{"offset": 0, "limit": 50, "count": len(items), "totalCount": len(items), "items": items})
}
