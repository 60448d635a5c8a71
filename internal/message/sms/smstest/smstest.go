// Package smstest stands in for MessageBird and Twilio: it speaks their APIs as
// documented, over a line that can be broken.
package smstest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
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
type Taken struct{ ID, From, To, Text, ReportURL, Reference string }

// Server is both gateways.
type Server struct {
	*httptest.Server
	linetest.Line
	mu     sync.Mutex
	taken  []Taken
	refuse func(w http.ResponseWriter) bool
}

// New starts one, until the test ends.
func New(tb testing.TB) *Server {
	tb.Helper()
	s := &Server{}
	mux, twilio, all := http.NewServeMux(), http.NewServeMux(), http.NewServeMux()
	all.Handle("/2010-04-01/", spectest.Hold(tb, spectest.Twilio, &s.Line, twilio))
	all.Handle("/", s.Line.Through(mux))
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
			answer(w, http.StatusOK, json.RawMessage(`{"sid":"`+SID+`","status":"active","type":"Full"}`))
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

func (s *Server) twilioAllowed(w http.ResponseWriter, r *http.Request) bool {
	if s.refused(w) {
		return false
	}
	user, token, _ := r.BasicAuth()
	if user != SID || token != Token {
		answer(w, http.StatusUnauthorized, json.RawMessage(`{"code":20003,"message":"Authenticate","more_info":"https://www.twilio.com/docs/errors/20003","status":401}`))
		return false
	}
	return true
}

func (s *Server) twilio(w http.ResponseWriter, r *http.Request) {
	if !s.twilioAllowed(w, r) {
		return
	}
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	t := s.keep(Taken{From: form.Get("From") + form.Get("MessagingServiceSid"), To: form.Get("To"), Text: form.Get("Body"), ReportURL: form.Get("StatusCallback")})
	answer(w, http.StatusCreated, t.twilio())
}

func (s *Server) twilioList(w http.ResponseWriter, r *http.Request) {
	if !s.twilioAllowed(w, r) {
		return
	}
	list := []map[string]any{}
	for _, t := range s.Taken() {
		if t.To == r.URL.Query().Get("To") {
			list = append(list, t.twilio())
		}
	}
	answer(w, http.StatusOK, map[string]any{
		"messages": list, "page": 0, "page_size": 50, "start": 0, "end": len(list), "uri": r.URL.RequestURI(), "first_page_uri": r.URL.RequestURI(),
		"next_page_uri": nil, "previous_page_uri": nil,
	})
}

// twilio is the message as Twilio tells it ("Message resource").
func (t Taken) twilio() map[string]any {
	told := map[string]any{
		"sid": t.ID, "account_sid": SID, "status": "queued", "body": t.Text, "to": t.To, "from": nil, "messaging_service_sid": nil, "direction": "outbound-api",
		"num_segments": "1", "num_media": "0", "price": nil, "price_unit": nil, "error_code": nil, "error_message": nil, "api_version": "2010-04-01",
		"uri": "/2010-04-01/Accounts/" + SID + "/Messages/" + t.ID + ".json",
	}
	if strings.HasPrefix(t.From, "MG") {
		told["messaging_service_sid"] = t.From
	} else {
		told["from"] = t.From
	}
	return told
}
