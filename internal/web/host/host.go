// Package host decides by a request's Host whom it is for: the installation, a business
// at its own domain, or nobody. What it found goes along with the request; nothing else
// reads the header, and no address is ever made from it.
package host

import (
	"context"
	"net/http"
	"net/netip"
	"strings"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
)

// At is the own domain that a request came to.
type At struct {
	Business business.ID
	Host     string
}

type key struct{}

// Of is the own domain that the request came to; false at the installation's addresses.
func Of(r *http.Request) (At, bool) {
	at, is := r.Context().Value(key{}).(At)
	return at, is
}

// Config is what the decision is made by.
type Config struct {
	Addresses address.Book
	// Find is the business whose proven domain a host is.
	Find func(host string) (business.ID, bool)
	// Installation answers at the installation's own addresses, Domain at own domains.
	Installation, Domain http.Handler
}

// always are answered whatever the Host, for those who ask by an address of the machine.
var always = map[string]bool{"/healthz": true, "/readyz": true}

// Handler leads requests to where they belong, and answers 421 (RFC 9110, section
// 15.5.20) to those that belong nowhere here.
func Handler(c Config) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := clean(r.Host)
		switch {
		case always[r.URL.Path], name == c.Addresses.Hostname() && !misled(r, name, c.Find):
			c.Installation.ServeHTTP(w, r)
			return
		}
		if id, is := c.Find(name); is && !misled(r, name, c.Find) {
			c.Domain.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, At{id, name})))
			return
		}
		if local(name) && !misled(r, name, c.Find) {
			c.Installation.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "This server has nothing at that name.", http.StatusMisdirectedRequest)
	})
}

// misled reports whether the connection was made to another name than the request names:
// one certificate must not serve another's pages (domain fronting). Who was asked for no
// name (an IP address) has nobody's own domain.
func misled(r *http.Request, name string, find func(string) (business.ID, bool)) bool {
	if r.TLS == nil {
		return false
	}
	asked := clean(r.TLS.ServerName)
	if asked == name {
		return false
	}
	_, to := find(name)
	_, from := find(asked)
	return to || from || asked != "" && !local(name)
}

// Name is the host that a request names, without its port, in lower case. It is what a
// stranger wrote.
func Name(r *http.Request) string { return clean(r.Host) }

// clean is a host without its port and its last dot, in lower case.
func clean(host string) string {
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		host = host[:i]
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

// local reports whether a name can be nobody's: one of this machine, an IP address, or
// one without a dot, as containers have.
func local(name string) bool {
	if _, err := netip.ParseAddr(name); err == nil {
		return true
	}
	return !strings.Contains(name, ".") || strings.HasSuffix(name, ".localhost")
}
