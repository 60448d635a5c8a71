package outbound

import (
	"net"
	"net/http"
	"time"
)

// Client says how a client asks where strangers make us ask.
type Client struct {
	// Timeout bounds a whole answer, and each step towards it.
	Timeout time.Duration
	// Header bounds the header of an answer, in bytes.
	Header int64
	// Resolver finds the addresses of names; nil is the system's.
	Resolver *net.Resolver
	// Private lets it reach this machine and the network around it.
	Private bool
}

// New returns the client. It follows no redirect, uses no proxy and, unless Private, dials
// no private address. That is checked behind the resolver, on the very address that is
// dialled, so that a name cannot change in between. Bodies are the caller's to bound.
func (c Client) New() *http.Client {
	dialer := &net.Dialer{Timeout: c.Timeout, Resolver: c.Resolver}
	if !c.Private {
		dialer.Control = OnlyPublic
	}
	return &http.Client{
		Timeout: c.Timeout,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: c.Timeout, MaxResponseHeaderBytes: c.Header,
			// A connection that is not kept is dialled, and checked, anew; and answers are
			// not unpacked, which could make much of little.
			DisableKeepAlives: true, DisableCompression: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
