// Package linetest breaks the line between us and a stand-in for a provider, on
// demand: time-outs, lost answers, and answers that no provider should give.
package linetest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
)

// Fault is one way in which an exchange goes wrong.
type Fault string

// The faults. All but the first two answer something; Lost and what follows
// happen after the provider has done what it was asked.
const (
	Silent    Fault = "silent"    // never answers; nothing is done
	TooMany   Fault = "429"       // nothing is done
	Lost      Fault = "lost"      // the connection is cut after it was done
	Broken    Fault = "500"       // an answer that says nothing
	HTML      Fault = "html"      // a page of something in between
	Truncated Fault = "truncated" // JSON that ends half-way
	Huge      Fault = "huge"      // 100 MB
)

// Faults are all of them.
func Faults() []Fault { return []Fault{Silent, TooMany, Lost, Broken, HTML, Truncated, Huge} }

// Line is a connection that can be broken. The zero value works well.
type Line struct {
	mu     sync.Mutex
	faults []Fault
}

// Break makes the next exchanges go wrong, one after another.
func (l *Line) Break(faults ...Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faults = append(l.faults, faults...)
}

// Mend ends all faults.
func (l *Line) Mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faults = nil
}

func (l *Line) next() Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.faults) == 0 {
		return ""
	}
	f := l.faults[0]
	l.faults = l.faults[1:]
	return f
}

// Through puts the line before a provider.
func (l *Line) Through(provider http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch fault := l.next(); fault {
		case "":
			provider.ServeHTTP(w, r)
		case Silent:
			_, _ = io.Copy(io.Discard, r.Body) // only then is a caller who gives up noticed
			<-r.Context().Done()
		case TooMany:
			w.Header().Set("Retry-After", "1")
			http.Error(w, `{"error":{"type":"rate_limit_error","message":"Too many requests."},"status":429,"title":"Too Many Requests"}`, http.StatusTooManyRequests)
		default:
			done := httptest.NewRecorder()
			provider.ServeHTTP(done, r)
			spoil(w, fault, done)
		}
	})
}

// spoil answers something else than what the provider did.
func spoil(w http.ResponseWriter, fault Fault, done *httptest.ResponseRecorder) {
	switch fault {
	case Lost:
		panic(http.ErrAbortHandler)
	case Broken:
		http.Error(w, `{"error":{"type":"api_error","message":"Something went wrong."},"status":500,"title":"Internal Server Error"}`, http.StatusInternalServerError)
	case HTML:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte("<!doctype html><title>Attention required</title>"))
	case Truncated:
		body := done.Body.Bytes()
		w.WriteHeader(done.Code)
		_, _ = w.Write(body[:len(body)/2])
	case Huge:
		huge(w, done.Body.Bytes())
	}
}

// huge pads a right answer to 100 MB.
func huge(w http.ResponseWriter, body []byte) {
	const size, step = 100 << 20, 1 << 20
	w.Header().Set("Content-Length", strconv.Itoa(size+len(body)))
	blank := bytes.Repeat([]byte(" "), step)
	for range size / step {
		if _, err := w.Write(blank); err != nil {
			return // they have had enough
		}
	}
	_, _ = w.Write(body)
}
