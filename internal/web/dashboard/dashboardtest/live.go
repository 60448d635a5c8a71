package dashboardtest

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Follow opens the stream of a link and returns its lines.
func (b *Browser) Follow(path string) (lines <-chan string, leave func()) {
	b.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	got, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	if got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != "text/event-stream" {
		b.t.Fatalf("the stream is answered %d %s", got.StatusCode, got.Header.Get("Content-Type"))
	}
	out := make(chan string)
	go func() {
		defer close(out)
		defer func() { _ = got.Body.Close() }()
		for in := bufio.NewScanner(got.Body); in.Scan(); {
			select {
			case out <- in.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return out, cancel
}

// Expect reads until a line that begins so.
func Expect(t testing.TB, lines <-chan string, start string) {
	t.Helper()
	for {
		select {
		case line, open := <-lines:
			if !open {
				t.Fatalf("the stream ended before %q", start)
			}
			if strings.HasPrefix(line, start) {
				return
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("no %q within ten seconds", start)
		}
	}
}
