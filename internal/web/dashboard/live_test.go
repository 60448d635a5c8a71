package dashboard_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
)

// follow opens the stream of a link and returns its lines.
func (b *browser) follow(path string) (lines <-chan string, leave func()) {
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

// expect reads until a line that begins so.
func expect(t testing.TB, lines <-chan string, start string) {
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

func TestLivePageHearsOfItsLinkOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		acme := s.business(t, "acme", "marit@example.com")
		l, other := s.link(t, acme, link.Draft{}), s.link(t, acme, link.Draft{})
		b := s.signedIn(t, "marit@example.com")
		heard := true
		for range 3 { // at first the line between processes tells that anything may have changed
			lines, leave := b.follow("/dashboard/acme/links/" + string(l.ID) + "/live")
			defer leave()
			expect(t, lines, "retry:")
			expect(t, lines, "") // the end of the first event
			notify(t, d, string(other.ID))
			select {
			case <-lines:
				continue
			case <-time.After(200 * time.Millisecond):
			}
			heard = false
			notify(t, d, string(l.ID))
			expect(t, lines, "event: activity")
			break
		}
		if heard {
			t.Error("each of three pages hears of another link")
		}
	})
}

func notify(t testing.TB, d *db.DB, linkID string) {
	t.Helper()
	err := d.InTx(context.Background(), func(tx *db.Tx) error {
		tx.Notify("activity", linkID)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLivePagesEndWithTheServer(t *testing.T) {
	s := newSite(t, dbtest.SQLite(t))
	acme := s.business(t, "acme", "marit@example.com")
	l := s.link(t, acme, link.Draft{})
	lines, leave := s.signedIn(t, "marit@example.com").follow("/dashboard/acme/links/" + string(l.ID) + "/live")
	defer leave()
	expect(t, lines, "retry:")
	s.Dashboard.Close()
	for {
		select {
		case _, open := <-lines:
			if !open {
				return
			}
		case <-time.After(10 * time.Second):
			t.Fatal("the stream outlives the server")
		}
	}
}
