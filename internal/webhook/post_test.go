package webhook_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"smartlinks/internal/outbound"
	"smartlinks/internal/webhook"
)

func newSecret(t *testing.T) webhook.Secret {
	t.Helper()
	s, err := webhook.NewSecret(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// While a secret is being changed, receivers with the old and with the new one
// both believe the message, and nobody else does.
func TestReceiversVerifyWithTheOldAndTheNewSecret(t *testing.T) {
	old, next, other := newSecret(t), newSecret(t), newSecret(t)
	var header http.Header
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		body, _ = io.ReadAll(r.Body)
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, strings.Repeat("x", 70_000))
	}))
	defer server.Close()
	m := webhook.Message{ID: "evt_1", At: time.Now(), URL: server.URL, Body: []byte(`{"type":"link.created"}`)}
	m.Header = http.Header{"Webhook-Signature": {webhook.Sign(m.ID, m.At, m.Body, next, old)}}
	answer, err := webhook.NewPoster(nil, true).Post(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Status != 503 || len(answer.Body) != webhook.KeptAnswer || answer.RetryAfter != 2*time.Minute {
		t.Errorf("answer: %d, %d bytes, again after %v", answer.Status, len(answer.Body), answer.RetryAfter)
	}
	for _, c := range []struct {
		secret   webhook.Secret
		believed bool
	}{{old, true}, {next, true}, {other, false}} {
		receiver, err := standardwebhooks.NewWebhook(c.secret.Text())
		if err != nil {
			t.Fatal(err)
		}
		if err := receiver.Verify(body, header); (err == nil) != c.believed {
			t.Errorf("believed: want %v, got %v", c.believed, err)
		}
	}
}

func TestRedirectsAreAnswersAndNotFollowed(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("followed") }))
	defer elsewhere.Close()
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	m := webhook.Message{ID: "evt_1", At: time.Now(), URL: server.URL}
	answer, err := webhook.NewPoster(nil, true).Post(t.Context(), m)
	if err != nil || answer.Status != http.StatusTemporaryRedirect {
		t.Errorf("got %d, %v", answer.Status, err)
	}
}

// The name looks public when it is saved and leads to this machine when it is
// dialled.
func TestANameThatTurnsToAPrivateAddressIsNotReached(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	m := webhook.Message{ID: "evt_1", At: time.Now(), URL: "http://rebind.example.com:" + port}
	if why := webhook.CheckURL("https://rebind.example.com:"+port, false); why != "" {
		t.Fatalf("saving: %s", why)
	}
	resolver := loopbackResolver(t)
	if _, err := webhook.NewPoster(resolver, false).Post(t.Context(), m); !errors.Is(err, outbound.ErrPrivate) {
		t.Errorf("refused: got %v", err)
	}
	if _, err := webhook.NewPoster(resolver, true).Post(t.Context(), m); err != nil {
		t.Errorf("allowed: got %v", err)
	}
}

// loopbackResolver says 127.0.0.1 for every name.
func loopbackResolver(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		packet := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(packet)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(packet[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			q := m.Questions[0]
			m.Response, m.Additionals = true, nil
			if q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class},
					Body:   &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}},
				}}
			}
			if answer, err := m.Pack(); err == nil {
				_, _ = conn.WriteTo(answer, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}
