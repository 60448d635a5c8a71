package ui

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func get(t *testing.T, handler http.Handler, url, encoding string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, url, nil)
	request.Header.Set("Accept-Encoding", encoding)
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	return answer
}

func TestAssetsAreServedForEverAndOnlyUnderTheirHash(t *testing.T) {
	static := Static()
	for name, a := range own().names {
		answer := get(t, static, Asset(name), "")
		if answer.Code != http.StatusOK || !bytes.Equal(answer.Body.Bytes(), a.body) {
			t.Errorf("%s: %d with %d bytes", name, answer.Code, answer.Body.Len())
		}
		if !strings.Contains(answer.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s may not be cached: %v", name, answer.Header())
		}
	}
	for _, url := range []string{"/static/app.css", "/static/", "/static/app.000000000000.css", "/static/../assets.go"} {
		if answer := get(t, static, url, ""); answer.Code != http.StatusNotFound {
			t.Errorf("%s: %d", url, answer.Code)
		}
	}
}

func TestCompressedAssetsAreTheSame(t *testing.T) {
	answer := get(t, Static(), Asset("app.css"), "br, gzip;q=0.8")
	if answer.Header().Get("Content-Encoding") != "gzip" || answer.Header().Get("Vary") != "Accept-Encoding" {
		t.Fatalf("not compressed: %v", answer.Header())
	}
	reader, err := gzip.NewReader(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(body, own().names["app.css"].body) {
		t.Error("the compressed stylesheet differs")
	}
}

func TestGzipIsSentOnlyToThoseWhoTakeIt(t *testing.T) {
	for header, want := range map[string]bool{"": false, "gzip": true, "br, GZIP": true, "gzip;q=0": false, "gzip; q=0.5": true, "br": false, "x-gzip": false} {
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.Header.Set("Accept-Encoding", header)
		if got := acceptsGzip(request); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}

func TestStylesheetNamesTheFontAsItIsServed(t *testing.T) {
	font := strings.TrimPrefix(Asset("inter.woff2"), staticPrefix)
	if !bytes.Contains(own().names["app.css"].body, []byte(font)) {
		t.Errorf("app.css does not name %s", font)
	}
}

// The stylesheet is a fifth of what a payment page may weigh.
func TestPayerStylesheetStaysSmall(t *testing.T) {
	sheet := PaySheet("#0e5a5c")
	if size := len(compress(sheet)); size > 6<<10 {
		t.Errorf("the stylesheet of payer pages has %d bytes compressed", size)
	}
}

// A list, the books and a payment are printed from their pages: without the sidebar, which
// would take a third of the paper, and dark on white also for who reads light on dark.
func TestPagesAreMadeForPaper(t *testing.T) {
	style := string(own().names["app.css"].body)
	_, print, found := strings.Cut(style, "@media print{")
	if !found {
		t.Fatal("nothing is said of paper")
	}
	print, _, _ = strings.Cut(print, "@media (min-width:")
	for _, want := range []string{".sidebar-fixed", "display:none!important", "--color-base-content:#000", ".table-scroll{overflow:visible}"} {
		if !strings.Contains(print, want) {
			t.Errorf("%s is missing: %.600s", want, print)
		}
	}
}
