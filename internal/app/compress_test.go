package app

import (
	"net/http"
	"testing"
)

// The pages and lists of the whole server are compressed; what is not one of them isn't.
func TestPagesOfTheServerAreCompressed(t *testing.T) {
	w := mustWhole(t, true)
	for path, compressed := range map[string]bool{
		"/atelier/seat": true, "/sign-in": true, "/api/docs": true, "/atelier/seat/qr.svg": true, "/atelier/nothing-here": true,
		"/atelier/seat/qr.png": false, "/healthz": false,
	} {
		got := w.ask(http.MethodGet, path, nil, "Accept-Encoding", "gzip, br")
		if is := got.Header().Get("Content-Encoding") == "gzip"; is != compressed {
			t.Errorf("%s answers %d with %q, %d bytes of %s", path, got.Code, got.Header().Get("Content-Encoding"), got.Body.Len(), got.Header().Get("Content-Type"))
		}
	}
}
