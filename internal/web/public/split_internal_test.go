package public

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"smartlinks/internal/address"
	"smartlinks/internal/web/public/frame"
)

func TestSegmentsAreDecodedOnce(t *testing.T) {
	for target, want := range map[string]string{
		"/acme/a%2Fb": "acme|a/b", "/acme/a%252Fb": "acme|a%2Fb", "/acme/%2e%2e": "acme|..", "/acme/a+b": "acme|a+b", "/acme/a%20b/": "acme|a b|", "/%61cme": "acme",
		"/acme/%00": "", "/acme/%ff": "", "/acme/%0d%0a": "", "/acme/%C2%85": "", "/" + strings.Repeat("a", 321): "",
	} {
		u, err := url.ParseRequestURI(target)
		if err != nil {
			t.Fatal(err)
		}
		got, err := split(u)
		if strings.Join(got, "|") != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v", target, got, err)
		}
	}
}

// What split takes apart, path puts together, and no segment becomes two on the
// way.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"/", "/acme/a%2Fb", "/acme/a%252Fb", "/acme/..%2f", "/%5c/%2F", "//", "/acme/%", "/acme/%00", "/é/ü", "/a?b#c", "/a;b/c,d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, target string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || !strings.HasPrefix(u.EscapedPath(), "/") {
			return
		}
		segments, err := split(u)
		if err != nil {
			return
		}
		if len(segments) != strings.Count(u.EscapedPath(), "/") {
			t.Fatalf("%q has %d segments", target, len(segments))
		}
		for _, s := range segments {
			if !frame.Plain(s) {
				t.Fatalf("%q has the segment %q", target, s)
			}
		}
		if segments[0] == "" {
			return // no handle: nothing leads there
		}
		again, err := url.ParseRequestURI(address.Under(segments[0], segments[1:]...).String())
		if err != nil {
			t.Fatalf("%q becomes %q: %v", target, address.Under(segments[0], segments[1:]...).String(), err)
		}
		if back, err := split(again); err != nil || strings.Join(back, "\x00") != strings.Join(segments, "\x00") {
			t.Fatalf("%q becomes %q, then %q, %v", target, segments, back, err)
		}
		w := httptest.NewRecorder()
		_ = moved(w, httptest.NewRequest("GET", "/", nil), segments)
		if to := w.Header().Get("Location"); !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
			t.Fatalf("%q leads to %q", target, to)
		}
	})
}
