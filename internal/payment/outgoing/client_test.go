package outgoing_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"testing"

	"smartlinks/internal/payment/outgoing"
)

func serve(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server.URL
}

func TestAnAnswerThatJustFitsIsReadWhole(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, outgoing.MaxAnswer)) })
	answer, err := outgoing.New(nil).Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if n, err := io.Copy(io.Discard, answer.Body); n != outgoing.MaxAnswer || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
}

// An answer of 100 MB costs no more memory than the largest that is allowed.
func TestAHugeAnswerIsCutOffAndCostsNoMemory(t *testing.T) {
	block := bytes.Repeat([]byte(" "), 1<<20)
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		for range 100 {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})
	client := outgoing.New(nil)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	answer, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	runtime.ReadMemStats(&after)
	if !errors.Is(err, outgoing.ErrTooLarge) || len(body) > outgoing.MaxAnswer+1 {
		t.Errorf("%d bytes were read, %v", len(body), err)
	}
	// io.ReadAll grows by copying, so all it ever took is some times the bound.
	if took := after.TotalAlloc - before.TotalAlloc; took > 10*outgoing.MaxAnswer {
		t.Errorf("it took %d MB", took>>20)
	}
}

// Where a provider points to is not asked, and does not see the key.
func TestRedirectsAreNotFollowed(t *testing.T) {
	elsewhere := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the other server was asked") })
	url := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere, http.StatusFound) })
	answer, err := outgoing.New(nil).Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusFound {
		t.Errorf("status %d", answer.StatusCode)
	}
}

func TestEachAnswerIsWatched(t *testing.T) {
	var heard []int
	client := outgoing.New(func() func(int) { return func(status int) { heard = append(heard, status) } })
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	for _, address := range []string{url, "http://127.0.0.1:1"} {
		if answer, err := client.Get(address); err == nil {
			_ = answer.Body.Close()
		}
	}
	if !slices.Equal(heard, []int{http.StatusTeapot, 0}) {
		t.Errorf("heard of the answers %v", heard)
	}
}
