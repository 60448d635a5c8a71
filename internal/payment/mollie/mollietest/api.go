package mollietest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"time"
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
		before = reply{done.Code, done.Body.Bytes(), s.Now()}
		s.replies[key+" "+idempotency] = before
	}
	w.WriteHeader(before.status)
	_, _ = w.Write(before.body)
}

func (s *Server) route(w http.ResponseWriter, r *http.Request, p *profile) {
	status, told, wrong := s.do(r, p)
	answer(w, status, told, wrong)
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
		return http.StatusOK, map[string]any{"resource": "profile", "id": p.ID, "mode": p.Mode, "name": p.Name}, nil
	case asked == "GET methods":
		return http.StatusOK, map[string]any{"_embedded": map[string]any{"methods": []any{
			map[string]any{"id": "ideal"}, map[string]any{"id": "creditcard"}, map[string]any{"id": "banktransfer"},
		}}}, nil
	case asked == "POST payments":
		return s.makePayment(r, p)
	case asked == "GET payments":
		return http.StatusOK, s.list(p, r.URL.Query()), nil
	case ofPayment && refunds && r.Method == http.MethodPost:
		return s.makeRefund(r, found)
	case ofPayment && refunds:
		return http.StatusOK, map[string]any{"count": len(found.refunds), "_embedded": map[string]any{"refunds": found.refunds}}, nil
	case ofPayment && r.Method == http.MethodDelete:
		return s.cancel(found)
	case ofPayment && r.Method == http.MethodGet:
		return http.StatusOK, s.told(found), nil
	}
	return 0, nil, &problem{Status: http.StatusNotFound, Title: "Not Found", Detail: "No such endpoint"}
}

func answer(w http.ResponseWriter, status int, told any, wrong *problem) {
	w.Header().Set("Content-Type", "application/hal+json")
	if wrong != nil {
		status, told = wrong.Status, map[string]any{"status": wrong.Status, "title": wrong.Title, "detail": wrong.Detail, "field": wrong.Field}
	}
	w.WriteHeader(status)
	if told != nil {
		_ = json.NewEncoder(w).Encode(told)
	}
}

// list follows "List payments": the newest first.
func (s *Server) list(p *profile, query url.Values) map[string]any {
	limit, err := strconv.Atoi(query.Get("limit"))
	if err != nil {
		limit = 50
	}
	from, data, links := query.Get("from"), []any{}, map[string]any{"next": nil}
	for i := len(s.payments) - 1; i >= 0; i-- {
		found := s.payments[i]
		if from == found.ID {
			from = ""
		}
		if from != "" || found.profile != p {
			continue
		}
		if len(data) == limit {
			links["next"] = map[string]any{"href": s.URL + "/v2/payments?from=" + found.ID + "&limit=" + strconv.Itoa(limit)}
			break
		}
		data = append(data, s.told(found))
	}
	return map[string]any{"count": len(data), "_embedded": map[string]any{"payments": data}, "_links": links}
}
