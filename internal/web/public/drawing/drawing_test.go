package drawing_test

import (
	"fmt"
	"net/http"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/public"
	"smartlinks/internal/web/public/publictest"
)

// Codes with a logo, posters and cards take long to draw. What was drawn is kept for
// everybody, and one network has not many drawn at once.
func TestOneNetworkHasFewPicturesDrawn(t *testing.T) {
	s := publictest.MustSiteWith(t, dbtest.SQLite(t), "http", func(c *public.Config) { c.Limits = true })
	s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	ask := func(method, path, from string) publictest.Page {
		return s.Ask(method, "/acme/sale/"+path, nil, "X-Forwarded-For", from)
	}
	const crowd, neighbour = "198.51.100.7", "198.51.100.8"
	for range 100 {
		if got := ask("GET", "qr.png?logo=1&size=64", crowd); got.StatusCode != http.StatusOK {
			t.Fatalf("asked again, a code is drawn again: %d", got.StatusCode)
		}
	}
	drawn := 1
	var got publictest.Page
	for ; drawn < 500; drawn++ { // one comes back every second, however slow we are
		if got = ask("GET", fmt.Sprintf("qr.png?logo=1&size=%d", 64+drawn), crowd); got.StatusCode != http.StatusOK {
			break
		}
	}
	if got.StatusCode != http.StatusTooManyRequests || got.Header.Get("Retry-After") == "" || got.Header.Get("ETag") != "" || got.Header.Get("Cache-Control") != "no-store" || drawn < 40 || drawn > 100 {
		t.Errorf("%d are drawn, then %d %v", drawn, got.StatusCode, got.Header)
	}
	ask("GET", "qr.png?logo=1&size=1000", crowd) // takes what came back meanwhile
	for path, status := range map[string]int{
		"qr.png?logo=1&size=64": 200, // kept
		"qr.png?size=1001":      200, // costs a millisecond
		"qr.svg":                200,
	} {
		if got := ask("GET", path, crowd); got.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, got.StatusCode, status)
		}
	}
	refused := 0
	for _, path := range []string{"qr.svg?logo=1", "qr.pdf?logo=1", "qr.pdf?size=a4", "qr.pdf?size=a6&lang=ar", "card.png", "card.png?lang=ar"} {
		if ask("GET", path, crowd).StatusCode == http.StatusTooManyRequests {
			refused++
		}
		if got := ask("GET", path, neighbour); got.StatusCode != http.StatusOK {
			t.Errorf("%s for a neighbour: %d", path, got.StatusCode)
		}
	}
	if refused < 4 { // some seconds may have passed
		t.Errorf("%d of 6 other pictures are refused", refused)
	}
}

// A HEAD draws nothing: it says how long a file is if one is kept, and what else is known.
func TestHeadDrawsNoPictures(t *testing.T) {
	s := publictest.MustSiteWith(t, dbtest.SQLite(t), "http", func(c *public.Config) { c.Limits = true })
	s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	for i := range 200 {
		got := s.Ask("HEAD", fmt.Sprintf("/acme/sale/qr.png?logo=1&size=%d", 64+i), nil)
		if got.StatusCode != http.StatusOK || got.Header.Get("Content-Length") != "" || got.Header.Get("ETag") == "" || got.Header.Get("Content-Type") != "image/png" {
			t.Fatalf("HEAD %d: %d %v", i, got.StatusCode, got.Header)
		}
	}
	for _, path := range []string{"qr.png?logo=1", "qr.svg?logo=1", "qr.pdf?size=a5", "card.png", "qr.png", "qr.svg", "qr.pdf"} {
		whole := s.Get("/acme/sale/" + path)
		head := s.Ask("HEAD", "/acme/sale/"+path, nil)
		for _, name := range []string{"Content-Length", "Content-Type", "Cache-Control", "ETag", "Content-Disposition"} {
			if head.Header.Get(name) != whole.Header.Get(name) {
				t.Errorf("%s: %s is %q, of the file %q", path, name, head.Header.Get(name), whole.Header.Get(name))
			}
		}
		if head.ContentLength != int64(len(whole.Body)) {
			t.Errorf("%s: %d bytes, of the file %d", path, head.ContentLength, len(whole.Body))
		}
	}
	if got := s.Ask("HEAD", "/acme/sale/qr.png?logo=1&size=2001", nil); got.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a size that there isn't: %d", got.StatusCode)
	}
}

// What is kept is never another's, nor what was shown before a change.
func TestPicturesAreDrawnAnewWhenTheyChange(t *testing.T) {
	s := publictest.MustSite(t, dbtest.SQLite(t), "http")
	l := s.MustLink(link.Fields{Name: "Sale", Path: "sale"})
	s.MustLink(link.Fields{Name: "Other", Path: "other"})
	poster := s.Get("/acme/sale/qr.pdf?size=a6").Body
	for _, path := range []string{"/acme/other/qr.pdf?size=a6", "/acme/sale/qr.pdf?size=a5", "/acme/sale/qr.pdf?size=a6&lang=nl", "/acme/sale/qr.pdf?logo=1"} {
		if s.Get(path).Body == poster {
			t.Errorf("%s is another's", path)
		}
	}
	if s.Get("/acme/sale/qr.png?logo=1&size=300").Body == s.Get("/acme/other/qr.png?logo=1&size=300").Body {
		t.Error("the code of another link")
	}
	name := "Summer"
	if _, err := s.Links.Edit(t.Context(), s.Business, l.ID, 0, func(f *link.Fields) { f.Name = name }); err != nil {
		t.Fatal(err)
	}
	publictest.Eventually(t, "the new name", func() bool { return s.Get("/acme/sale/qr.pdf?size=a6").Body != poster })
}
