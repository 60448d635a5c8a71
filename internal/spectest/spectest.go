// Package spectest holds our clients and our stand-ins for others to the documents
// in which those others describe their APIs. The documents are not ours, so they are
// no part of the repository: SMARTLINKS_SPECS names the folder that has them. Without
// it nothing is held, and the tests say so once.
package spectest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Folder is the environment variable that names the folder of the documents.
const Folder = "SMARTLINKS_SPECS"

// The documents that are known, by their files.
const (
	Mollie = "mollie.json" // OpenAPI 3.1, from github.com/mollie/openapi
	Twilio = "twilio.json" // OpenAPI 3.0, from github.com/twilio/twilio-oai
)

// lying is the header of an answer that is wrong on purpose.
const lying = "X-Wrong-On-Purpose"

// Lie says that the answer is wrong on purpose: no document would have it.
func Lie(w http.ResponseWriter) { w.Header().Set(lying, "yes") }

// Line lies between callers and a provider, and may break.
type Line interface {
	Through(provider http.Handler) http.Handler
}

// Hold puts a stand-in behind a line, and fails the test for every request and for
// every answer that the document doesn't have. A request is looked at before the line,
// an answer behind it: what the line makes of that is nobody's word. A document that
// can't be read fails the test.
func Hold(tb testing.TB, document string, line Line, provider http.Handler) http.Handler {
	tb.Helper()
	d := open(tb, document)
	if d == nil {
		return line.Through(provider)
	}
	behind := line.Through(d.answers(tb, provider))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the caller is gone
		}
		for _, wrong := range d.request(r, body) {
			tb.Errorf("%s refuses the request %s %s: %s\n%s", document, r.Method, r.URL.RequestURI(), wrong, short(body))
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		behind.ServeHTTP(w, r)
	})
}

func (d *document) answers(tb testing.TB, provider http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		done := httptest.NewRecorder()
		provider.ServeHTTP(done, r)
		deliberate := done.Header().Get(lying) != ""
		done.Header().Del(lying)
		if !deliberate {
			for _, wrong := range d.answer(r, done.Code, done.Header(), done.Body.Bytes()) {
				tb.Errorf("%s refuses the answer %d to %s %s: %s\n%s", d.name, done.Code, r.Method, r.URL.RequestURI(), wrong, short(done.Body.Bytes()))
			}
		}
		for name, values := range done.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(done.Code)
		_, _ = w.Write(done.Body.Bytes())
	})
}

// short is as much of a body as helps to see what is meant.
func short(body []byte) string {
	const most = 600
	if len(body) <= most {
		return string(body)
	}
	return string(body[:most]) + "…"
}

// opened are the documents that were read, one time each.
var opened sync.Map // of func() (*document, error), by path

// silent says once that nothing is held.
var silent sync.Once

func open(tb testing.TB, name string) *document {
	tb.Helper()
	folder := os.Getenv(Folder)
	if folder == "" {
		silent.Do(func() { tb.Logf("%s is not set: stand-ins are not held to the official documents", Folder) })
		return nil
	}
	path := filepath.Join(folder, name)
	read, _ := opened.LoadOrStore(path, sync.OnceValues(func() (*document, error) { return load(path) }))
	d, err := read.(func() (*document, error))()
	if err != nil {
		tb.Fatalf("%s: %v", Folder, err)
	}
	return d
}
