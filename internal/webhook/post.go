package webhook

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"smartlinks/internal/outbound"
)

const (
	// Timeout is how long an endpoint may take for its whole answer.
	Timeout = 15 * time.Second
	// KeptAnswer is how many bytes of an answer are read and kept.
	KeptAnswer = 64 << 10
)

// Poster posts messages to endpoints. It is safe for concurrent use.
type Poster struct{ client *http.Client }

// Message is one event for one endpoint, or a callback.
type Message struct {
	ID     string    // the same in every try, so that receivers see doubles
	At     time.Time // wall time of this try; receivers refuse old ones
	URL    string
	Body   []byte
	Header http.Header // beside those that every message has
}

// Answer is what an endpoint said, read up to KeptAnswer bytes.
type Answer struct {
	Status     int
	Body       []byte
	RetryAfter time.Duration // 0 where it asked for none
}

// Taken reports whether the endpoint said that it has the event: any 2xx.
func (a Answer) Taken() bool { return a.Status >= 200 && a.Status < 300 }

// NewPoster returns a poster that asks the resolver for names (nil: the system's) and,
// unless allowed, reaches public addresses alone.
func NewPoster(resolver *net.Resolver, allowPrivate bool) *Poster {
	return &Poster{outbound.Client{Timeout: Timeout, Header: KeptAnswer, Resolver: resolver, Private: allowPrivate}.New()}
}

// Post sends a message. An answer of any status is an answer; an error means that
// none came.
func (p *Poster) Post(ctx context.Context, m Message) (Answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL, bytes.NewReader(m.Body))
	if err != nil {
		return Answer{}, fmt.Errorf("webhook: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	for name, values := range m.Header {
		r.Header[name] = values
	}
	r.Header.Set("User-Agent", "SmartLinks-Webhooks")
	r.Header.Set("Webhook-Id", m.ID)
	r.Header.Set("Webhook-Timestamp", strconv.FormatInt(m.At.Unix(), 10))
	answer, err := p.client.Do(r)
	if err != nil {
		return Answer{}, fmt.Errorf("webhook: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	// The status counts even where the rest of the answer is cut off.
	body, _ := io.ReadAll(io.LimitReader(answer.Body, KeptAnswer))
	return Answer{answer.StatusCode, body, retryAfter(answer.Header.Get("Retry-After"), m.At)}, nil
}

// retryAfter reads seconds or a date (RFC 9110, section 10.2.3).
func retryAfter(text string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
