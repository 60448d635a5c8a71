package public_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public/publictest"
)

// Opening a link that is known, with its view stored: what a crowd does.
func BenchmarkOpen(b *testing.B) {
	s := publictest.MustSite(b, dbtest.SQLite(b), "http")
	l := s.MustLink(link.Fields{Name: "Concert"})
	b.ReportAllocs()
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/acme/"+l.Path, nil)
			r.Host = "127.0.0.1"
			r.Header.Set("User-Agent", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36")
			w := httptest.NewRecorder()
			s.Handler.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				b.Errorf("the page answers %d", w.Code)
				return
			}
		}
	})
}
