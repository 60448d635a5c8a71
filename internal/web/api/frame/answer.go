package frame

import (
	"bytes"
	"net/http"
)

// answer is a response that is kept before it is sent.
type answer struct {
	status int
	header http.Header
	Body   bytes.Buffer
}

func NewAnswer() *answer { return &answer{header: http.Header{}} }

// Header implements http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

// Write implements http.ResponseWriter.
func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.Body.Write(p)
}

// Send passes the answer on.
func (a *answer) Send(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	a.WriteHeader(http.StatusOK)
	w.WriteHeader(a.status)
	// The program is gone when this fails, and nothing is left to do.
	_, _ = w.Write(a.Body.Bytes())
}
