package mollietest

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/spectest"
)

// keysLast is how long Mollie keeps idempotency keys.
const keysLast = time.Hour

// problem is an error as Mollie tells it.
type problem struct {
	Status               int
	Title, Detail, Field string
}

func unprocessable(field, detail string) *problem {
	return &problem{http.StatusUnprocessableEntity, "Unprocessable Entity", detail, field}
}

// api authenticates, repeats what an idempotency key was answered, and answers.
func (s *Server) api(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	p := s.keys[key]
	if p == nil || p.revoked {
		answer(w, 0, nil, &problem{Status: http.StatusUnauthorized, Title: "Unauthorized Request", Detail: "Missing authentication, or failed to authenticate"})
		return
	}
	idempotency := r.Header.Get("Idempotency-Key")
	before, repeated := s.replies[key+" "+idempotency]
	if idempotency == "" || r.Method != http.MethodPost {
		s.route(w, r, p)
		return
	}
	if !repeated || s.Now().Sub(before.at) > keysLast {
		done := httptest.NewRecorder()
		s.route(done, r, p)
		before = reply{done.Code, done.Header(), done.Body.Bytes(), s.Now()}
		s.replies[key+" "+idempotency] = before
	}
	maps.Copy(w.Header(), before.header)
	w.WriteHeader(before.status)
	_, _ = w.Write(before.body)
}

func (s *Server) route(w http.ResponseWriter, r *http.Request, p *profile) {
	status, reported, wrong := s.do(r, p)
	if s.dreams(p) {
		spectest.Lie(w) // a status of tomorrow
	}
	answer(w, status, reported, wrong)
}

func (s *Server) do(r *http.Request, p *profile) (int, any, *problem) {
	path := strings.TrimPrefix(r.URL.Path, "/v2/")
	rest, ofPayment := strings.CutPrefix(path, "payments/")
	id, refunds := strings.CutSuffix(rest, "/refunds")
	found := s.payment(id)
	if ofPayment && (found == nil || found.profile != p) {
		return 0, nil, &problem{Status: http.StatusNotFound, Title: "Not Found", Detail: "No payment exists with token " + id + "."}
	}
	switch asked := r.Method + " " + path; {
	case asked == "GET profiles/me":
		return http.StatusOK, s.profile(p), nil
	case asked == "GET methods":
		return http.StatusOK, s.methods(r.URL.Query()), nil
	case asked == "POST payments":
		return s.makePayment(r, p)
	case asked == "GET payments":
		return http.StatusOK, s.list(p, r.URL.Query()), nil
	case ofPayment && refunds && r.Method == http.MethodPost:
		return s.makeRefund(r, found)
	case ofPayment && refunds:
		return http.StatusOK, s.page("refunds", s.refunds(found), nil), nil
	case ofPayment && r.Method == http.MethodDelete:
		return s.cancel(found)
	case ofPayment && r.Method == http.MethodGet:
		return http.StatusOK, s.with(found, r.URL.Query().Get("embed")), nil
	}
	return 0, nil, &problem{Status: http.StatusNotFound, Title: "Not Found", Detail: "No such endpoint"}
}

func answer(w http.ResponseWriter, status int, reported any, wrong *problem) {
	w.Header().Set("Content-Type", "application/hal+json")
	if wrong != nil {
		e := map[string]any{"status": wrong.Status, "title": wrong.Title, "detail": wrong.Detail, "_links": documentation()}
		if wrong.Field != "" {
			e["field"] = wrong.Field
		}
		status, reported = wrong.Status, e
	}
	w.WriteHeader(status)
	if reported != nil {
		_ = json.NewEncoder(w).Encode(reported)
	}
}

// list follows "List payments": the newest first.
func (s *Server) list(p *profile, query url.Values) map[string]any {
	limit, err := strconv.Atoi(query.Get("limit"))
	if err != nil {
		limit = 50
	}
	from, data, next := query.Get("from"), []any{}, any(nil)
	for i := len(s.payments) - 1; i >= 0; i-- {
		found := s.payments[i]
		if from == found.ID {
			from = ""
		}
		if from != "" || found.profile != p {
			continue
		}
		if len(data) == limit {
			next = s.link("/v2/payments?from=" + found.ID + "&limit=" + strconv.Itoa(limit))
			break
		}
		reported := s.reported(found)
		delete(reported["_links"].(map[string]any), "documentation") // a list has one of its own
		data = append(data, reported)
	}
	return s.page("payments", data, next)
}
