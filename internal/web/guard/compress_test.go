package guard_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/web/guard"
)

func TestPagesAreCompressedForWhoeverTakesIt(t *testing.T) {
	page := strings.Repeat("<li>a row of a list</li>", 500)
	handler, err := guard.Compress(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/stream" {
			w.Header().Set("Content-Type", "text/event-stream")
			if err := http.NewResponseController(w).SetWriteDeadline(time.Time{}); err != nil {
				t.Errorf("a live page can't move its deadline: %v", err)
			}
		} else {
			w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		}
		_, _ = io.WriteString(w, page[:min(len(page), 24*max(1, len(r.URL.Query().Get("rows"))*500))])
	}))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	for name, c := range map[string]struct {
		path, accepts string
		compressed    bool
	}{
		"page":                {"/?rows=x&type=text/html%3B+charset=utf-8", "gzip, deflate, br, zstd", true},
		"file of a list":      {"/?rows=x&type=text/csv", "gzip", true},
		"who does not ask":    {"/?rows=x&type=text/html", "", false},
		"who refuses":         {"/?rows=x&type=text/html", "gzip;q=0", false},
		"small":               {"/?type=text/html", "gzip", false},
		"picture":             {"/?rows=x&type=image/png", "gzip", false},
		"versions of the API": {"/?rows=x&type=application/json", "gzip", false},
		"live":                {"/stream?rows=x", "gzip", false},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", c.accepts)
		got, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(got.Body)
		got.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if is := got.Header.Get("Content-Encoding") == "gzip"; is != c.compressed {
			t.Errorf("%s: Content-Encoding is %q", name, got.Header.Get("Content-Encoding"))
			continue
		}
		if !c.compressed {
			continue
		}
		plain, err := gzip.NewReader(strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		whole, err := io.ReadAll(plain)
		if err != nil || string(whole) != page || len(body) > len(page)/4 || !strings.Contains(got.Header.Get("Vary"), "Accept-Encoding") {
			t.Errorf("%s: %d of %d bytes, Vary %q, %v", name, len(body), len(page), got.Header.Get("Vary"), err)
		}
	}
}
