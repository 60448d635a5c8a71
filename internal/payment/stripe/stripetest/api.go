package stripetest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
)

// problem is an error as Stripe tells it.
type problem struct {
	status              int
	Type, Code, Message string
}

func invalid(message string) *problem {
	return &problem{http.StatusBadRequest, "invalid_request_error", "", message}
}

func missing(what string) *problem {
	return &problem{http.StatusNotFound, "invalid_request_error", "resource_missing", "No such " + what}
}

// api authenticates, repeats what an idempotency key was answered, and answers.
func (s *Server) api(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	a := s.keys[key]
	if a == nil || a.revoked {
		answer(w, nil, &problem{http.StatusUnauthorized, "invalid_request_error", "api_key_invalid", "Invalid API Key provided"})
		return
	}
	if err := r.ParseForm(); err != nil {
		answer(w, nil, invalid(err.Error()))
		return
	}
	idempotency, request := r.Header.Get("Idempotency-Key"), r.URL.Path+"?"+r.PostForm.Encode()
	if idempotency == "" || r.Method != http.MethodPost {
		s.route(w, r, a)
		return
	}
	before, repeated := s.replies[key+" "+idempotency]
	switch {
	case repeated && before.request != request:
		answer(w, nil, &problem{http.StatusBadRequest, "idempotency_error", "", "Keys for idempotent requests can only be used with the same parameters they were first used with."})
		return
	case !repeated:
		done := httptest.NewRecorder()
		s.route(done, r, a)
		before = reply{request, done.Code, done.Body.Bytes()}
		if done.Code < 400 || done.Code >= 500 { // what was not begun is not kept
			s.replies[key+" "+idempotency] = before
		}
	}
	w.WriteHeader(before.status)
	_, _ = w.Write(before.body)
}

func (s *Server) route(w http.ResponseWriter, r *http.Request, a *account) {
	made, wrong := s.do(r, a)
	answer(w, made, wrong)
}

func (s *Server) do(r *http.Request, a *account) (map[string]any, *problem) {
	path := strings.TrimPrefix(r.URL.Path, "/v1/")
	session, ofSession := strings.CutPrefix(path, "checkout/sessions/")
	ended, expire := strings.CutSuffix(session, "/expire")
	endpoint, ofEndpoint := strings.CutPrefix(path, "webhook_endpoints/")
	switch asked := r.Method + " " + path; {
	case asked == "GET account":
		return map[string]any{"id": a.ID, "object": "account", "business_profile": map[string]any{"name": a.Name}}, nil
	case asked == "POST checkout/sessions":
		return s.makeSession(a, r.PostForm)
	case asked == "GET checkout/sessions":
		return s.listSessions(a, r.Form), nil
	case r.Method == http.MethodGet && ofSession:
		found, wrong := s.ofAccount(a, session)
		return s.object(found), wrong
	case r.Method == http.MethodPost && ofSession && expire:
		return s.expire(a, ended)
	case asked == "POST refunds":
		return s.makeRefund(a, r.PostForm)
	case asked == "GET refunds":
		return s.listRefunds(r.Form), nil
	case asked == "GET disputes":
		return s.listDisputes(a, r.Form), nil
	case asked == "POST webhook_endpoints":
		return s.makeEndpoint(a, r.PostForm)
	case r.Method == http.MethodDelete && ofEndpoint:
		return s.removeEndpoint(endpoint), nil
	}
	return nil, &problem{http.StatusNotFound, "invalid_request_error", "", "Unrecognized request URL"}
}

// answer writes what was asked for, or what is wrong.
func answer(w http.ResponseWriter, made map[string]any, wrong *problem) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Request-Id", "req_standin")
	status, body := http.StatusOK, made
	if wrong != nil {
		status = wrong.status
		body = map[string]any{"error": map[string]any{"type": wrong.Type, "code": wrong.Code, "message": wrong.Message}}
	}
	var text bytes.Buffer
	if err := json.NewEncoder(&text).Encode(body); err != nil {
		status = http.StatusInternalServerError
	}
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes())
}

// metadata reads metadata[key]=value.
func metadata(form url.Values, prefix string) map[string]string {
	found := map[string]string{}
	for name, values := range form {
		if key, is := strings.CutPrefix(name, prefix+"["); is {
			found[strings.TrimSuffix(key, "]")] = values[0]
		}
	}
	return found
}
