package apitest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// prefix is where the operations are.
const prefix = "/api/v1"

// Checked passes requests on, and reports answers that the document does not describe,
// and requests that were taken although it does not. Answers to what no operation takes
// must be problems.
func Checked(tb testing.TB, next http.Handler) http.Handler {
	tb.Helper()
	d := mustDocument(tb)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, prefix+"/") || strings.HasPrefix(r.URL.Path, prefix+"/openapi") {
			next.ServeHTTP(w, r)
			return
		}
		asked, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(asked))
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		if err := check(d, r, asked, answer); err != nil {
			tb.Errorf("%s %s: %d is not as the document says: %v\nasked %s\nanswered %s", r.Method, r.URL, answer.Code, err, asked, answer.Body)
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

func check(d *openapi3.T, r *http.Request, asked []byte, answer *httptest.ResponseRecorder) error {
	address := r.URL
	if as := answer.Header().Get("Content-Location"); as != "" { // one address can't have two answers in the document
		address = &url.URL{Path: as}
	}
	o := operationOf(d, r.Method, address)
	if o == nil || r.Method == http.MethodHead || r.Method == http.MethodOptions {
		if answer.Code < http.StatusBadRequest && r.Method != http.MethodHead && r.Method != http.MethodOptions {
			return fmt.Errorf("it knows no such operation")
		}
		return nil
	}
	taken := answer.Code < http.StatusBadRequest
	// Each of many links is judged by itself.
	if taken && o.RequestBody != nil && len(asked) > 0 && o.OperationID != "create-links" && o.RequestBody.Value.Content["application/json"] != nil && strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		if err := visit(o.RequestBody.Value.Content.Get("application/json"), asked, openapi3.VisitAsRequest()); err != nil {
			return fmt.Errorf("the request was taken: %w", err)
		}
	}
	described := o.Responses.Value(strconv.Itoa(answer.Code))
	if described == nil && !taken {
		described = o.Responses.Default()
	}
	if described == nil {
		return fmt.Errorf("it knows no such status")
	}
	content := described.Value.Content
	if len(content) == 0 {
		if answer.Body.Len() > 0 {
			return fmt.Errorf("there is a body")
		}
		return nil
	}
	kind, _, _ := strings.Cut(answer.Header().Get("Content-Type"), ";")
	if content.Get(kind) == nil {
		return fmt.Errorf("it knows no %q here", kind)
	}
	return visit(content.Get(kind), answer.Body.Bytes(), openapi3.VisitAsResponse())
}

func visit(content *openapi3.MediaType, text []byte, as openapi3.SchemaValidationOption) error {
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return err
	}
	// To programs of PayRequest a problem tells the same once more, in their words.
	if problem, is := value.(map[string]any); is && problem["error"] != nil && problem["success"] == false {
		for _, name := range []string{"success", "error", "errors"} {
			delete(problem, name)
		}
	}
	return content.Schema.Value.VisitJSON(value, as)
}

// operationOf is the operation that a request is for: the one whose path has the most
// segments word for word.
func operationOf(d *openapi3.T, method string, address *url.URL) *openapi3.Operation {
	segments := strings.Split(strings.TrimPrefix(address.EscapedPath(), prefix), "/")
	var found *openapi3.Operation
	most := -1
	for path, item := range d.Paths.Map() {
		alike := 0
		ours := strings.Split(path, "/")
		if len(ours) != len(segments) {
			continue
		}
		for i, s := range ours {
			switch {
			case s == segments[i]:
				alike++
			case !strings.HasPrefix(s, "{"):
				alike = -1000
			}
		}
		if alike > most {
			found, most = item.GetOperation(method), alike
		}
	}
	return found
}
