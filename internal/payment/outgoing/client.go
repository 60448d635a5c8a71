// Package outgoing makes the HTTP clients that ask providers: with time-outs,
// without redirects, and with bounded answers.
package outgoing

import (
	"errors"
	"io"
	"net"
	"net/http"
	"time"
)

const (
	// MaxAnswer bounds the body of an answer in bytes. Providers' largest, a
	// page of a list, have some hundred kilobytes.
	MaxAnswer = 4 << 20
	// timeout bounds a whole exchange; callers give shorter ones by context.
	timeout = 20 * time.Second
)

// ErrTooLarge says that an answer was cut off because it is too long to be one.
var ErrTooLarge = errors.New("the provider's answer is too large")

// Watch notes a question, and returns what notes the answer: its status, 0 where
// none came.
type Watch func() (answered func(status int))

// New returns a client of its own, so that no other part of the program can
// change it. watch may be nil.
func New(watch Watch) *http.Client {
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext, ForceAttemptHTTP2: true,
		MaxIdleConnsPerHost: 16, IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 5 * time.Second,
		ResponseHeaderTimeout: timeout, MaxResponseHeaderBytes: 64 << 10,
	}
	return &http.Client{
		Transport: bounded{transport, watch}, Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// bounded cuts answers off behind MaxAnswer, so that whoever reads them to the
// end needs no more memory than that.
type bounded struct {
	http.RoundTripper
	watch Watch
}

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answered := func(int) {}
	if b.watch != nil {
		answered = b.watch()
	}
	answer, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		answered(0)
	} else {
		answered(answer.StatusCode)
		answer.Body = &body{ReadCloser: answer.Body, left: MaxAnswer}
	}
	return answer, err
}

type body struct {
	io.ReadCloser
	left int64
}

func (b *body) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, ErrTooLarge
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1] // one byte more tells too large from just fitting
	}
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, ErrTooLarge
	}
	return n, err
}
