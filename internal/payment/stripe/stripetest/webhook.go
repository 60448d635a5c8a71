package stripetest

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/stripe/stripe-go/v84/webhook"
)

// makeEndpoint follows "Create a webhook endpoint".
func (s *Server) makeEndpoint(a *account, form url.Values) (map[string]any, *problem) {
	u, err := url.Parse(form.Get("url"))
	if err != nil || u.Host == "" || a.Live && u.Scheme != "https" {
		return nil, invalid("Invalid URL: must be publicly reachable, and https in live mode.")
	}
	made := &endpoint{account: a, ID: s.id("we_"), URL: u.String(), Secret: s.id("whsec_")}
	for name, values := range form {
		if strings.HasPrefix(name, "enabled_events") {
			made.Events = append(made.Events, values...)
		}
	}
	s.endpoints = append(s.endpoints, made)
	return map[string]any{"id": made.ID, "object": "webhook_endpoint", "url": made.URL, "secret": made.Secret, "livemode": a.Live}, nil
}

func (s *Server) removeEndpoint(id string) map[string]any {
	kept := s.endpoints[:0]
	for _, e := range s.endpoints {
		if e.ID != id {
			kept = append(kept, e)
		}
	}
	s.endpoints = kept
	return map[string]any{"id": id, "object": "webhook_endpoint", "deleted": true}
}

// Report sends an event about a session's object to all endpoints of its
// account, and returns their statuses. kind is one of "Types of events".
func (s *Server) Report(kind, id string) ([]int, error) {
	s.mu.Lock()
	found := s.session(id)
	if found == nil {
		s.mu.Unlock()
		return nil, fmt.Errorf("stripetest: no session %s", id)
	}
	object := s.object(found)
	if object["payment_intent"] != nil {
		object["payment_intent"] = found.Intent // events expand nothing
	}
	if strings.HasPrefix(kind, "charge.") {
		object = map[string]any{"id": found.Charge, "object": "charge", "payment_intent": found.Intent}
	}
	event, err := json.Marshal(map[string]any{
		"id": s.id("evt_"), "object": "event", "type": kind, "livemode": found.account.Live, "created": s.Now().Unix(),
		"api_version": "2026-02-25.clover", "data": map[string]any{"object": object},
	})
	var to []endpoint
	for _, e := range s.endpoints {
		if e.account == found.account {
			to = append(to, *e)
		}
	}
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	var statuses []int
	for _, e := range to {
		status, err := s.send(e.URL, e.Secret, event)
		if err != nil {
			return statuses, err
		}
		statuses = append(statuses, status)
	}
	return statuses, nil
}

// Sign is the signature header of an event now.
func (s *Server) Sign(event []byte, secret string) string {
	at := s.Now()
	return fmt.Sprintf("t=%d,v1=%s", at.Unix(), hex.EncodeToString(webhook.ComputeSignature(at, event, secret)))
}

func (s *Server) send(to, secret string, event []byte) (int, error) {
	request, err := http.NewRequest(http.MethodPost, to, bytes.NewReader(event))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Stripe-Signature", s.Sign(event, secret))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}
