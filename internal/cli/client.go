package cli

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// The bounds of a request: how long it may take, how many bytes its answer may have, and
// how often one that got no answer is sent.
const (
	timeout   = 30 * time.Second
	maxAnswer = 16 << 20
	tries     = 3
)

// server says which server is meant, and how to answer.
type server struct {
	URL   string `default:"http://127.0.0.1:8080" help:"Address of the server."`
	Token string `help:"API token: from Settings → API, or smartlinks token create."`
	JSON  bool   `help:"Print the API's answer as it is, for programs."`
}

// client asks a server, with a token.
type client struct {
	base   *url.URL
	token  string
	random io.Reader
	http   http.Client
}

func (s server) client(to Streams) (*client, error) {
	base, err := url.Parse(strings.TrimSuffix(s.URL, "/"))
	switch {
	case err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.Path != "":
		return nil, Misuse("--url must be a full address without a path, like https://pay.example.com.")
	case s.Token == "":
		return nil, Misuse("Give an API token by --token or SMARTLINKS_TOKEN. Make one under Settings → API, or by `smartlinks token create`.")
	}
	c := &client{base: base, token: s.Token, random: to.Random}
	c.http = http.Client{Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return c, nil
}

// get reads an object or a list.
func (c *client) get(ctx context.Context, path string, query url.Values, into any) (raw []byte, err error) {
	if encoded := query.Encode(); encoded != "" {
		path += "?" + encoded
	}
	return c.ask(ctx, http.MethodGet, path, nil, into)
}

// ask sends a request of the API and reads its answer, which is returned as it came too.
// A POST bears a key of its own, so that one that got no answer is sent again without
// being done twice.
func (c *client) ask(ctx context.Context, method, path string, body, into any) (raw []byte, err error) {
	var text []byte
	if body != nil {
		if text, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	key := make([]byte, 16)
	if _, err := io.ReadFull(c.random, key); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		raw, err = c.send(ctx, method, path, hex.EncodeToString(key), text)
		if !errors.As(err, new(*unreached)) || try == tries || ctx.Err() != nil {
			break
		}
	}
	if err != nil || into == nil {
		return raw, err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return nil, fmt.Errorf("what %s answered can't be read: %w. Is it the address of Smart Links?", c.base, err)
	}
	return raw, nil
}

func (c *client) send(ctx context.Context, method, path, key string, body []byte) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, c.base.String()+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Accept", "application/json")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if method == http.MethodPost {
		r.Header.Set("Idempotency-Key", key)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, &unreached{c.base.String(), err}
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return nil, &unreached{c.base.String(), err}
	}
	if answer.StatusCode >= 300 {
		return nil, refusal(answer, raw)
	}
	return raw, nil
}

// unreached is a request that got no whole answer.
type unreached struct {
	server string
	cause  error
}

func (u *unreached) Unwrap() error { return u.cause }

// Error says what to look at.
func (u *unreached) Error() string {
	var op *net.OpError
	switch {
	case errors.Is(u.cause, context.Canceled):
		return "Stopped. Whether the server did what was asked is not known; look with `smartlinks link list` or `payment list`."
	case errors.As(u.cause, new(*tls.CertificateVerificationError)):
		return u.server + " shows a certificate that is not trusted: " + u.cause.Error() + "."
	case errors.As(u.cause, &op) && op.Op == "dial":
		return u.server + " does not answer: " + op.Err.Error() + ". Is the server running, and is --url right?"
	}
	return u.server + " did not answer: " + u.cause.Error() + "."
}

// flags are what people type for fields that the API calls otherwise.
var flags = map[string]string{
	"amount": "--amount", "amount.value": "--amount", "amount.currency": "--currency", "minimum.value": "--minimum", "minimum.currency": "--currency",
	"limit": "--limit", "limit.max": "--limit", "path": "--path", "starts_at": "--starts", "ends_at": "--ends", "due_on": "--due", "after_payment.redirect_url": "--redirect", "product_id": "--product",
	"percent": "--percent", "max_redemptions": "--max", "coupon_id": "--coupon", "paid_on": "--on", "quantity": "--quantity", "reminders.frequency": "--reminders",
	"status": "--status", "from": "--from", "to": "--until", "deliver": "--by", "channels": "--by", "message": "--message", "tags": "--tag",
}

// refusal turns a problem (RFC 9457) into a sentence: its fields' messages, or its own.
func refusal(answer *http.Response, raw []byte) error {
	var p struct {
		Detail string `json:"detail"`
		Errors []struct {
			Location string `json:"location"`
			Message  string `json:"message"`
		} `json:"errors"`
	}
	if json.Unmarshal(raw, &p) != nil || p.Detail == "" {
		return fmt.Errorf("%s answered %s, which is no answer of Smart Links. Is --url right?", answer.Request.URL.Host, answer.Status)
	}
	if len(p.Errors) == 0 {
		return errors.New(plain(p.Detail))
	}
	var said []string
	for _, e := range p.Errors {
		_, field, _ := strings.Cut(e.Location, ".")
		field, _, _ = strings.Cut(field, "[")
		if flag := flags[field]; flag != "" {
			field = flag
		}
		said = append(said, Sentence(plain(strings.TrimPrefix(field+": "+e.Message, ": "))))
	}
	return errors.New(strings.Join(said, " "))
}
