package payrequest

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/web/api/frame"
)

// InItsShape answers businesses that come from PayRequest as it did: GET /payments
// is led to the operation that lists them so, because one address can't have two in
// the document, and errors get PayRequest's members.
func InItsShape(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !frame.CallerOf(r.Context()).Business.PayRequest {
			next.ServeHTTP(w, r)
			return
		}
		if r.Method == http.MethodGet && r.URL.Path == frame.Prefix+"/payments" {
			r = r.Clone(r.Context())
			r.URL.Path = frame.Prefix + itsPayments
			// What this is a representation of (RFC 9110, section 8.7).
			w.Header().Set("Content-Location", r.URL.Path)
		}
		itsErrors(next).ServeHTTP(w, r)
	})
}

// refusal is a problem with what PayRequest tells of errors beside it. The mistakes
// take the place of the problem's own, which have the same name.
type refusal struct {
	Type    string              `json:"type" doc:"Always about:blank: code tells errors apart."`
	Title   string              `json:"title"`
	Status  int                 `json:"status"`
	Code    fault.Code          `json:"code"`
	Detail  string              `json:"detail" doc:"What to do, for people."`
	Success bool                `json:"success" doc:"Always false."`
	Error   string              `json:"error" doc:"As detail."`
	Errors  map[string][]string `json:"errors" nullable:"false" doc:"What is wrong, by field."`
}

// ofPayRequest is an operation of PayRequest's, whose problems have its shape too.
func ofPayRequest(o frame.Operation) frame.Operation {
	o.Group, o.Problem = frame.GroupPayRequest, reflect.TypeFor[refusal]()
	return o
}

// itsErrors adds PayRequest's members to the problems of the handler.
func itsErrors(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kept := frame.NewAnswer()
		next.ServeHTTP(kept, r)
		var p frame.Problem
		if kept.Header().Get("Content-Type") == p.ContentType("") && json.Unmarshal(kept.Body.Bytes(), &p) == nil {
			kept.Body.Reset()
			kept.Header().Del("Content-Length")
			// A problem that was JSON is JSON again.
			_ = json.NewEncoder(&kept.Body).Encode(refusalOf(p))
		}
		kept.Send(w)
	})
}

func refusalOf(p frame.Problem) refusal {
	r := refusal{Type: p.Type, Title: p.Title, Status: p.Status, Code: p.Code, Detail: p.Detail, Error: p.Detail, Errors: map[string][]string{}}
	for _, m := range p.Errors {
		_, field, within := strings.Cut(m.Location, ".")
		if !within {
			field = m.Location
		}
		r.Errors[field] = append(r.Errors[field], m.Message)
	}
	return r
}
